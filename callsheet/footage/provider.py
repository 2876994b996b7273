"""The calls of makers of footage: those of every paid service, and what becomes of a finished job."""

from pathlib import Path
from typing import Protocol

from callsheet.model.footage.jobs import Finished, Footage, FootageJob
from callsheet.providers.paid_provider import PaidProvider


class FootageProvider(PaidProvider[FootageJob], Protocol):
    """A maker that edits, draws, animates and enlarges pictures."""

    @property
    def name(self) -> str:
        """Return its name in records and manifests."""

    @property
    def service(self) -> str:
        """Return its name in errors."""

    async def collect(self, job: FootageJob, finished: Finished, folder: Path) -> Footage:
        """Put the result into `folder`. Raises OutputExpired, DownloadTruncated or MediaUnfit."""

    async def check_account(self) -> None:
        """Check whether the key is accepted, at no cost. The rest of a quota shows only with a job."""


class Download(Protocol):
    """Fetches the file at a URL into a folder.

    The file has one of `media_types` and is no larger than `max_bytes`.

    Raises InvalidRequest if nothing is there (any more) or the address is not one to be fetched from, MediaUnfit,
    RateLimited, ProviderUnavailable or ProviderTimeout.
    """

    async def __call__(self, url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        """Return the path of the file."""
