"""The one place at which Callsheet takes in a file at a URL.

A URL makes this machine connect to the place where it leads. So Callsheet connects only to the public network (see
`public_network`). It checks every redirect like the first address, ignores proxies and other variables of the
environment, and bounds the file in bytes, in time and in kind. It takes no compressed answers: it counts the very
bytes that it keeps. Callers still look at the content: the media type is only what the server says.
"""

import asyncio
import contextlib
import re
import secrets
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import httpcore
import httpx

from callsheet.errors import InvalidRequest, MediaUnfit, ProviderTimeout, ProviderUnavailable
from callsheet.providers.http_errors import passing_fault_of_host, retry_after_s
from callsheet.sources.addresses import is_ipv6, is_odd_number
from callsheet.sources.public_network import FIELD, PublicNetwork, authority
from callsheet.watchdog import report_progress

PORTS = {"http": 80, "https": 443}
MAX_URL_CHARACTERS = 2048
MAX_REDIRECTS = 4
_OPERATION_TIMEOUT_S = 15.0
"""For connecting, and for each wait for the next bytes. FetchLimits.total_s bounds the whole."""
_REDIRECTS = {301, 302, 303, 307, 308}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?")


@dataclass(frozen=True)
class FetchLimits:
    """The limits of a file. `allowed_hosts` are hosts with their ports that need not be public."""

    media_types: frozenset[str]
    max_bytes: int
    total_s: float
    allowed_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fetched:
    """A file that came in: its path, its stated kind, and the address that really gave it."""

    path: Path
    media_type: str
    url: str
    size_bytes: int


async def fetch(url: str, folder: Path, limits: FetchLimits, network: PublicNetwork | None = None) -> Fetched:
    """Fetch a file into `folder`, under a new name. If it fails, nothing stays there.

    Raises:
        InvalidRequest: this URL is not fetched, or nothing is at it; a sentence about the field `url`.
        MediaUnfit: the file is too large or of another kind.
        RateLimited, ProviderTimeout, ProviderUnavailable: trying again later may help.
    """
    first = _checked_url(url, limits)
    pool = httpcore.AsyncConnectionPool(
        ssl_context=_tls(), max_connections=1, network_backend=network or PublicNetwork(limits.allowed_hosts)
    )
    try:
        async with asyncio.timeout(limits.total_s), pool:
            return await _follow(pool, first, folder, limits)
    except TimeoutError:
        raise ProviderTimeout(first.host, f"{first.host} took longer than {limits.total_s:g} seconds") from None


@dataclass(frozen=True)
class AskLimits:
    """The limits of an answer. `allowed_hosts` are as in `FetchLimits`."""

    max_bytes: int
    total_s: float
    allowed_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HttpAnswer:
    """What a server answered, whatever its status. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes


async def ask(method: str, url: str, headers: Mapping[str, str], content: bytes, limits: AskLimits) -> HttpAnswer:
    """Send one request, and return the whole answer. It follows no redirect.

    Raises:
        InvalidRequest: nothing is asked at this URL; a sentence about the field `url`.
        MediaUnfit: the answer is too large.
        ProviderTimeout, ProviderUnavailable: trying again later may help.
    """
    bounds = FetchLimits(frozenset(), limits.max_bytes, limits.total_s, limits.allowed_hosts)
    checked = _checked_url(url, bounds)
    network = PublicNetwork(limits.allowed_hosts)
    pool = httpcore.AsyncConnectionPool(ssl_context=_tls(), max_connections=1, network_backend=network)
    own = {"host", "accept-encoding", "connection", "content-length"}
    sent = [(name, value) for name, value in headers.items() if name.lower() not in own]
    sent += [("Host", checked.netloc.decode("ascii")), ("Accept-Encoding", "identity")]
    sent += [("Content-Length", str(len(content)))] if content else []
    try:
        with _told(checked.host):
            async with asyncio.timeout(limits.total_s), pool, _sent(pool, method, checked, sent, content) as response:
                received = bytearray()
                async for chunk in response.aiter_stream():
                    received += chunk
                    if len(received) > limits.max_bytes:
                        raise _too_large(checked.host, bounds)
    except TimeoutError:
        raise ProviderTimeout(checked.host, f"{checked.host} took longer than {limits.total_s:g} seconds") from None
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return HttpAnswer(response.status, found, bytes(received))


async def _follow(pool: httpcore.AsyncConnectionPool, url: httpx.URL, folder: Path, limits: FetchLimits) -> Fetched:
    """Return the file at `url`, or at the place to which it redirects."""
    for _ in range(MAX_REDIRECTS + 1):
        with _told(url.host):
            async with _answer(pool, url, limits) as response:
                if response.status not in _REDIRECTS:
                    return await _keep(response, url, folder, limits)
                url = _next_url(url, response, limits)
    raise InvalidRequest(f"it redirects more than {MAX_REDIRECTS} times: give the address of the file itself", FIELD)


def _answer(
    pool: httpcore.AsyncConnectionPool, url: httpx.URL, limits: FetchLimits
) -> contextlib.AbstractAsyncContextManager[httpcore.Response]:
    # Named by hand: an HTTP client of a higher level would add cookies, proxies and encodings.
    headers = [
        ("Host", url.netloc.decode("ascii")),
        ("User-Agent", "callsheet"),
        ("Accept", ", ".join(sorted(limits.media_types))),
        ("Accept-Encoding", "identity"),
    ]
    return _sent(pool, "GET", url, headers)


def _sent(
    pool: httpcore.AsyncConnectionPool,
    method: str,
    url: httpx.URL,
    headers: list[tuple[str, str]],
    content: bytes = b"",
) -> contextlib.AbstractAsyncContextManager[httpcore.Response]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _OPERATION_TIMEOUT_S)
    return pool.stream(method, target, headers=headers, content=content or None, extensions={"timeout": timeouts})


def _checked_url(url: str, limits: FetchLimits) -> httpx.URL:
    """Return `url`, if all programs read it alike, and its scheme and port are those of the web."""
    if len(url) > MAX_URL_CHARACTERS:
        raise InvalidRequest(f"it has {len(url):,} characters, and at most {MAX_URL_CHARACTERS:,} are taken", FIELD)
    if re.search(r"[\s\\]", url):
        raise InvalidRequest("it has a space or a backslash in it: write them as %20 and %5C", FIELD)
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InvalidRequest(f"it is no address of the web: {error}", FIELD) from None
    if problem := _problem_of(parsed, limits):
        raise InvalidRequest(problem, FIELD)
    return parsed


def _problem_of(url: httpx.URL, limits: FetchLimits) -> str:
    host = url.raw_host.decode("ascii")
    if url.scheme not in PORTS:
        return f"only http:// and https:// are fetched, not “{url.scheme[:20]}:”"
    if url.userinfo:
        return "it has a user name or a password in it: give an address that needs none"
    if is_odd_number(host) or not (_HOST_NAME.fullmatch(host) or is_ipv6(host)):
        return f"“{host[:80]}” is no host name: check the address"
    port = PORTS[url.scheme] if url.port is None else url.port
    if port not in PORTS.values() and authority(host, port) not in limits.allowed_hosts:
        return f"nothing is fetched from port {port}, only from 80 and 443"
    return ""


def _next_url(url: httpx.URL, response: httpcore.Response, limits: FetchLimits) -> httpx.URL:
    """Return the target of a redirect, checked like a given URL."""
    location = _header(response, b"location")
    if not location:
        raise InvalidRequest(f"{url.host} redirects, but says not where to: check the address", FIELD)
    try:
        joined = str(url.join(location))
    except httpx.InvalidURL:
        raise InvalidRequest(f"{url.host} redirects to what is no address: check yours", FIELD) from None
    following = _checked_url(joined, limits)
    if url.scheme == "https" and following.scheme == "http":
        raise InvalidRequest(f"{url.host} redirects from https:// to http://, where anybody can change it", FIELD)
    return following


async def _keep(response: httpcore.Response, url: httpx.URL, folder: Path, limits: FetchLimits) -> Fetched:
    """Write the answer to a file, if its head shows that it is wanted."""
    _check_status(response, url.host)
    media_type = _checked_media_type(response, url.host, limits)
    announced = _header(response, b"content-length")
    if announced.isdecimal() and int(announced) > limits.max_bytes:
        raise _too_large(url.host, limits)
    path = folder / f"fetched-{secrets.token_hex(8)}"
    with _new_file(path) as file:
        size_bytes = await _write(response, file, url.host, limits)
    return Fetched(path=path, media_type=media_type, url=str(url), size_bytes=size_bytes)


async def _write(response: httpcore.Response, file: BinaryIO, host: str, limits: FetchLimits) -> int:
    size_bytes = 0
    async for chunk in response.aiter_stream():
        report_progress()
        size_bytes += len(chunk)
        if size_bytes > limits.max_bytes:
            raise _too_large(host, limits)
        file.write(chunk)
    if not size_bytes:
        raise MediaUnfit(f"The file from {host}", "a file with something in it", "nothing")
    return size_bytes


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a new file. If the block fails, the file is removed."""
    try:
        with path.open("xb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _check_status(response: httpcore.Response, host: str) -> None:
    if response.status == HTTPStatus.OK:
        return
    said, after_s = _status_text(response.status), retry_after_s(_header(response, b"retry-after"))
    if fault := passing_fault_of_host(host, response.status, said, after_s):
        raise fault
    raise InvalidRequest(f"{host} answered {said}: check the address", FIELD)


def _checked_media_type(response: httpcore.Response, host: str, limits: FetchLimits) -> str:
    what = f"The file from {host}"
    encoding = _header(response, b"content-encoding").lower()
    if encoding not in {"", "identity"}:
        raise MediaUnfit(what, "a file as it is", f"one compressed by {encoding[:40]}")
    media_type = _header(response, b"content-type").partition(";")[0].strip().lower()
    if media_type not in limits.media_types:
        raise MediaUnfit(what, " or ".join(sorted(limits.media_types)), media_type[:80] or "a file of unknown type")
    return media_type


def _too_large(host: str, limits: FetchLimits) -> MediaUnfit:
    return MediaUnfit(f"The file from {host}", f"at most {limits.max_bytes:,} bytes", "more")


def _status_text(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _header(response: httpcore.Response, name: bytes) -> str:
    """Return the first value of a header, or an empty text. HTTP's header values are Latin-1."""
    return next((value.decode("latin-1") for key, value in response.headers if key.lower() == name), "")


@contextlib.contextmanager
def _told(host: str) -> Iterator[None]:
    """Raise errors of the network as errors with a sentence."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise ProviderTimeout(host, f"{host} did not answer within {_OPERATION_TIMEOUT_S:g} seconds") from error
    except httpcore.LocalProtocolError as error:
        raise InvalidRequest(f"it can't be asked for: {error}", FIELD) from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        if certificate := _certificate_error(error):
            raise InvalidRequest(
                f"the certificate of {host} is not valid ({certificate.verify_message}): check the address", FIELD
            ) from error
        raise ProviderUnavailable(host, f"{host} could not be reached, or broke off its answer") from error


def _certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


@cache
def _tls() -> ssl.SSLContext:
    """Verify certificates against the list of the HTTP client, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)
