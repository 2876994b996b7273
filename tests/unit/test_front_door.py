"""The rules of the front door, without a server behind it: hosts, origins, sizes, times, and how often one may ask."""

import asyncio
import time
from contextlib import closing, suppress

import httpx
import pytest
import uvicorn
from pydantic import JsonValue, ValidationError

from callsheet.gateway import access, door
from callsheet.gateway.access import AccessRules, Caller, DoorKeeper
from callsheet.gateway.bodies import MAX_DEPTH, Body, Moment
from callsheet.gateway.door import PatientProtocol
from callsheet.gateway.problems import HttpRefusal
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.runs import Run

RULES = AccessRules.of_address("127.0.0.1", hosts={"films.example.com"}, origins={"https://studio.example.com"})


async def echo(scope, receive, send):
    """Read the whole body, and answer with its length."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def asking(rules=RULES):
    """A client of a door with these rules."""
    transport = httpx.ASGITransport(DoorKeeper(echo, rules))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4280")


@pytest.mark.parametrize("host", ["127.0.0.1:4280", "localhost", "[::1]:80", "films.example.com:443"])
async def test_the_names_of_this_server_are_answered(host):
    """With their ports and without."""
    async with asking() as client:
        assert (await client.get("/api/v1/runs", headers={"host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.example.com", "", "localhost.evil.example.com:4280"])
async def test_a_page_that_has_rebound_its_name_gets_nothing(host):
    """Its requests have its own name."""
    async with asking() as client:
        answer = await client.get("/api/v1/runs", headers={"host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:4280", 200),
        ("https://studio.example.com", 200),
        ("http://127.0.0.1:9999", 403),
        ("https://evil.example.com", 403),
        ("null", 403),
    ],
)
async def test_only_allowed_pages_change_anything(origin, status):
    """A page of another site can't start or cancel runs; reading is kept from it by its own browser."""
    async with asking() as client:
        assert (await client.post("/api/v1/runs", headers={"origin": origin})).status_code == status


async def test_a_body_is_counted_whatever_it_claims():
    """A length that is too large is refused before the body; a body without a length while it arrives."""
    small = AccessRules(RULES.hosts, max_body_bytes=1_000, max_upload_bytes=5_000)

    async def endless():
        for _ in range(100):
            yield bytes(500)

    async with asking(small) as client:
        assert (await client.post("/api/v1/runs", content=bytes(1_000))).text == "1000"
        assert (await client.post("/api/v1/runs", content=bytes(1_001))).status_code == 413
        assert (await client.post("/api/v1/runs", content=endless())).status_code == 413
        assert (await client.post("/api/v1/uploads", content=bytes(5_000))).text == "5000"
        assert (await client.post("/api/v1/runs", headers={"content-length": "-1"})).status_code == 413


async def test_who_asks_too_often_is_told_when_to_ask_again():
    """Each caller has its own count."""
    async with asking(AccessRules(RULES.hosts, requests_a_minute=3)) as client:
        answers = [await client.get("/", headers={"authorization": "Bearer a"}) for _ in range(4)]
        other = await client.get("/", headers={"authorization": "Bearer b"})
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert other.status_code == 200


def test_beyond_this_machine_each_caller_needs_a_token():
    """On loopback, the user of the machine needs none."""
    assert not AccessRules.of_address("127.0.0.1").needs_token
    assert AccessRules.of_address("0.0.0.0").needs_token
    assert AccessRules.of_address("192.0.2.1").needs_token


def test_an_owner_sees_its_own_runs_alone():
    """An admin sees all, and starts runs for others."""
    run = Run(id="00000000-0000-4000-8000-000000000000", name="A", ui_url="", owner="ada")
    ada, bob, admin = Caller("ada", is_admin=False), Caller("bob", is_admin=False), Caller("root")
    assert [caller.sees(run) for caller in (ada, bob, admin)] == [True, False, True]
    assert (ada.owner_for(""), admin.owner_for("ada")) == ("ada", "ada")
    with pytest.raises(HttpRefusal, match="another owner"):
        bob.owner_for("ada")


async def test_a_body_that_drips_or_stays_silent_is_refused_in_time():
    """The door waits for a byte as long as its rules say, and no longer."""

    async def dripping():
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    async def silent():
        yield b"x"
        await asyncio.sleep(60)

    async with asking(AccessRules(RULES.hosts, body_silence_s=0.3)) as client, asyncio.timeout(20):
        for body in (dripping(), silent()):
            answer = await client.post("/api/v1/uploads", content=body)
            assert (answer.status_code, "did not arrive in time" in answer.json()["detail"]) == (408, True)


async def test_one_caller_has_so_many_requests_at_once(monkeypatch):
    """Uploads that stay open are counted; another caller is not stopped."""
    monkeypatch.setattr(access, "MAX_UPLOADS_AT_ONCE", 2)
    over = asyncio.Event()

    async def wait(scope, receive, send):
        await over.wait()
        await echo(scope, receive, send)

    transport = httpx.ASGITransport(DoorKeeper(wait, RULES))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        open_ones = [asyncio.create_task(client.post("/api/v1/uploads")) for _ in range(2)]
        await asyncio.sleep(0.1)
        refused = await client.post("/api/v1/uploads")
        other = asyncio.create_task(client.post("/api/v1/uploads", headers={"authorization": "Bearer other"}))
        await asyncio.sleep(0.1)
        over.set()
        assert refused.status_code == 429
        assert {answer.status_code for answer in await asyncio.gather(*open_ones, other)} == {200}
        assert (await client.post("/api/v1/uploads")).status_code == 200


async def test_a_head_that_never_ends_is_cut(monkeypatch):
    """Slow loris: headers without an end, a silent connection, a second request that never comes; others are served."""
    monkeypatch.setattr(door, "HEAD_WITHIN_S", 0.5)
    server = uvicorn.Server(uvicorn.Config(echo, port=0, log_level="warning", lifespan="off", http=PatientProtocol))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(60):
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        async def lasted_s(first, then):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            since = time.monotonic()
            writer.write(first)
            with (
                closing(writer),
                suppress(ConnectionError),
            ):  # a door that closes while something is sent resets the connection
                while not reader.at_eof():
                    writer.write(then)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read(65536), 0.1)
            return time.monotonic() - since

        head, more = b"GET / HTTP/1.1\r\nHost: a\r\n", b"x: 1\r\n"
        await asyncio.gather(
            lasted_s(head, more), lasted_s(b"", b""), lasted_s(head + b"\r\n", more), lasted_s(b"G", b"E")
        )
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            slow_body = [await client.post("/", content=_slowly()), await client.get("/")]
        assert [answer.text for answer in slow_body] == ["3", "0"]
        server.should_exit = True
        await serving


async def _slowly():
    for _ in range(3):
        await asyncio.sleep(0.4)
        yield b"x"


class Order(Body):
    """A body of any values."""

    values: JsonValue = None
    at: Moment | None = None


@pytest.mark.parametrize(
    "values",
    [
        {"title": "a\0"}, ["half \ud800"], {"\udfff": 1}, 10**18 + 1, -(10**400), float("nan"), float("inf"),
        [{"order": 9**99}],
    ],
)  # fmt: skip
def test_a_body_holds_only_what_every_server_can_store(values):
    """A run with one of these stopped every list of runs, or no database takes it."""
    with pytest.raises(ValidationError, match="values"):
        Order.model_validate({"values": values})


def test_a_body_has_so_many_levels_and_its_moments_are_of_these_centuries():
    """As many levels as a request needs are taken; a moment without a time zone is in UTC."""
    deep = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    with pytest.raises(ValidationError, match="more than 60 levels"):
        Order.model_validate({"values": deep})
    assert Order.model_validate({"values": deep[0][0][0]}).values
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(ValidationError, match="between the years 2000 and 2199"):
            Order.model_validate({"at": moment})
    assert Order.model_validate({"at": "2030-01-01T00:00:00"}).at.utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("document", ExplainerRequest(document="/etc/passwd")),
        ("music.file", ExplainerRequest(document="https://a.example/b.md", music="/etc/passwd")),
        (
            "scenes.0.content.path",
            VideoRequest(title="P", scenes=[{"name": "P", "template": "picture", "content": {"path": "/etc/passwd"}}]),
        ),
        (
            "scenes.0.files.0",
            VideoRequest(title="P", scenes=[{"name": "P", "prompt": "A drawing", "files": ["/etc/passwd"]}]),
        ),
        ("look.name", VideoRequest(title="P", topic="Rain", look={"name": "../passwd"})),
        ("look.brand.logo", VideoRequest(title="P", topic="Rain", look={"brand": {"logo": "/etc/passwd"}})),
    ],
)
def test_only_an_admin_names_files_of_the_machine(field, given):
    """A document of the server's machine would become the film of a stranger; addresses and uploads are free."""
    with pytest.raises(HttpRefusal, match="only an admin's token") as refused:
        Caller("ada", is_admin=False).check_files(given, ("request",))
    assert (refused.value.status, refused.value.field) == (422, f"request.{field}")
    Caller("root").check_files(given)
    stored = "uploads/5c/5c140d35dcb46a622e2cedf5ef5cc3638cdffd1c118c9331f8c84669f0b74783.bin"
    for name in (stored, "https://a.example/b.md"):
        Caller("ada", is_admin=False).check_files(ExplainerRequest(document=name, music="calm"))
