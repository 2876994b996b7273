"""The connection to the Prefect server: one for the length of a block; refusals become sentences."""

import json
import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx
from prefect.client.base import ServerType
from prefect.client.orchestration import PrefectClient, get_client
from prefect.context import SettingsContext, get_settings_context
from prefect.exceptions import ObjectNotFound
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_KEY,
    PREFECT_API_SSL_CERT_FILE,
    PREFECT_API_URL,
    PREFECT_CLIENT_RETRY_EXTRA_CODES,
    temporary_settings,
)

from callsheet.errors import CallsheetError, InvalidRequest, SetupIncomplete, TransientError
from callsheet.local_server import NO_TLS, RunningServices, running
from callsheet.providers.http_errors import is_passing
from callsheet.settings import settings

# Longest part of a server's own message that Callsheet repeats.
MAX_WORDS = 300
_TITLE = re.compile(r"<title[^<>]*>((?:(?!<title).)*?)</title>", re.IGNORECASE | re.DOTALL)
_OF_THE_SETUP = {401, 403, 404, 405}
# JSON fields in which Prefect, and proxies before it, put their messages.
_WORDS = ("exception_message", "detail", "exception_detail", "message", "error", "msg")

# Addresses that were set because a local server was found there: when it ends, Callsheet looks for another one.
_found_here: set[str] = set()


def asking_again() -> AbstractContextManager[Any]:
    """Let Prefect's client repeat what the server answers with 500, as it repeats 408, 429, 502 and 503 by itself.

    The server answers so to requests that waited 30 s for a connection to its database (SQLAlchemy's limit): to some of
    a hundred starts at once, on two busy cores. Only what may be asked twice belongs into the block.
    """
    return temporary_settings({PREFECT_CLIENT_RETRY_EXTRA_CODES: {HTTPStatus.INTERNAL_SERVER_ERROR.value}})


@asynccontextmanager
async def connected() -> AsyncIterator[PrefectClient]:
    """Yield the client of the Prefect server.

    The server is the one that PREFECT_API_URL or the active profile names, or else the one that runs here.

    Raises:
        SetupIncomplete: no server is named and none runs here, the address is no Prefect server, or it refuses access.
        TransientError: the server can't be reached, or is unwell.
        InvalidRequest: the server refuses the values that were sent.
    """
    name_server()
    _check_address(str(PREFECT_API_URL.value()))
    client = get_client()
    server = address(client)
    try:
        async with client:
            yield client
    except httpx.HTTPStatusError as error:
        raise _refusal(error.response, client) from None
    except httpx.TransportError as error:
        raise _unreachable(error, server) from None
    except json.JSONDecodeError:
        raise _is_no_prefect(server) from None


def name_server() -> None:
    """Set PREFECT_API_URL to the server that runs here, unless it names one already.

    The setting is a context variable: it lasts to the end of this task, and applies to the tasks that it starts.

    Raises:
        SetupIncomplete: no server is named, and none runs here.
    """
    named = PREFECT_API_URL.value()
    if named and named not in _found_here:
        return
    services = running(settings())
    if services is None:  # Prefect would start a separate server, which knows nothing of Callsheet
        raise SetupIncomplete(
            f"No Prefect server runs for the home {settings().home}; start one with `callsheet up`, or set "
            "PREFECT_API_URL to the address of one that runs.",
            missing="Prefect server",
        )
    if services.api_url != named:
        _found_here.add(services.api_url)
        now = get_settings_context()
        changed = now.settings.copy_with_update(updates=settings_for(services))
        SettingsContext(profile=now.profile, settings=changed).__enter__()


def settings_for(services: RunningServices) -> dict[Any, str]:
    """Return the settings of Prefect with which a process is a client of an embedded server."""
    return {PREFECT_API_URL: services.api_url, PREFECT_API_SSL_CERT_FILE: str(NO_TLS)}


def address(client: PrefectClient) -> str:
    """Return the server's API address, as a person writes it."""
    return str(client.api_url).rstrip("/")


def check_is_prefect(error: ObjectNotFound, client: PrefectClient) -> None:
    """Check that a “not found” comes from a Prefect server, not from another program.

    Raises:
        SetupIncomplete: there is no Prefect server at the address.
    """
    response = getattr(error.http_exc, "response", None)
    if response is not None and "json" not in response.headers.get("content-type", ""):
        raise _is_no_prefect(address(client), _words_of(response)) from None


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise SetupIncomplete(
            f"PREFECT_API_URL is “{url}”, which is no address; write one such as http://127.0.0.1:4200/api.",
            missing="PREFECT_API_URL",
        )


def _refusal(response: httpx.Response, client: PrefectClient) -> CallsheetError:
    server, words, status = address(client), _words_of(response), response.status_code
    told = f"{status}: {words}" if words else str(status)
    if is_passing(status) and status != HTTPStatus.CONFLICT:  # of two simultaneous changes, which stays refused
        return TransientError(f"The Prefect server at {server} is unwell ({told}).")
    if status < HTTPStatus.BAD_REQUEST or status in _OF_THE_SETUP:
        return _setup_fault(response, client, told)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        size = int(response.request.headers.get("content-length", 0))
        return InvalidRequest(
            f"the Prefect server at {server}, or a proxy before it, takes no request of {size / 1000:.0f} KB ({told}); "
            "give scene code as files, make fewer scenes, or raise that limit"
        )
    return InvalidRequest(f"the Prefect server at {server} refuses this ({told})")


def _setup_fault(response: httpx.Response, client: PrefectClient, told: str) -> SetupIncomplete:
    server, status = address(client), response.status_code
    if status == HTTPStatus.UNAUTHORIZED:
        return SetupIncomplete(_how_to_get_in(client), missing="credentials")
    if status == HTTPStatus.FORBIDDEN:
        return SetupIncomplete(f"The Prefect server at {server} does not permit this for you ({told}).")
    return _is_no_prefect(server, told)


def _how_to_get_in(client: PrefectClient) -> str:
    """Return what to do about 401: Prefect Cloud takes keys, other servers take a password."""
    server = address(client)
    if client.server_type is ServerType.CLOUD:
        fault = "does not accept the key in" if PREFECT_API_KEY.value() else "takes only requests with a key: set"
        return f"Prefect Cloud at {server} {fault} PREFECT_API_KEY."
    if PREFECT_API_AUTH_STRING.value():
        return f"The Prefect server at {server} does not accept the password in PREFECT_API_AUTH_STRING."
    return (
        f"The Prefect server at {server} takes only requests with a password: set PREFECT_API_AUTH_STRING to "
        "USER:PASSWORD, as it is set at the server."
    )


def _unreachable(error: httpx.TransportError, server: str) -> CallsheetError:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return SetupIncomplete(
                f"The certificate of the Prefect server at {server} is not trusted ({cause.verify_message}); set "
                "PREFECT_API_SSL_CERT_FILE to the certificate of its signer."
            )
        if isinstance(cause, ssl.SSLError):
            return SetupIncomplete(
                f"The Prefect server at {server} does not speak Callsheet's TLS ({cause.reason}); if it has no "
                "certificate, write http:// in PREFECT_API_URL."
            )
    if isinstance(error, httpx.TimeoutException):
        return TransientError(_timed_out(error, server))
    return TransientError(f"The Prefect server at {server} can't be reached ({_why(error)}).")


def _timed_out(error: httpx.TimeoutException, server: str) -> str:
    """Return what timed out, after how long, and what to do.

    Prefect's client has tried several times by then.
    """
    request = error.request
    if isinstance(error, httpx.ConnectTimeout):
        within = f" within {request.extensions['timeout']['connect']:g} s"
        return f"The Prefect server at {server} can't be reached{within}; see whether it runs and the address is right."
    within = f" within {request.extensions['timeout']['read']:g} s"
    return (
        f"The Prefect server at {server} did not answer {request.method} {request.url.path}{within}; try again, or set "
        "PREFECT_API_REQUEST_TIMEOUT to more seconds if it is always slow."
    )


def _why(error: httpx.TransportError) -> str:
    """Return the operating system's reason, which says more than “connection failed”."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "its name is not known"
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno).lower()
    return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and all its causes."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_no_prefect(server: str, told: str = "") -> SetupIncomplete:
    words = f" ({told})" if told else ""
    return SetupIncomplete(
        f"What answers at {server} is no Prefect server{words}; set PREFECT_API_URL to the address of its API, which "
        "mostly ends in /api.",
        missing="PREFECT_API_URL",
    )


def _words_of(response: httpx.Response) -> str:
    """Return the answer's message: the words in JSON, the title of a page, or the text."""
    text = response.text
    if "html" in response.headers.get("content-type", ""):
        title = _TITLE.search(text)
        text = title[1] if title else response.reason_phrase
    else:
        try:
            text = "; ".join(_texts(response.json())) or response.reason_phrase
        except ValueError:
            text = text or response.reason_phrase
    return " ".join(text.split())[:MAX_WORDS]


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for name in _WORDS:
                if name in value:
                    yield from _texts(value[name])
