"""What the HTTP API answers before it asks a Prefect server."""

import re
from html import escape

import httpx
import pytest

from callsheet.gateway.access import Caller, find_caller
from callsheet.gateway.api import make_api
from callsheet.settings import Settings

STUDIO = "https://studio.example.com"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def api():
    """The app of a door on this machine that pages of one other site may ask."""
    return make_api(Settings(api_origins=frozenset({STUDIO})), "127.0.0.1")


def asking(app):
    """A client of the app, without a server."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("template", "content", "sentence"),
    [
        ("no-such", {}, "template"),
        ("quote", {"text": "a", "said_by": 1}, "content.said_by"),
        ("bullets", {"points": []}, "content.points"),
        ("equation", {"steps": ["\\frac{1}{"]}, "content.steps"),
        ("picture", {"path": "https://example.com/a.png"}, "content.path"),
    ],
)
async def test_a_preview_of_wrong_content_names_the_field(api, template, content, sentence):
    """No process starts for it."""
    async with asking(api) as client:
        answer = await client.post("/api/v1/previews", json={"template": template, "content": content})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not api.state.previews.pool._children


async def test_a_preview_names_no_file_of_the_machine_for_others_than_its_user(api):
    """As a request for a film; only an admin's token names one."""
    body = {"template": "picture", "content": {"path": "/etc/hostname"}}
    api.dependency_overrides[find_caller] = lambda: Caller("ada", is_admin=False)
    try:
        async with asking(api) as client:
            answer = await client.post("/api/v1/previews", json=body)
    finally:
        api.dependency_overrides.clear()
    assert (answer.status_code, answer.json()["field"]) == (422, "content.path")


async def test_pages_of_allowed_origins_can_read_answers(api):
    """Their browser asks first, with OPTIONS; a page of another site gets no leave."""
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,idempotency-key"}
    async with asking(api) as client:
        allowed = await client.options("/api/v1/runs", headers={"origin": STUDIO, **asks})
        other = await client.options("/api/v1/runs", headers={"origin": "https://evil.example.com", **asks})
        read = await client.get("/api/v1/looks", headers={"origin": STUDIO})
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, STUDIO)
    assert "access-control-allow-origin" not in other.headers
    assert (read.status_code, read.headers["access-control-allow-origin"]) == (200, STUDIO)


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"{request", 400, "the body is no JSON"),
        (b'{"request":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, ""),
        (b'{"request":{"title":"a\\ud800"}}', 422, "request.title: holds U+D800"),
        (b'{"kind":"a\\u0000","request":{}}', 422, "kind: holds U+0000"),
        (b'{"request":{"title":"a","order":' + b"9" * 30 + b"}}", 422, "request.order: is a number that programs"),
        (b'{"request":{},"owner":"a\\r\\nb"}', 422, "owner: "),
        (b" " * 5_000_000, 413, "takes at most 4 MB"),
    ],
    ids=lambda part: str(part)[:20],
)
async def test_a_body_that_can_not_be_stored_is_a_problem_with_a_sentence(api, content, status, sentence):
    """Also one that comes in parts, without a length."""

    async def in_parts():
        for place in range(0, len(content), 500_000):
            yield content[place : place + 500_000]

    async with asking(api) as client:
        for sent in (content, in_parts()):
            answer = await client.post("/api/v1/runs", content=sent, headers=JSON)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            assert sentence in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/api/v1/runs/%00", "/api/v1/runs?owner=%00", "/api/workflows/status?runId=%00"])
async def test_an_address_with_a_character_that_is_none_is_refused(api, address):
    """No database takes U+0000."""
    async with asking(api) as client:
        answer = await client.get(address)
    assert (answer.status_code, "U+0000" in answer.json()["detail"]) == (400, True)


async def test_no_answer_leads_to_the_host_that_a_caller_names(api):
    """A path with a slash too many is no path."""
    async with asking(api) as client:
        assert (await client.get("/api/v1/looks/")).status_code == 404


LINKS = [
    "/s/", "/s/%00", "/s/..%2f..%2fetc%2fpasswd", f"/s/{'a' * 5000}", "/s/%25", "/s/x%0d%0aset-cookie:%20a=b",
    "/s/callsheet_token_/poster", "/s/<script>alert(1)</script>", f"/s/{'é' * 43}", "/s/a?t=nan",
]  # fmt: skip


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link[:40])
async def test_a_link_that_no_one_made_shows_nothing(api, link):
    """Whatever stands in it: one sentence, no header of the caller's, and nothing of what was sent."""
    async with asking(api) as client:
        answer = await client.get(link)
    assert answer.status_code in (400, 404, 422)
    assert "set-cookie" not in answer.headers
    assert "alert(1)" not in answer.text
    assert "Traceback" not in answer.text


async def test_the_description_of_the_api_asks_no_other_host(api):
    """Every path is on the page; it runs no program, and names no address of another site."""
    async with asking(api) as client:
        page = await client.get("/api/docs")
        described = (await client.get("/api/openapi.json")).json()
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert [path for path in described["paths"] if escape(path) not in page.text] == []
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href)="(?![/#])', page.text)


async def test_a_video_config_is_checked_scene_by_scene(api):
    """What is wrong is said with its place; what is not read here is refused with what to do instead."""
    scene = {"scene_id": "a", "scene_type": "list", "narration": "One.", "visual_content": {"title": "One"}}
    config = {"input_type": "programmatic", "source": {"title": "Told", "scenes": [scene]}}
    misspelt = {**config, "source": {"title": "Told", "scenes": [{**scene, "scene_typ": "list"}]}}
    other_voice = {**config, "source": {"title": "Told", "scenes": [{**scene, "voice": "emma"}]}}
    youtube = {"input_type": "youtube", "source": "https://a.example/b"}
    async with asking(api) as client:
        for body, field in (
            (config, "request.storyboard.scenes.0.content.points"),
            (misspelt, "source.scenes.0.scene_typ"),
            (other_voice, "source.scenes.0.voice"),
            (youtube, "input_type"),
            ({**youtube, "input_type": "yaml"}, "input_type"),
            ({**config, "source": "a.md"}, "source"),
            ({**config, "task_id": "a/b"}, "task_id"),
        ):
            answer = await client.post("/api/pipeline/tasks", json=body)
            problem = answer.json()
            assert (answer.status_code, problem["field"]) == (422, field)
            assert (problem["success"], problem["error"]) == (False, problem["detail"])
