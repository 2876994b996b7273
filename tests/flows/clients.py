"""This process as a client of a test's separate server."""

from contextlib import contextmanager

from prefect.concurrency.services import ConcurrencySlotAcquisitionWithLeaseService
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

from callsheet.server.connection import settings_for
from callsheet.settings import settings


@contextmanager
def as_client(services):
    """Flows and tasks that are called inside the block are runs of that server."""
    _forget_servers()
    try:
        here = {**settings_for(services), PREFECT_LOCAL_STORAGE_PATH: settings().results_dir}
        with temporary_settings(here):
            yield
    finally:
        _forget_servers()


def _forget_servers():
    """The thread through which Prefect asks for places stays with the first server that it has asked."""
    ConcurrencySlotAcquisitionWithLeaseService.drain_all(timeout=30)
