"""The rules of the front door, without a server behind it: hosts, origins, sizes and how often one may ask."""

import httpx
import pytest

from callsheet.gateway.access import AccessRules, Caller, DoorKeeper
from callsheet.gateway.problems import HttpRefusal
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
