"""The set-up of the Prefect server for runs: `python -m deployments.apply` in the checkout.

Safe to repeat.

It reports each file that can't be deployed in one line, and deploys all others.
"""

import asyncio
import contextlib
import runpy
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from callsheet.embedded.registration import remember_sources
from callsheet.embedded.services import NOT_DEPLOYED, WORK_POOL
from callsheet.model.deployed import PROJECT_FILE
from callsheet.notify.posting import endpoints
from callsheet.settings import settings
from deployments.automations import ensure_automations
from deployments.discover import Discovered, discover
from deployments.limits import ensure_limits, ensure_priorities


async def _before() -> None:
    """Set up the work pool, its queues and the limits, on which the deployments depend."""
    async with get_client() as client:
        with contextlib.suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=WORK_POOL, type="process"))
        await ensure_priorities(client, WORK_POOL)
        await ensure_limits(client, settings())


async def _after() -> None:
    """Set up the automations, which start deployments."""
    async with get_client() as client:
        await ensure_automations(client, has_webhooks=bool(endpoints(settings())))


def _deploy(discovered: Discovered) -> None:
    """Call `prefect deploy` with a complete prefect.yaml; it ends with SystemExit."""
    if not discovered.entries:
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / PROJECT_FILE
        file.write_text(discovered.project_file(), encoding="utf-8")
        sys.argv = ["prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
        try:
            runpy.run_module("prefect", run_name="__main__", alter_sys=True)
        except SystemExit as end:
            if end.code:
                raise


def main() -> None:
    """Set up work pool and limits, deployments, automations."""
    asyncio.run(_before())
    discovered = discover(Path.cwd())
    discovered.activate(settings())
    _deploy(discovered)
    asyncio.run(_after())
    settings().home.mkdir(parents=True, exist_ok=True)
    remember_sources(settings().home)
    for broken in discovered.broken:
        sys.stdout.write(f"{NOT_DEPLOYED}{broken}\n")


if __name__ == "__main__":
    main()
