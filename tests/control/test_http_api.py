"""The HTTP API on a real server: start, follow, approve and control runs, as their owners."""

import asyncio
import json
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from callsheet import client
from tests.flows.asking import waiting
from tests.flows.films import film, last_status, titled

PATIENCE_S = 90


@pytest.fixture
async def api(prefect_server):
    """A client of the gateway of the embedded server, without a token."""
    async with httpx.AsyncClient(base_url=prefect_server.gateway_url, timeout=PATIENCE_S) as asking:
        yield asking


def order(title, **options):
    """The body that starts a draft of a title scene."""
    return {"request": film(title, **options).model_dump(mode="json", exclude_unset=True)}


def in_an_hour():
    """A moment for runs that are only counted."""
    return (datetime.now(UTC) + timedelta(hours=1)).isoformat()


async def events_of(api, run_id, after="", at_most=None):
    """Ids and kinds of the events of a stream that is cut after `at_most` of them."""
    found, event_id, kind = [], "", ""
    headers = {"last-event-id": after} if after else {}
    async with api.stream("GET", f"/api/v1/runs/{run_id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async with aclosing(answer.aiter_lines()) as lines:
            async for line in lines:
                name, _, value = line.partition(": ")
                event_id = value if name == "id" else event_id
                kind = value if name == "event" else kind
                if not line and event_id:
                    found.append((event_id, kind))
                    event_id = kind = ""
                    if at_most is not None and len(found) == at_most:
                        break
    return found


async def test_a_key_starts_one_run_and_tells_where_it_is(api):
    """The second answer is the first run, and another request with the key is refused."""
    key = {"idempotency-key": "over http"}
    first = await api.post("/api/v1/runs", json={**order("Keyed by HTTP"), "at": in_an_hour()}, headers=key)
    assert first.status_code == 201
    assert first.headers["location"] == f"/api/v1/runs/{first.json()['id']}"
    again = await api.post("/api/v1/runs", json={**order("Keyed by HTTP"), "at": in_an_hour()}, headers=key)
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    other = await api.post("/api/v1/runs", json=order("Keyed otherwise"), headers=key)
    assert (other.status_code, other.json()["field"]) == (422, "idempotency_key")
    cancelled = await api.post(f"{first.headers['location']}/cancel")
    assert cancelled.json()["state"] == "Cancelled"


async def test_each_mistake_of_a_request_is_a_sentence_about_its_field(api):
    """The answer is a problem (RFC 9457)."""
    scene = {"name": "One", "template": "titl", "content": {"a": 1}}
    written = {"title": "Wrong", "profile": "draf", "scenes": [scene]}
    answer = await api.post("/api/v1/runs", json={"request": written})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [problem["field"] for problem in answer.json()["problems"]] == [
        "request.profile",
        "request.scenes.0.template",
    ]
    assert "did you mean “draft”?" in answer.json()["detail"]
    unknown = await api.post("/api/v1/runs", json={"kind": "vidoe", "request": written})
    assert unknown.json()["detail"] == "kind: “vidoe” is unknown; did you mean “video”?"
    assert (await api.get("/api/v1/runs/no-such-run")).json()["detail"] == "there is no run “no-such-run”"


async def test_a_stream_that_is_cut_again_and_again_loses_and_repeats_no_event(api):
    """Each part begins after the last event of the part before; together they are the whole stream."""
    started = await api.post("/api/v1/runs", json=order("Streamed", scenes=2))
    run_id = started.json()["id"]
    parts, after = [], ""
    for cut in range(1, 11):
        part = await events_of(api, run_id, after, at_most=cut % 3 + 1)
        parts += part
        after = part[-1][0]
    parts += await events_of(api, run_id, after)
    assert parts == await events_of(api, run_id)
    assert (parts[0][1], parts[-1][1]) == ("run-scheduled", "completed")
    assert len({event_id for event_id, _ in parts}) == len(parts)
    view = await api.get(f"/api/v1/runs/{run_id}")
    assert view.json()["status"]["is_completed"]
    unchanged = await api.get(f"/api/v1/runs/{run_id}", headers={"if-none-match": view.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    steps = (await api.get(f"/api/v1/runs/{run_id}/steps")).json()
    assert {(step["step"].partition(" ")[0], step["is_done"]) for step in steps} >= {
        ("render-scene", True),
        ("merge-clips", True),
    }
    manifest = (await api.get(f"/api/v1/runs/{run_id}/manifest")).json()
    made = (await api.get(f"/api/v1/runs/{run_id}/film")).json()
    assert made["key"] == manifest["video"]["stored"]["key"]
    pipeline = (await api.get(f"/api/v1/runs/{run_id}/pipeline")).json()
    assert (pipeline["success"], pipeline["status"]) == (True, "completed")
    assert pipeline["timing_report"] is None
    assert pipeline["video_path"].endswith(made["key"])
    assert (await api.get(made["url"], headers={"range": "bytes=4-7"})).content == b"ftyp"


async def test_a_changed_storyboard_is_approved_and_a_scene_is_made_again(api):
    """The scenes of the answer are the film's, in their order."""
    asked = await client.start(film("Asked by HTTP", scenes=2, approval=True))
    await waiting(asked)
    shown = (await api.get(f"/api/v1/runs/{asked.id}/storyboard")).json()
    scenes = [*reversed(shown["scenes"]), titled("Added by HTTP")]
    assert (await api.post(f"/api/v1/runs/{asked.id}/approve", json={"scenes": scenes})).status_code == 200
    assert (await last_status(asked)).is_completed
    made = (await api.get(f"/api/v1/runs/{asked.id}")).json()["status"]["scenes"]
    assert [scene["name"] for scene in made] == ["Asked by HTTP 2", "Asked by HTTP 1", "Added by HTTP"]
    late = await api.post(f"/api/v1/runs/{asked.id}/approve")
    assert (late.status_code, "does not wait for approval" in late.json()["detail"]) == (409, True)
    again = await api.post(f"/api/v1/runs/{asked.id}/regenerate", json={"scene": 3, "take": 2})
    assert again.status_code == 201
    assert (await last_status(again.json()["id"])).is_completed


async def test_a_film_of_a_screenplay_stops_after_a_stage_and_continues(api):
    """What there is can be read; there is no film yet, and the rest is another run."""
    script = "INT. HALL - DAY\n\nANNA (30) waits.\n\nANNA\nAnyone?"
    asked = {"title": "Staged by HTTP", "script": script, "workflow": "script_analysis_only"}
    started = (await api.post("/api/v1/runs", json={"request": asked})).json()
    assert (await last_status(started["id"])).is_completed
    place = f"/api/v1/runs/{started['id']}"
    stage = (await api.get(f"{place}/stage")).json()
    assert (stage["stage"], [each["name"] for each in stage["analysis"]["characters"]]) == ("analysis", ["ANNA"])
    refused = await api.get(f"{place}/manifest")
    assert (refused.status_code, "it stopped after the analysis" in refused.json()["detail"]) == (409, True)
    rest = await api.post(f"{place}/continue", json={"stop_after": "board"})
    assert rest.status_code == 201
    assert (await last_status(rest.json()["id"])).is_completed
    board = (await api.get(f"{rest.headers['location']}/stage")).json()
    assert (board["stage"], board["plan"]["scenes"][0]["name"]) == ("board", "1.1")
    wrong = await api.post(f"{place}/continue", json={"stop_after": "lunch"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "stop_after")


async def test_a_run_belongs_to_its_owner_and_others_do_not_know_of_it(api):
    """An admin sees all; a revoked token is refused."""
    ada, bob = await client.add_token("ada"), await client.add_token("bob")
    admin = await client.add_token("root", is_admin=True)

    def as_(token):
        return {"authorization": f"Bearer {token}"}

    body = {**order("Ada's"), "at": in_an_hour()}
    started = await api.post("/api/v1/runs", json=body, headers=as_(ada))
    place = started.headers["location"]
    assert started.json()["owner"] == "ada"
    hidden = await api.get(place, headers=as_(bob))
    assert (hidden.status_code, hidden.json()["detail"]) == (404, f"there is no run “{place.rpartition('/')[2]}”")
    for verb in ("pause", "resume", "cancel", "retry", "approve", "reject"):
        assert (await api.post(f"{place}/{verb}", headers=as_(bob))).status_code == 404
    assert (await api.get("/api/v1/runs", headers=as_(bob))).json() == []
    assert [run["owner"] for run in (await api.get("/api/v1/runs", headers=as_(ada))).json()] == ["ada"]
    assert (await api.get(place, headers=as_(admin))).status_code == 200
    for_ada = await api.post("/api/v1/runs", json={**body, "owner": "ada"}, headers=as_(bob))
    assert (for_ada.status_code, for_ada.json()["field"]) == (403, "owner")
    assert (await api.post(f"{place}/cancel", headers=as_(ada))).json()["state"] == "Cancelled"
    unknown = await api.get(place, headers=as_("cs_unknown"))
    assert (unknown.status_code, unknown.headers["www-authenticate"]) == (401, "Bearer")
    kept = await client.list_tokens()
    assert [(each.owner, each.is_admin) for each in kept] == [("ada", False), ("bob", False), ("root", True)]
    assert not any(token in json.dumps([each.model_dump(mode="json") for each in kept]) for token in (ada, bob, admin))
    for each in kept:
        await client.revoke_token(each.id)
    assert (await api.get(place, headers=as_("cs_new" + ada))).status_code == 401


async def test_a_hundred_looks_at_once_are_few_at_the_server(api):
    """A status is shared by all who ask within half a second."""
    run = await client.start(film("Asked often"), at=datetime.now(UTC) + timedelta(hours=1))
    answers = await asyncio.gather(*(api.get(f"/api/v1/runs/{run.id}") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["etag"] for answer in answers}) == 1
    await client.cancel(run)


async def test_what_can_be_made_is_listed_with_its_forms(api):
    """Templates with examples, kinds with the schema of their request, voices by language, flows."""
    templates = (await api.get("/api/v1/templates")).json()
    assert {"title", "bullets"} <= {template["name"] for template in templates}
    assert all(template["example"] for template in templates)
    kinds = (await api.get("/api/v1/kinds")).json()
    assert {"video", "pairs"} <= {kind["kind"] for kind in kinds}
    german = (await api.get("/api/v1/voices", params={"language": "de"})).json()
    assert german
    assert "generate-video/video" in {flow["name"] for flow in (await api.get("/api/v1/flows")).json()}
    described = (await api.get("/api/openapi.json")).json()
    assert "/api/v1/runs/{run_id}/events" in described["paths"]
