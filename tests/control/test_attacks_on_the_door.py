"""Attacks on the front door: each gets an answer that says no, and nothing behind the door changes."""

import asyncio
import io
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from callsheet import client
from callsheet.gateway import access
from callsheet.gateway.access import TokenBook
from callsheet.gateway.problems import HttpRefusal
from callsheet.settings import settings
from tests.flows.films import film, last_status

PATIENCE_S = 30
JSON = {"content-type": "application/json"}
SCENE = '{"name":"One","template":"title","content":{"title":"One","duration_s":1%s}}'
LATER = '"at":"2199-01-01T00:00:00Z"'


def order(title='"Attack"', owner='""', scene="", rest=""):
    """A body, as text, that would start a run in the far future; each part may be one that no JSON writer makes."""
    return f'{{"request":{{"title":{title},"scenes":[{SCENE % scene}]{rest}}},"owner":{owner},{LATER}}}'


@pytest.fixture
async def door(prefect_server):
    """A client of the gateway, which takes a new connection for each request."""
    headers = {"connection": "close"}
    async with httpx.AsyncClient(base_url=prefect_server.gateway_url, timeout=PATIENCE_S, headers=headers) as asking:
        yield asking


@pytest.fixture(autouse=True)
async def no_token_stays(prefect_server):
    """An attacker's token is gone when the attack is over: another test counts those that there are."""
    yield
    for each in await client.list_tokens():
        await client.revoke_token(each.id)


async def raw(url, request, patience_s=PATIENCE_S):
    """The status of the answer to bytes that no HTTP library sends; 0 if the door just closes."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(request.replace(b"HOST", parts.netloc.encode()))
        async with asyncio.timeout(patience_s):
            line = await reader.readline()
        return int(line.split()[1]) if line else 0
    except ConnectionResetError:
        return 0
    finally:
        writer.close()


PATHS = [
    "/studio/../access.py", "/studio/..%2f..%2faccess.py", "/studio/%2e%2e/%2e%2e/settings.py", "/studio//etc/passwd",
    "/studio/%2fetc%2fpasswd", "/studio/%00", "/studio/a%00.js", f"/studio/{'a' * 5000}.js",
    "/studio/vendor/../../api.py",
    "/studio/vendor/README.md", "/media/..%2f..%2fenv", "/media/%2e%2e/%2e%2e/etc/passwd", "/media//etc/passwd",
    "/media/%2fetc%2fpasswd", "/media/%00", "/media/.part", "/media/videos/", "/media/..%5c..%5cenv",
    f"/media/{'a' * 5000}", "/api/v1/../../etc/passwd", "/api//evil.example/%2e%2e", "//evil.example/%2e%2e",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
async def test_no_path_leads_out_of_the_folders(door, path):
    """Dots, slashes, backslashes, U+0000 and endless names: there is no such file, and no redirect to another site."""
    host, _, port = door.base_url.netloc.decode().partition(":")
    status = await raw(f"http://{host}:{port}", f"GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n".encode())
    assert status in (400, 404)


BODIES = {
    "deep lists": ('{"request":' + "[" * 100_000 + "]" * 100_000 + "}", 400),
    "lists as deep as JSON allows": ('{"request":{"a":' + "[" * 900 + "]" * 900 + "}}", 422),
    "deep objects": ('{"request":' + '{"a":' * 500 + "1" + "}" * 500 + "}", 422),
    "an endless whole number": ('{"request":{"a":' + "9" * 5000 + "}}", 400),
    "a number of more than 64 bits": (order(scene="").replace('"name"', '"order":' + "9" * 30 + ',"name"'), 422),
    "a number that is none": (order(scene="").replace('"duration_s":1', '"duration_s":NaN'), 422),
    "a number without an end": (order(scene="").replace('"duration_s":1', '"duration_s":1e999'), 422),
    "U+0000 in a title": (order(title='"a\\u0000"'), 422),
    "half a character in a title": (order(title='"a\\ud800"'), 422),
    "half a character in a name of a field": (order(rest=',"\\udfff":1'), 422),
    "U+0000 in an owner": (order(owner='"a\\u0000"'), 422),
    "a header in an owner": (order(owner='"a\\r\\nset-cookie: b=c"'), 422),
    "a moment before all calendars": (order().replace("2199-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"), 422),
    "a moment after all calendars": (order().replace("2199-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"), 422),
    "no UTF-8": (b"\xff\xfe{}", 400),
    "no JSON": ("{request", 400),
    "nothing": (b"", 422),
    "200 names for one field": ('{"request":{' + ",".join(f'"a{n}":1' for n in range(200)) + "}}", 422),
    "more scenes than a film has": (
        f'{{"request":{{"title":"Many","scenes":[{",".join([SCENE % ""] * 20_000)}]}},{LATER}}}', 422,
    ),
}  # fmt: skip


@pytest.mark.parametrize("named", BODIES)
async def test_a_body_that_no_server_could_store_is_refused_at_the_door(door, named):
    """The answer is a problem with one sentence, and comes soon: nothing asks the Prefect server first."""
    body, status = BODIES[named]
    since = time.monotonic()
    answer = await door.post("/api/v1/runs", content=body, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert "Traceback" not in answer.text
    assert answer.json()["detail"]
    assert time.monotonic() - since < PATIENCE_S / 2


TYPES = {"text/plain": "{}", "application/x-www-form-urlencoded": "request=1", "text/html": "{}", "": "{}"}


@pytest.mark.parametrize("media_type", TYPES)
async def test_a_body_of_another_type_starts_nothing(door, media_type):
    """A form of another site can send these without asking the browser first."""
    headers = {"content-type": media_type} if media_type else {}
    answer = await door.post("/api/v1/runs", content=order() if TYPES[media_type] == "{}" else "a=1", headers=headers)
    assert answer.status_code == 422


SENDERS = {
    "a name that was bound again": ({"host": "evil.example"}, "GET", 421),
    "a name with a port": ({"host": "evil.example:4280"}, "GET", 421),
    "our name inside another": ({"host": "127.0.0.1.evil.example"}, "GET", 421),
    "a user before a name": ({"host": "127.0.0.1@evil.example"}, "GET", 421),
    "a page of another site": ({"origin": "https://evil.example"}, "POST", 403),
    "a page without a site": ({"origin": "null"}, "POST", 403),
    "an origin that is none": ({"origin": "http://["}, "POST", 403),
    "our name inside another origin": ({"origin": "http://127.0.0.1.evil.example"}, "POST", 403),
    "another port of this machine": ({"origin": "http://127.0.0.1:1"}, "POST", 403),
    "a file beyond the limit": ({"content-length": "300000000"}, "POST", 413),
}  # fmt: skip


@pytest.mark.parametrize("named", SENDERS)
async def test_other_hosts_and_other_sites_are_refused(door, named):
    """DNS rebinding comes with another name, and CSRF with another origin."""
    headers, method, status = SENDERS[named]
    head = "".join(f"{name}: {value}\r\n" for name, value in {"host": "HOST", **headers}.items())
    request = f"{method} /api/v1/runs HTTP/1.1\r\n{head}\r\n".encode()
    assert await raw(str(door.base_url), request) == status


SMUGGLED = {
    "two hosts": b"GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two lengths": b"POST /api/v1/runs HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
    "a negative length": b"POST /api/v1/runs HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
    "a length without an end": b"POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "a line in a header": b"GET / HTTP/1.1\r\nHost: HOST\r\nIdempotency-Key: a\rb\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: HOST\r\n\0: a\r\n\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nHost: HOST\r\nA: " + b"a" * 200_000,
    "a space in a path": b"GET /\x00 HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "another scheme": b"GET http://evil.example/api/v1/runs HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("named", SMUGGLED)
async def test_what_is_no_plain_request_is_refused(door, named):
    """Requests in requests, headers in headers, and other protocols: 400, 404 or an end."""
    assert await raw(str(door.base_url), SMUGGLED[named]) in (0, 400, 404)


ADDRESSES = [
    ("GET", "/api/v1/runs/%00"), ("GET", "/api/v1/runs/%25"), ("GET", f"/api/v1/runs/{'a' * 3000}"),
    ("GET", "/api/v1/runs/_"),
    ("GET", "/api/v1/runs/'%20or%201=1"), ("GET", "/api/v1/runs/%ff"), ("GET", "/api/v1/runs?owner=%00"),
    ("GET", "/api/v1/runs?since=0001-01-01T00:00:00%2B14:00"), ("GET", "/api/v1/runs?state=Nothing"),
    ("GET", f"/api/v1/runs?limit={'9' * 400}"), ("GET", "/api/v1/films/%2e%2e"),
    ("GET", "/api/workflows/status?runId=%00"), ("GET", "/api/workflow/%25/status"),
    ("POST", "/workflows/retry/%00"), ("POST", f"/api/workflow/{'9' * 400}/start"),
    ("GET", f"/s/{'A' * 43}"), ("GET", f"/s/{'A' * 43}/video"), ("POST", f"/s/{'A' * 43}"),
    ("GET", "/output/state/..%2fa.json"), ("GET", "/api/pipeline/tasks/'%20or%201=1/result"),
    ("TRACE", "/api/v1/runs"), ("PUT", "/api/v1/runs"), ("DELETE", "/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address"), ADDRESSES, ids=lambda part: part[:40])
async def test_an_address_of_nothing_is_refused(door, method, address):
    """Patterns, quotes and methods that the door does not have."""
    answer = await door.request(method, address)
    assert answer.status_code in (400, 404, 405, 409, 422)
    assert "Traceback" not in answer.text


async def test_a_file_of_this_machine_is_for_its_user_alone(door):
    """An owner's token names addresses and uploads; a document, a picture, a folder of this machine would tell much."""
    headers = {**JSON, "authorization": f"Bearer {await client.add_token('mallory')}"}
    picture = {"name": "P", "template": "picture", "content": {"path": "/etc/passwd"}}
    code = {"name": "C", "code": "from manim import *", "files": ["/etc/passwd"]}
    spoken = {**picture, "narration": [{"text": "Look at this."}]}
    pair = {"name": "A", "first": "http://a.example/1.png", "last": "/etc/passwd"}
    for field, request in {
        "document": {"document": "/etc/passwd"},
        "catalogue": {"catalogue": "/etc"},
        "picture": {"title": "P", "picture": "/etc/passwd"},
        "scenes.0.content.path": {"title": "P", "scenes": [picture]},
        "scenes.0.files.0": {"title": "P", "scenes": [code]},
        "scenes.0.last": {
            "title": "P",
            "scenes": [pair],
        },
        "music.file": {"title": "P", "music": "/etc/passwd", "scenes": [json.loads(SCENE % "")]},
        "storyboard.scenes.0.content.path": {"storyboard": {"title": "P", "scenes": [spoken]}},
    }.items():
        kind = "backfill" if field == "catalogue" else ""
        answer = await door.post("/api/v1/runs", json={"kind": kind, "request": request}, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, f"request.{field}"), answer.text
        assert "only an admin's token" in answer.json()["detail"]


async def test_guessing_tokens_ends_soon(prefect_server):
    """After some wrong tokens in a minute an address waits; a token that was in use there, and others, do not."""
    book, right = TokenBook(), await client.add_token("eve")
    assert (await book.find(right, "192.0.2.1")).owner == "eve"
    found = set()
    with pytest.raises(HttpRefusal, match="wrong tokens in a minute") as refused:
        for number in range(3 * access.WRONG_TOKENS_A_MINUTE):
            found.add(await book.find(f"cs_{number}", "192.0.2.1"))
    assert (found, refused.value.status) == ({None}, 429)
    assert (await book.find(right, "192.0.2.1")).owner == "eve"
    assert await book.find("cs_wrong", "192.0.2.2") is None


async def test_an_endless_body_ends_at_the_limit(door):
    """Without a length, the bytes are counted as they come; the answer says how many there may be."""

    async def endless():
        for _ in range(12):
            yield b" " * 500_000

    answer = await door.post("/api/v1/runs", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["detail"]) == (413, "takes at most 4 MB")


RANGES = [
    "bytes=-0", "bytes=999999999-", "bytes=9-1", "bytes=a-b", "bytes=" + "0-1," * 3000 + "0-1", "lines=1-2",
    "bytes=--1", "bytes=0-" + "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("wanted", RANGES, ids=lambda wanted: wanted[:20])
async def test_a_bad_range_is_answered_at_once(door, wanted):
    """No range makes the door read a file again and again: it answers the file once at most, or refuses."""
    (settings().media_dir / "attacks").mkdir(parents=True, exist_ok=True)
    (settings().media_dir / "attacks/ranges.bin").write_bytes(bytes(100_000))
    since = time.monotonic()
    answer = await door.get("/media/attacks/ranges.bin", headers={"range": wanted})
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= 100_000
    assert time.monotonic() - since < PATIENCE_S / 3


UPLOADS = {
    "a drawing with a program": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 415),
    "a page": (b"<!doctype html><script>alert(1)</script>", 415),
    "a program": (b"\x7fELF" + bytes(100), 415),
    "an archive": (b"PK\x03\x04" + bytes(100), 415),
    "nothing": (b"", 422),
    "a page that begins as a picture": (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", 201),
}


@pytest.mark.parametrize("named", UPLOADS)
async def test_an_upload_is_what_its_first_bytes_say(door, named):
    """What is stored is served as that type alone, and no browser may guess another one."""
    content, status = UPLOADS[named]
    answer = await door.post("/api/v1/uploads", params={"name": "photo.png"}, content=content)
    assert answer.status_code == status
    if status == 201:
        served = await door.get(f"/media/{answer.json()['key']}")
        assert (served.headers["content-type"], served.headers["x-content-type-options"]) == ("image/png", "nosniff")


async def test_bombs_in_documents_end_their_run_with_a_sentence(door):
    """A DOCX of 2 GB of blanks in 2 MB is refused behind the fence; the page of a run can't be broken by its name."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as document:
            for _ in range(300):
                document.write(b" " * 1_000_000)
    stored = await door.post("/api/v1/uploads?kind=document&name=a.docx", content=bomb.getvalue())
    assert stored.status_code == 201
    request = {"title": "<script>alert(1)</script>", "document": stored.json()["key"], "profile": "draft"}
    run = await door.post("/api/v1/runs", json={"kind": "explainer", "request": request})
    assert run.status_code == 201, run.text
    status = await last_status(run.json()["id"])
    assert not status.is_completed
    assert "Traceback" not in status.message


async def test_a_screenplay_of_another_system_names_no_file_of_this_machine(door):
    """The dialects obey the rule of the API: an owner's token names uploads and addresses alone."""
    headers = {"authorization": f"Bearer {await client.add_token('mallory')}"}
    for path, body in (
        ("/api/workflow/1/start", {"screenplay": "/etc/passwd"}),
        ("/api/pipeline/tasks", {"input_type": "document", "source": "/etc/passwd"}),
    ):
        answer = await door.post(path, json=body, headers=headers)
        assert (answer.status_code, "only an admin's token" in answer.json()["error"]) == (422, True), answer.text


async def test_pages_and_answers_run_no_foreign_program(door):
    """A title with a script is JSON, and the studio's policy allows its own scripts alone."""
    later = datetime.now(UTC) + timedelta(hours=1)
    run = await client.start(film("<img src=x onerror=alert(1)>"), at=later)
    answer = await door.get(f"/api/v1/runs/{run.id}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    policy = (await door.get("/")).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    await client.cancel(run)
