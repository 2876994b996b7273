"""A link plays one video without a token, and nothing else; its owner revokes it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from callsheet import client
from callsheet.errors import InvalidRequest
from callsheet.gateway import access, shares
from callsheet.gateway.access import MinuteCounts
from callsheet.gateway.problems import HttpRefusal
from tests.flows.commands import run as command
from tests.flows.films import film, last_status, titled

PATIENCE_S = 60
SHORT_S = 4
GONE = "This link does not exist, its time is over, or its owner has revoked it."
TITLE = '</title><script>alert(1)</script>"'


@pytest.fixture
async def api(prefect_server):
    """A client of the gateway of the embedded server, without a token."""
    async with httpx.AsyncClient(base_url=prefect_server.gateway_url, timeout=PATIENCE_S) as asking:
        yield asking


async def of(owner):
    """The header of a token for an owner."""
    return {"authorization": f"Bearer {await client.add_token(owner)}"}


async def test_a_link_plays_one_video_until_it_is_revoked(api, prefect_server):
    """The page has title, captions and chapters, runs no program, and names neither the run nor the store."""
    ada, mallory = await of("ada-who-shares"), await of("mallory")
    narration = [{"text": "Shared with everyone."}]
    scenes = [titled('<img src=x onerror="alert(1)">', narration=narration), titled("Second")]
    for scene in scenes:
        scene["content"] = {"title": scene["name"]}
    made = await client.start(film(TITLE, scenes), owner="ada-who-shares")
    status = await last_status(made)
    assert status.is_completed, status.message
    place = f"/api/v1/runs/{made.id}/shares"
    for method, path in (("POST", place), ("GET", place), ("DELETE", f"{place}/0123456789abcdef")):
        assert (await api.request(method, path, headers=mallory)).status_code == 404

    shared = await api.post(place, headers=ada)
    assert (shared.status_code, shared.headers["cache-control"]) == (201, "no-store")
    link = shared.json()["path"]
    page = await api.get(link)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = page.headers["content-security-policy"]
    assert "script" not in policy.replace("sandbox allow-same-origin", "")
    assert policy.startswith("default-src 'none';")
    assert "sandbox" in policy
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "&lt;/title&gt;&lt;script&gt;" in page.text
    assert "Second</a>" in page.text
    assert str(made.id) not in page.text
    assert "/media/" not in page.text
    for file, beginning in (("video", b"ftyp"), ("captions", b"TT\n\n"), ("poster", b"")):
        assert f"{link}/{file}" in page.text
        part = await api.get(f"{link}/{file}", headers={"range": "bytes=4-7"})
        assert (part.status_code, part.content[: len(beginning)]) == (206, beginning)
        assert (await api.head(f"{link}/{file}")).status_code == 200
    assert "Shared with everyone." in (await api.get(f"{link}/captions")).text
    assert f'src="{link}/video#t=1.5"' in (await api.get(link, params={"t": 1.5})).text
    for file in ("manifest", "../api", "video/x", "%2e%2e%2fvideo"):
        assert (await api.get(f"{link}/{file}")).status_code == 404

    token = link.removeprefix("/s/")
    for path in (f"/api/v1/runs/{made.id}", place, "/api/v1/films"):
        assert (await api.get(path, headers={"authorization": f"Bearer {token}"})).status_code == 401
    other = await client.start(film("Other"), owner="mallory", at=datetime.now(UTC) + timedelta(hours=1))
    unmade = await api.post(f"/api/v1/runs/{other.id}/shares", headers=mallory)
    assert (unmade.status_code, "has no film" in unmade.json()["detail"]) == (409, True)
    foreign = await api.delete(f"/api/v1/runs/{other.id}/shares/{shared.json()['id']}", headers=mallory)
    assert (foreign.status_code, foreign.json()["field"]) == (404, "share_id")
    await client.cancel(other)

    kept = await client.list_shares(made)
    assert token not in json.dumps([each.model_dump(mode="json") for each in kept])
    [listed] = (await api.get(place, headers=ada)).json()
    assert (set(listed), listed["expires_at"]) == ({"id", "run_id", "created_at", "expires_at"}, None)
    second = command("share", str(made.id)).strip()
    assert second.startswith(f"{prefect_server.gateway_url.rstrip('/')}/s/")
    assert (await api.delete(f"{place}/{listed['id']}", headers=ada)).status_code == 204
    for path, words in ((link, f"<p>{GONE}</p>"), (f"{link}/video", GONE)):
        gone = await api.get(path)
        assert (gone.status_code, words in gone.text) == (404, True)
    assert (await api.get(second)).status_code == 200
    short = await api.post(place, headers=ada, json={"expires_in_days": SHORT_S / 86_400})
    assert (await api.get(short.json()["path"])).status_code == 200
    lasting = command("share", str(made.id), "--days", "30", "--json")
    until = datetime.fromisoformat(json.loads(lasting)["expires_at"])
    assert abs(until - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=5)
    assert f"until {until:%Y-%m-%d}" in command("share", str(made.id), "--list")
    await asyncio.sleep(SHORT_S)
    assert (await api.get(short.json()["path"])).status_code == 404
    assert (await api.get(f"{short.json()['path']}/video")).status_code == 404
    assert short.json()["id"] not in {each["id"] for each in (await api.get(place, headers=ada)).json()}
    assert (await api.post(place, headers=ada, json={"expires_in_days": 0})).status_code == 422
    assert command("unshare", str(made.id)).strip() == "Revoked 2 links."
    assert (await api.get(second)).status_code == 404
    with pytest.raises(InvalidRequest, match="has no link"):
        await client.revoke_share(made, listed["id"])
    for each in await client.list_tokens():
        await client.revoke_token(each.id)


async def test_guessing_links_ends_soon(prefect_server):
    """An address that has asked for many links that do not exist waits; others do not."""

    def asking(address):
        state = SimpleNamespace(wrong_shares=counts)
        return SimpleNamespace(app=SimpleNamespace(state=state), client=SimpleNamespace(host=address))

    counts = MinuteCounts()
    with pytest.raises(HttpRefusal, match="wrong links in a minute") as refused:
        for number in range(2 * access.WRONG_TOKENS_A_MINUTE):
            assert await shares._film_of(f"{number:043}", asking("192.0.2.1")) is None
    assert (refused.value.status, int(refused.value.headers["retry-after"]) > 0) == (429, True)
    assert await shares._film_of("a" * 43, asking("192.0.2.2")) is None
