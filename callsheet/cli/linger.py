"""`python -m callsheet.cli.linger RUN_ID`: counts as a user of the embedded server until that run is over.

Started where somebody leaves a run that a server of its own was started for.
"""

import asyncio
import sys
from uuid import UUID

from prefect.settings import PREFECT_API_URL, temporary_settings

from callsheet import client, embedded
from callsheet.settings import settings


async def _until_over(run_id: UUID) -> None:
    async for status in client.follow(run_id):
        if status.is_final:
            return


def main() -> None:
    """Say that the server is held, then wait."""
    with embedded.started(settings()) as services, temporary_settings({PREFECT_API_URL: services.api_url}):
        sys.stdout.write("held\n")
        sys.stdout.close()
        asyncio.run(_until_over(UUID(sys.argv[1])))
        if settings().webhook_url:
            asyncio.run(client.until_told(sys.argv[1]))


if __name__ == "__main__":
    main()
