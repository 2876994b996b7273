"""Lists that the Prefect server returns a page at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

PAGE = 200
"""The server's most entries of a page."""

Read = TypeVar("Read")


async def pages(read: Callable[..., Awaitable[list[Read]]], size: int, **chosen: Any) -> AsyncIterator[list[Read]]:
    """Yield page after page of `read`.

    The server's default order is by ids, which new entries don't change.
    """
    offset = 0
    while page := await read(**chosen, limit=size, offset=offset):
        yield page
        if len(page) < size:
            return
        offset += size


async def read_all(read: Callable[..., Awaitable[list[Read]]], **chosen: Any) -> list[Read]:
    """Return all entries of `read`, in one list."""
    return [each async for page in pages(read, PAGE, **chosen) for each in page]
