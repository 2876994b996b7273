"""Catalogues of request files: a folder, or everything below a prefix of an S3 bucket.

They are only read.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from callsheet.disk import disk_errors
from callsheet.errors import InvalidRequest
from callsheet.model.run.backfill import CatalogueFile
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings

if TYPE_CHECKING:
    from callsheet.storage.s3 import S3Store

SUFFIXES = {".yaml", ".yml"}
S3 = "s3://"


class RequestCatalogue(Protocol):
    """Request files by their names. Synchronous: call it in a thread."""

    where: str
    """Its name: the absolute path of a folder, or s3://bucket/prefix."""

    def files(self) -> Iterator[CatalogueFile]:
        """Yield every file at any depth that may be a request, in no order.

        Hidden files and other kinds are left out.
        """

    def opened(self, name: str) -> AbstractContextManager[Path]:
        """Yield a local file with its content, to read only and only inside the block."""


def open_catalogue(where: str, settings: Settings) -> RequestCatalogue:
    """Return the catalogue of this name. Raises InvalidRequest if there is no such folder."""
    if where.startswith(S3):
        return BucketCatalogue(where, settings)
    folder = Path(where).expanduser().absolute()
    if not folder.is_dir():
        raise InvalidRequest(f"there is no folder “{folder}” on this machine", "catalogue")
    return FolderCatalogue(folder)


class FolderCatalogue(RequestCatalogue):
    """Request files below a folder."""

    def __init__(self, folder: Path) -> None:
        self.where = str(folder)
        self._folder = folder

    def files(self) -> Iterator[CatalogueFile]:
        """See `RequestCatalogue`."""
        with disk_errors(self._folder):
            for path in self._folder.rglob("*"):
                name = path.relative_to(self._folder).as_posix()
                if is_request_file(name) and path.is_file():
                    changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    yield CatalogueFile(name=name, changed_at=changed_at)

    def opened(self, name: str) -> AbstractContextManager[Path]:
        """Yield the file itself."""
        return nullcontext(self._folder / name)


class BucketCatalogue(RequestCatalogue):
    """Request files below a prefix of a bucket, which ends at a folder's end.

    The credentials are those of the S3Bucket block that CALLSHEET_STORAGE names, or else of the block that has the
    bucket's name.
    """

    def __init__(self, where: str, settings: Settings) -> None:
        bucket, _, prefix = where.removeprefix(S3).strip("/").partition("/")
        if not bucket:
            raise InvalidRequest(f"“{where}” names no bucket; write s3://bucket/prefix", "catalogue")
        self.where = f"{S3}{bucket}/{prefix}".rstrip("/")
        self._scratch_root = settings.scratch_dir
        self._store = _store_of(bucket, prefix, settings)

    def files(self) -> Iterator[CatalogueFile]:
        """See `RequestCatalogue`."""
        for name, changed_at in self._store.dated():
            if is_request_file(name):
                yield CatalogueFile(name=name, changed_at=changed_at)

    @contextmanager
    def opened(self, name: str) -> Iterator[Path]:
        """Yield a copy."""
        content = self._store.read_named(name)
        with scratch_dir(self._scratch_root, "catalogue") as folder:
            path = folder / PurePosixPath(name).name
            path.write_bytes(content)
            yield path


def is_request_file(name: str) -> bool:
    """Return whether a file of this name may be a request."""
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in path.parts)


def _store_of(bucket: str, prefix: str, settings: Settings) -> "S3Store":
    # Imported here: boto3 and Prefect's blocks take a second that a folder doesn't need.
    from callsheet.storage.s3 import S3Store, load_bucket

    _, _, block_name = settings.storage.partition("s3:")
    block = load_bucket(block_name or bucket)
    there = block.model_copy(update={"bucket_name": bucket, "bucket_folder": prefix})
    return S3Store(there, settings.scratch_dir)
