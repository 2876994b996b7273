"""The store that the settings name."""

import time
from functools import lru_cache

from callsheet.errors import SetupIncomplete
from callsheet.settings import Settings
from callsheet.storage.local import LocalStore
from callsheet.storage.store import Store

# An S3 client is kept for so long. Making one takes 0.1 s and a request to the server. The role that it assumed, or the
# block that it was made from, may change in the meantime.
_S3_CLIENT_LIFETIME_S = 600


def open_store(settings: Settings) -> Store:
    """Return the store of CALLSHEET_STORAGE: `local`, or `s3:BLOCK`.

    Raises SetupIncomplete for any other value.
    """
    where, _, block_name = settings.storage.partition(":")
    if where == "local" and not block_name:
        return LocalStore(settings.media_dir, settings.media_url)
    if where == "s3" and block_name:
        return _s3_store(settings, block_name, int(time.monotonic() // _S3_CLIENT_LIFETIME_S))
    raise SetupIncomplete(f"CALLSHEET_STORAGE is “{settings.storage}”; set it to `local` or to `s3:BLOCK`")


@lru_cache(maxsize=2)
def _s3_store(settings: Settings, block_name: str, _period: int) -> Store:
    # Imported here: boto3 and Prefect's blocks take a second that a local store doesn't need.
    from callsheet.storage.s3 import S3Store, load_bucket

    return S3Store(load_bucket(block_name), settings.scratch_dir, settings.media_url)
