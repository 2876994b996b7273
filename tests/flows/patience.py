"""Waiting for what another process does."""

import asyncio
import time


async def until(condition, timeout_s):
    """Wait for `condition()`, and say whether it came true."""
    deadline = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return condition()
