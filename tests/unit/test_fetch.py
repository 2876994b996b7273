"""The door for URLs: only the public network, and only what was asked for, in size, time and kind."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callsheet.errors import (
    CallsheetError,
    InvalidRequest,
    MediaUnfit,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
)
from callsheet.settings import Settings
from callsheet.sources import fetch as door
from callsheet.sources.fetch import MAX_REDIRECTS, FetchLimits, fetch
from callsheet.sources.public_network import PublicNetwork, resolve

PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)
PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
GOOD = OK + b"Content-Length: %d\r\n\r\n" % len(PNG) + PNG

Writer = asyncio.StreamWriter
Answer = bytes | Callable[[Writer], Awaitable[None]]


@dataclass
class Site:
    """A real server on the loopback interface that answers each path with the bytes it is given for it."""

    pages: dict[str, Answer]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """The heads of the requests that came."""

    async def answer(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Answer one request and hang up."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head)
        page = self.pages[head.split()[1]]
        try:
            if isinstance(page, bytes):
                writer.write(page)
                await writer.drain()
            else:
                await page(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def host(self) -> str:
        """As an operator would allow it."""
        return f"127.0.0.1:{self.port}"


@asynccontextmanager
async def site(tls: ssl.SSLContext | None = None, **pages: Answer) -> AsyncIterator[Site]:
    """A site with one page for each name; `page` answers at /page."""
    serving = Site({f"/{name}": page for name, page in pages.items()})
    server = await asyncio.start_server(serving.answer, "127.0.0.1", 0, ssl=tls)
    serving.port = server.sockets[0].getsockname()[1]
    try:
        yield serving
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Internet(httpcore.AsyncNetworkBackend):
    """A network in which every address leads to the site on the loopback interface; it notes what was connected to."""

    port: int
    connected: list[tuple[str, int]] = field(default_factory=list)

    async def connect_tcp(self, host: str, port: int, *options: Any) -> httpcore.AsyncNetworkStream:
        """Connect to the site."""
        self.connected.append((host, port))
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self.port, *options)


def names(*answers: Sequence[str], **by_host: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that gives one answer after the other, the last of them for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host in by_host:
            return by_host[host]
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


def limits(*allowed_hosts: str, max_bytes: int = 100_000, total_s: float = 10) -> FetchLimits:
    """Limits for small pictures."""
    return FetchLimits(frozenset({"image/png", "image/jpeg"}), max_bytes, total_s, frozenset(allowed_hosts))


async def refusal(url: str, folder: Path, error: type[CallsheetError], **options: Any) -> CallsheetError:
    """The error with which a URL is refused; nothing is left in the folder."""
    with pytest.raises(CallsheetError) as refused:
        await fetch(url, folder, options.pop("limits", limits()), **options)
    assert type(refused.value) is error, refused.value
    assert not list(folder.iterdir())
    return refused.value


async def test_a_file_comes_in_with_its_facts(tmp_path: Path) -> None:
    """Written as it was sent, under a name that the sender can't choose."""
    async with site(picture=GOOD) as pages:
        fetched = await fetch(pages.url("/picture"), tmp_path, limits(pages.host))
    assert fetched.path.read_bytes() == PNG
    assert fetched.path.parent == tmp_path
    assert (fetched.media_type, fetched.size_bytes, fetched.url) == ("image/png", len(PNG), pages.url("/picture"))
    assert "accept-encoding: identity" in pages.asked[0].lower()


HOSTILE = [
    "http://127.0.0.1/", "http://127.0.0.1:80/", "https://127.0.0.1/", "http://127.1/", "http://127.0.1/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://127.0.0.1./", "http://0/", "http://0.0.0.0/", "http://localhost/", "http://localhost./",
    "http://LOCALHOST/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/", "http://10.0.0.1/", "http://192.168.0.1/", "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://100.100.100.200/", "http://168.63.129.16/",
    "http://224.0.0.1/", "http://255.255.255.255/", "http://１２７.0.0.1/", "http://127。0。0。1/",
    "http://ⓛocalhost/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.example.com/",
    "http://example.com@127.0.0.1/", "http://user:secret@example.com/", "http://@127.0.0.1/",
    "http://example.com\\@127.0.0.1/", "http://127.0.0.1\\.example.com/", "http:\\\\127.0.0.1/", "http:///127.0.0.1/",
    "http:127.0.0.1", "//127.0.0.1/", "127.0.0.1", "", "http://", "http://?", "http://.../", "http://a..b/",
    "http://example.com:22/", "http://example.com:6379/", "http://example.com:0/", "http://example.com:99999/",
    "http://example.com:80:80/", "http://example.com/\r\nHost: 127.0.0.1", "http://exa\tmple.com/",
    "http://example.com /", "file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1:70/_x",
    "data:image/png;base64,iVBORw0KGgo=", "javascript:1", "unix:///run/docker.sock", "http+unix://%2Frun%2Fx/",
    "http://" + "a" * 64 + ".example.com/", "http://" + "a." * 130 + "com/", "http://example.com/" + "a" * 2048,
]  # fmt: skip


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_url_that_leads_elsewhere_is_refused(url: str, tmp_path: Path) -> None:
    """Every way of writing an address of this machine or of its network, and every other way of a URL to mislead."""
    internet = Internet(port=1)
    sentence = str(await refusal(url, tmp_path, InvalidRequest, network=PublicNetwork((), network=internet)))
    assert sentence.startswith("url: ")
    assert "secret" not in sentence
    assert internet.connected == []


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.text(max_size=40), scheme=st.sampled_from(["http://", "https://", "http:", ""]))
async def test_whatever_is_given_for_a_url_nothing_private_is_connected_to(
    rest: str, scheme: str, tmp_path: Path
) -> None:
    """Any text ends in a sentence about the URL, as long as every name leads home."""
    internet = Internet(port=1)
    network = PublicNetwork((), names(["127.0.0.1"]), internet)
    await refusal(scheme + rest, tmp_path, InvalidRequest, network=network)
    assert internet.connected == []


async def test_a_host_that_changes_its_address_is_connected_to_where_it_was_checked(tmp_path: Path) -> None:
    """Looked up once: a second answer, meant for the connection, is never asked for."""
    async with site(picture=GOOD) as pages:
        internet = Internet(pages.port)
        network = PublicNetwork((), names([PUBLIC], ["127.0.0.1"]), internet)
        fetched = await fetch("http://rebinding.example.com/picture", tmp_path, limits(), network)
        assert internet.connected == [(PUBLIC, 80)]
        assert "Host: rebinding.example.com\r\n" in pages.asked[0]
        fetched.path.unlink()
        await refusal("http://rebinding.example.com/picture", tmp_path, InvalidRequest, network=network)
        assert internet.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("private", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:10.0.0.1", "fe80::1%lo"])
async def test_one_private_address_among_public_ones_is_enough(private: str, tmp_path: Path) -> None:
    """Which of them is connected to would be up to the order in which they come."""
    internet = Internet(port=1)
    network = PublicNetwork((), names([PUBLIC, private]), internet)
    refused = await refusal("https://mixed.example.com/", tmp_path, InvalidRequest, network=network)
    assert "mixed.example.com is not on the public network" in str(refused)
    assert internet.connected == []


async def test_the_next_address_is_tried_where_one_does_not_answer(tmp_path: Path) -> None:
    """Many hosts have an address of version 6 first that leads nowhere from here."""

    class Half(Internet):
        async def connect_tcp(self, host: str, port: int, *options: Any) -> httpcore.AsyncNetworkStream:
            if ":" in host:
                raise httpcore.ConnectError("no route")
            return await super().connect_tcp(host, port, *options)

    async with site(picture=GOOD) as pages:
        network = PublicNetwork((), names(["2606:4700::1111", PUBLIC]), Half(pages.port))
        assert await fetch("http://example.com/picture", tmp_path, limits(), network)


async def test_a_host_that_is_allowed_is_allowed_with_its_port_alone(tmp_path: Path) -> None:
    """An operator who lets one service be fetched from has not opened the machine."""
    async with site(picture=GOOD) as pages, site(picture=GOOD) as other:
        fetched = await fetch(pages.url("/picture"), tmp_path, limits(pages.host))
        fetched.path.unlink()
        await refusal(other.url("/picture"), tmp_path, InvalidRequest, limits=limits(pages.host))
        await refusal(f"http://localhost:{pages.port}/picture", tmp_path, InvalidRequest, limits=limits(pages.host))


def test_an_operator_names_hosts_in_one_line() -> None:
    """Separated by commas, with or without spaces; no host is allowed if nothing is set."""
    allowed = Settings.model_validate({"fetch_allowed_hosts": "Media.example.com:8080, 127.0.0.1:9000,"})
    assert allowed.fetch_allowed_hosts == {"media.example.com:8080", "127.0.0.1:9000"}
    assert Settings().fetch_allowed_hosts == frozenset()


def redirect(location: str, status: int = 302) -> bytes:
    """An answer that leads on."""
    return f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(status: int, tmp_path: Path) -> None:
    """Relative ones and whole ones, up to the limit; the address where the file really was is told."""
    async with site(first=redirect("second", status), second=redirect("//example.com/last"), last=GOOD) as pages:
        network = PublicNetwork((), names([PUBLIC]), Internet(pages.port))
        fetched = await fetch("http://example.com/first", tmp_path, limits(), network)
    assert fetched.url == "http://example.com/last"


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://localhost:6379/", "http://2130706433/", "//169.254.169.254/", "file:///etc/passwd",
     "http://user@example.com/", "http://private.example.com/", "https://[::1]/", "http://[", "\x01", ""],
)  # fmt: skip
async def test_a_redirect_is_judged_like_the_first_address(location: str, tmp_path: Path) -> None:
    """A public page is no way into the private network."""
    async with site(first=redirect(location)) as pages:
        internet = Internet(pages.port)
        network = PublicNetwork((), lookup, internet)
        refused = await refusal("http://public.example.com/first", tmp_path, InvalidRequest, network=network)
    assert str(refused).startswith("url: ")
    assert internet.connected == [(PUBLIC, 80)]


async def lookup(host: str, port: int) -> Sequence[str]:
    """One host is public, one is not; addresses and this machine's own names are looked up as ever."""
    known = {"public.example.com": [PUBLIC], "private.example.com": ["10.0.0.1"]}
    return known[host] if host in known else await resolve(host, port)


async def test_redirects_have_an_end(tmp_path: Path) -> None:
    """A circle of them is left after a few."""
    async with site(ring=redirect("/ring")) as pages:
        refused = await refusal(pages.url("/ring"), tmp_path, InvalidRequest, limits=limits(pages.host))
    assert f"redirects more than {MAX_REDIRECTS} times" in str(refused)
    assert len(pages.asked) == MAX_REDIRECTS + 1


async def test_neither_proxies_nor_credentials_of_the_environment_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that other programs follow would lead around the checks, or give a password away."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with site(picture=GOOD) as pages:
        assert await fetch(pages.url("/picture"), tmp_path, limits(pages.host))
    assert "uthorization" not in pages.asked[0]


async def slow_drip(writer: Writer) -> None:
    """A byte now and then, so that no single wait is ever long."""
    writer.write(OK + b"\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(writer: Writer) -> None:
    """Nothing at all."""
    await asyncio.sleep(30)


@pytest.mark.parametrize("page", [slow_drip, silence])
async def test_the_whole_has_a_time_limit(page: Answer, tmp_path: Path) -> None:
    """However the time is spent."""
    async with site(slow=page) as pages:
        began_at = time.monotonic()
        allowed = limits(pages.host, total_s=0.5)
        error = await refusal(pages.url("/slow"), tmp_path, ProviderTimeout, limits=allowed)
        assert time.monotonic() - began_at < 3
    assert "127.0.0.1 took longer than 0.5 seconds" in str(error)


async def endless(writer: Writer) -> None:
    """Chunks without end and without a length before them."""
    writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        await writer.drain()


LARGE = [
    OK + b"Content-Length: 100001\r\n\r\n" + bytes(100_001),
    OK + b"Content-Length: 99999999999\r\n\r\n",
    OK + b"\r\n" + bytes(100_001),
    endless,
]


@pytest.mark.parametrize("page", LARGE)
async def test_a_file_that_is_too_large_is_not_kept(page: Answer, tmp_path: Path) -> None:
    """Whether it says so before, or does not say, or never ends."""
    async with site(large=page) as pages:
        error = await refusal(pages.url("/large"), tmp_path, MediaUnfit, limits=limits(pages.host))
    assert str(error) == "The file from 127.0.0.1: expected at most 100,000 bytes, found more"


async def test_a_compressed_answer_is_refused_and_never_unpacked(tmp_path: Path) -> None:
    """A few kilobytes can unpack into gigabytes."""
    bomb = gzip.compress(bytes(10_000_000))
    for encoding in (b"gzip", b"br", b"identity, gzip"):
        head = OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (encoding, len(bomb))
        async with site(bomb=head + bomb) as pages:
            error = await refusal(pages.url("/bomb"), tmp_path, MediaUnfit, limits=limits(pages.host))
        assert "compressed by" in str(error)


@pytest.mark.parametrize(
    ("head", "found"),
    [(b"Content-Type: text/html; charset=utf-8\r\n", "text/html"), (b"", "a file of unknown type")],
)
async def test_another_kind_of_file_is_refused(head: bytes, found: str, tmp_path: Path) -> None:
    """A page that says “sign in first” is no picture."""
    async with site(page=b"HTTP/1.1 200 OK\r\n" + head + b"\r\n<html>") as pages:
        error = await refusal(pages.url("/page"), tmp_path, MediaUnfit, limits=limits(pages.host))
    assert str(error) == f"The file from 127.0.0.1: expected image/jpeg or image/png, found {found}"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("204 No Content", InvalidRequest), ("206 Partial Content", InvalidRequest),
        ("304 Not Modified", InvalidRequest), ("401 Unauthorized", InvalidRequest),
        ("404 Not Found", InvalidRequest), ("410 Gone", InvalidRequest),
        ("408 Request Timeout", ProviderUnavailable), ("409 Conflict", ProviderUnavailable),
        ("429 Too Many Requests", RateLimited),
        ("500 Internal Server Error", ProviderUnavailable), ("503 Service Unavailable", ProviderUnavailable),
        ("599", ProviderUnavailable),
    ],
)  # fmt: skip
async def test_what_the_server_answers_decides_whether_it_is_asked_again(
    status: str, error: type[CallsheetError], tmp_path: Path
) -> None:
    """What is not there stays away; who is busy or unwell may be better later."""
    async with site(page=f"HTTP/1.1 {status}\r\nContent-Type: image/png\r\n\r\n".encode()) as pages:
        refused = await refusal(pages.url("/page"), tmp_path, error, limits=limits(pages.host))
    assert f"127.0.0.1 answered {status}" in str(refused)


@pytest.mark.parametrize(
    ("retry_after", "least_s", "most_s"),
    [("7", 7, 7), ("Fri, 01 Jan 2100 00:00:00 GMT", 1e8, 1e10), ("Mon, 01 Jan 2001 00:00:00 GMT", 0, 0)],
)
async def test_a_server_says_how_long_to_wait(retry_after: str, least_s: float, most_s: float, tmp_path: Path) -> None:
    """In seconds, or as a date; a date that is over means now."""
    page = f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {retry_after}\r\n\r\n".encode()
    async with site(page=page) as pages:
        error = await refusal(pages.url("/page"), tmp_path, RateLimited, limits=limits(pages.host))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s is not None
    assert least_s <= error.retry_after_s <= most_s


@pytest.mark.parametrize("retry_after", ["", "soon", "-1", "Fri, 01 Jan 2100 00:00:00 -0000"])
async def test_a_wait_that_makes_no_sense_is_no_wait(retry_after: str, tmp_path: Path) -> None:
    """Then our own delays hold."""
    page = f"HTTP/1.1 503 Unwell\r\nRetry-After: {retry_after}\r\n\r\n".encode()
    async with site(page=page) as pages:
        error = await refusal(pages.url("/page"), tmp_path, ProviderUnavailable, limits=limits(pages.host))
    assert isinstance(error, ProviderUnavailable)
    assert error.retry_after_s is None


BROKEN = [
    OK + b"Content-Length: 2000\r\n\r\n" + PNG,
    OK + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + PNG,
    b"",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    OK + b"X: " + b"a" * 200_000,
]


@pytest.mark.parametrize("page", BROKEN)
async def test_an_answer_that_breaks_off_may_be_whole_the_next_time(page: bytes, tmp_path: Path) -> None:
    """Half a file is never taken for a file."""
    async with site(broken=page) as pages:
        error = await refusal(pages.url("/broken"), tmp_path, ProviderUnavailable, limits=limits(pages.host))
    assert "127.0.0.1 could not be reached, or broke off its answer" in str(error)


async def test_an_empty_answer_is_refused(tmp_path: Path) -> None:
    """There is nothing to look at in it."""
    async with site(page=OK + b"Content-Length: 0\r\n\r\n") as pages:
        await refusal(pages.url("/page"), tmp_path, MediaUnfit, limits=limits(pages.host))


async def test_nobody_at_the_port_may_be_there_later(tmp_path: Path) -> None:
    """Transient, with the host in the sentence."""
    async with site() as pages:
        gone = pages
    await refusal(gone.url("/"), tmp_path, ProviderUnavailable, limits=limits(gone.host))


async def test_nothing_is_left_behind_by_a_caller_who_gives_up(tmp_path: Path) -> None:
    """A cancelled run takes its half file with it."""
    async with site(slow=slow_drip) as pages:
        fetching = asyncio.create_task(fetch(pages.url("/slow"), tmp_path, limits(pages.host)))
        while not list(tmp_path.iterdir()):
            await asyncio.sleep(0.01)
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "error"), [(socket.EAI_NONAME, InvalidRequest), (socket.EAI_AGAIN, ProviderUnavailable)]
)
async def test_a_name_that_nobody_has_is_told_from_a_resolver_that_is_silent(
    number: int, error: type[CallsheetError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one is a slip of the pen, the other passes."""

    async def answer(*request: Any, **options: Any) -> None:
        raise socket.gaierror(number, "as the system says it")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answer)
    assert "nobody.example.com" in str(await refusal("https://nobody.example.com/", tmp_path, error))


async def test_names_of_this_machine_are_looked_up() -> None:
    """The system's own resolver is asked; what it can't take is no host name."""
    assert set(await resolve("localhost", 80)) & {"127.0.0.1", "::1"}
    with pytest.raises(InvalidRequest, match="is no host name"):
        await resolve("a" * 64, 80)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of example.com, signed by themselves."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-days", "2", "-subj", "/CN=example.com", "-addext", "subjectAltName=DNS:example.com"]
    subprocess.run([*argv, *subject, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


def server_tls(certificate: Path) -> ssl.SSLContext:
    """What a server with this certificate needs."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, tmp_path: Path) -> None:
    """A host in between could send anything."""
    async with site(server_tls(certificate), picture=GOOD) as pages:
        network = PublicNetwork((), names([PUBLIC]), Internet(pages.port))
        refused = await refusal("https://example.com/picture", tmp_path, InvalidRequest, network=network)
    assert "the certificate of example.com is not valid" in str(refused)


async def test_a_certificate_is_that_of_the_name_and_not_of_the_address(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address that was checked; the name in the URL is still what is proven."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(door, "_tls", lambda: trusting)
    async with site(server_tls(certificate), picture=GOOD, back=redirect("http://example.com/picture")) as pages:
        network = PublicNetwork((), names([PUBLIC]), internet := Internet(pages.port))
        fetched = await fetch("https://example.com/picture", tmp_path, limits(), network)
        fetched.path.unlink()
        other = await refusal("https://other.example.com/picture", tmp_path, InvalidRequest, network=network)
        down = await refusal("https://example.com/back", tmp_path, InvalidRequest, network=network)
    assert internet.connected == [(PUBLIC, 443)] * 3
    assert "certificate of other.example.com" in str(other)
    assert "redirects from https:// to http://" in str(down)
