"""Limits over all runs, on a real server."""

import asyncio
import time
from itertools import pairwise

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from callsheet.errors import SetupIncomplete, TransientError
from callsheet.settings import Settings, settings
from deployments.limits import ensure_limits
from tasks.run.limits import concurrency_slot, llm_slot


async def limited(**values):
    """Bring the server's limits to these settings."""
    async with get_client() as prefect:
        await ensure_limits(prefect, Settings(**values))


async def started(count, seconds):
    """When each of so many questions began, and how many were asked at once."""
    begun, now, most = [], 0, 0

    async def ask():
        nonlocal now, most
        async with llm_slot():
            begun.append(time.monotonic())
            now += 1
            most = max(most, now)
            await asyncio.sleep(seconds)
            now -= 1

    await asyncio.gather(*(ask() for _ in range(count)))
    return sorted(begun), most


async def test_the_model_is_asked_no_more_at_once_than_the_setting_says(prefect_server):
    """The limit is the server's, so it holds over all runs and machines."""
    try:
        await limited(writer_at_once=2)
        _, most = await started(5, 0.3)
        assert most == 2
    finally:
        await limited()


async def test_questions_start_apart_where_a_spacing_is_set(prefect_server, monkeypatch):
    """From start to start, however long each takes."""
    await limited(writer_spacing_s=1)
    monkeypatch.setenv("CALLSHEET_WRITER_SPACING_S", "1")
    settings.cache_clear()
    try:
        begun, _ = await started(3, 0)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert min(later - earlier for earlier, later in pairwise(begun)) > 0.9


async def test_a_limit_that_nobody_made_is_an_error(prefect_server):
    """Never a silent freedom."""
    with pytest.raises(SetupIncomplete, match=r"does not know the limit “nowhere”; run `python -m deployments\.apply`"):
        async with concurrency_slot("nowhere"):
            pass


async def test_a_server_that_does_not_answer_is_asked_again_later():
    """That is the retry of the task."""
    nowhere = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nowhere), pytest.raises(TransientError, match="gives no place"):
        async with concurrency_slot("anywhere"):
            pass
