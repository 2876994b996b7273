"""The door to the Prefect server: one connection for the length of a block, and its refusals as sentences."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.settings import PREFECT_API_URL

from callsheet.errors import CallsheetError, InvalidRequest, SetupIncomplete, TransientError

# Longest part of a server's own words that is worth repeating.
MAX_WORDS = 300


@asynccontextmanager
async def connected() -> AsyncIterator[PrefectClient]:
    """The Prefect client of the server that PREFECT_API_URL or the active profile names.

    Raises:
        SetupIncomplete: none is named, or it does not let us in.
        TransientError: it can't be reached, or is unwell.
        InvalidRequest: it refuses the values that were sent.
    """
    if not PREFECT_API_URL.value():  # Prefect would start a server of its own, which knows nothing of Callsheet
        raise SetupIncomplete(
            "No Prefect server is named; start one with `callsheet up`, and set PREFECT_API_URL to its address.",
            missing="PREFECT_API_URL",
        )
    client = get_client()
    try:
        async with client:
            yield client
    except httpx.HTTPStatusError as error:
        raise _refusal(error.response, address(client)) from None
    except httpx.TransportError:
        raise TransientError(f"The Prefect server at {address(client)} can't be reached.") from None


def address(client: PrefectClient) -> str:
    """The server's API address, as a person writes it."""
    return str(client.api_url).rstrip("/")


def _refusal(response: httpx.Response, server: str) -> CallsheetError:
    words = response.text[:MAX_WORDS]
    if response.status_code in (401, 403):
        return SetupIncomplete(
            f"The Prefect server at {server} lets only those in who have a key: set PREFECT_API_KEY."
        )
    if response.is_client_error:
        return InvalidRequest(f"the Prefect server at {server} refuses this ({response.status_code}): {words}")
    return TransientError(f"The Prefect server at {server} is unwell ({response.status_code}).")
