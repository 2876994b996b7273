"""A caller of the provider as small as it can be: with its notes on disk, it may be killed at any time.

    python -m tests.durability.durable_run FOLDER URL

FOLDER holds `first.png`, and afterwards the notes and the result.
"""

import asyncio
import sys
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from callsheet.footage.catalogue import read_catalogue
from callsheet.footage.replicate import ReplicateFootage
from callsheet.model.footage import EditImage, Finished, SourcePicture, Submitted
from callsheet.sources.fetch import FetchLimits, fetch
from tests.fakes.replicate_server import TOKEN


async def run(folder: Path, url: str) -> None:
    """Carry on where the notes end."""

    async def download(address: str, into: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        host = frozenset({url.removeprefix("http://")})
        return (await fetch(address, into, FetchLimits(media_types, max_bytes, 30, host))).path

    job = EditImage(
        prompt="warmer", picture=SourcePicture(path=folder / "first.png", sha256=(folder / "sha256").read_text())
    )
    async with aclosing(ReplicateFootage(read_catalogue(), SecretStr(TOKEN), url, download, 5)) as provider:
        submitted = await _submitted_once(provider, job, folder)
        while not isinstance(seen := await provider.look(submitted), Finished):
            await asyncio.sleep(0.05)
        made = await provider.collect(job, seen, folder)
        _note(folder / "done", made.sha256)


async def _submitted_once(provider: ReplicateFootage, job: EditImage, folder: Path) -> Submitted:
    record, intent = folder / "submitted", folder / "intent"
    if record.exists():
        return Submitted.model_validate_json(record.read_text())
    found = None
    if intent.exists():
        found = await provider.find(job, datetime.fromisoformat(intent.read_text()))
    else:
        _note(intent, datetime.now(UTC).isoformat())
    submitted = found or await provider.submit(job)
    _note(record, submitted.model_dump_json())
    return submitted


def _note(path: Path, text: str) -> None:
    """Whole, or not at all."""
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").replace(path)


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
