"""Artifacts of a run, which are for people and never decide anything.

An overloaded server must not cost a finished video: if an artifact can't be written, it is left out, and a log says so.
"""

from collections.abc import Awaitable
from typing import Any, TypeVar

import httpx
from prefect import get_run_logger
from prefect.artifacts import acreate_image_artifact, acreate_markdown_artifact, acreate_table_artifact
from prefect.exceptions import MissingContextError, ObjectNotFound
from prefect.logging import get_logger

Answer = TypeVar("Answer")


async def show_table(key: str, description: str, table: list[dict[str, Any]]) -> None:
    """Show rows, each with the same columns."""
    await as_far_as_possible(acreate_table_artifact(key=key, description=description, table=table))


async def show_page(key: str, description: str, markdown: str) -> None:
    """Show a page of markdown."""
    await as_far_as_possible(acreate_markdown_artifact(key=key, description=description, markdown=markdown))


async def show_picture(key: str, description: str, image_url: str) -> None:
    """Show a picture, by an address at which a browser finds it."""
    await as_far_as_possible(acreate_image_artifact(key=key, description=description, image_url=image_url))


async def as_far_as_possible(asking: Awaitable[Answer]) -> Answer | None:
    """Return the server's answer; None if there is none, or if the object is unknown."""
    try:
        return await asking
    except (httpx.HTTPError, ObjectNotFound) as error:
        _log(f"Something is not shown in the Prefect server, which did not take it: {_first_line(error)}")
        return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _log(message: str) -> None:
    try:
        get_run_logger().warning(message)
    except MissingContextError:
        get_logger("callsheet").warning(message)
