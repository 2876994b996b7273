"""A new kind of film is one row of the table: start, status, approval, manifest and regeneration take it from there."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.states import Completed, Pending
from pydantic import Field

from callsheet import client
from callsheet.cli.request import with_approval
from callsheet.errors import InvalidRequest
from callsheet.model.deployed import DEPLOYMENT_NAME
from callsheet.model.film.media import Clip, Stills, StoredObject, Video
from callsheet.model.film.storable import StorableScene
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.labels import KIND
from callsheet.model.run import kinds
from callsheet.model.run.approval import Answer
from callsheet.model.run.kinds import Approval, FilmKind
from callsheet.model.run.manifest import Manifest
from callsheet.model.values import FileRequest
from callsheet.request_reader import kind_of
from callsheet.server.requests import read_kind
from callsheet.sources.proposal_file import proposal_text, read_proposed_scenes
from tasks.run.approval import ask_for_approval, was_asked
from tasks.run.request import name_run, take_request

FILE = StoredObject(key="videos/00/00.mp4", sha256="00", size_bytes=1, media_type="video/mp4")
SIZE = {"stored": FILE, "profile": "draft", "width": 854, "height": 480, "frame_rate": 15, "frames": 15}


class Slide(StorableScene):
    """A scene of the toy."""

    name: str
    bullet: str
    take: int = 1


class SlidesRequest(FileRequest):
    """A film of slides."""

    title: str
    scenes: tuple[Slide, ...] = Field(min_length=1)
    approval: bool = False
    approve_within_h: float = 1

    def in_film_order(self) -> tuple[Slide, ...]:
        """Return the slides as they are listed."""
        return self.scenes


class SlidesDecision(Answer[Slide]):
    """The answer for a film of slides."""


SLIDES = FilmKind(
    name="slides",
    flow="make-slides",
    request=SlidesRequest,
    words="a film of slides",
    scene_fields=frozenset({"bullet"}),
    scene=Slide,
    in_film_order=SlidesRequest.in_film_order,
    approval=Approval(decision=SlidesDecision, always=True, once_approved=False),
    length_s=lambda request: 1.0 * len(request.scenes),
)


async def page():
    """What a person who approves reads."""
    return "two slides"


async def as_it_is(plan):
    """Nothing is prepared."""
    return plan


@flow(name="make-slides", flow_run_name=name_run, validate_parameters=False, persist_result=True)
@take_request
async def make_slides(request: SlidesRequest) -> Manifest:
    """Make a film of slides, after approval if that is wanted."""
    plan = await ask_for_approval(request, page, as_it_is) if request.approval or was_asked() else request
    return Manifest(
        title=plan.title, video=Video(**SIZE), stills=Stills(poster=FILE, thumbnail=FILE, contact_sheet=FILE),
        timeline=plan_timeline((Clip(**SIZE),), MergeOptions()), scenes=(), missing_scenes=(), request=plan,
        versions={}, steps=(), run_id=str(uuid4()), created_at=datetime.now(UTC),
    )  # fmt: skip


def slides(title, **options):
    """A film of two slides."""
    scenes = [{"name": name, "bullet": f"{name}!"} for name in ("One", "Two")]
    return SlidesRequest.model_validate({"title": title, "scenes": scenes, **options})


@pytest.fixture
def toy(monkeypatch):
    """The table with one row more: the product knows nothing else of the new kind."""
    monkeypatch.setattr(kinds, "KINDS", (*kinds.KINDS, SLIDES))


@asynccontextmanager
async def deployed():
    """A deployment of the toy that no runner takes: its runs are made in this process."""
    async with get_client() as prefect:
        flow_id = await prefect.create_flow_from_name("make-slides")
        deployment_id = await prefect.create_deployment(flow_id, DEPLOYMENT_NAME)
        yield prefect, deployment_id
        await prefect.delete_deployment(deployment_id)


async def made_here(prefect, run):
    """Let the flow of the toy run in this process, as a runner would start it."""
    await prefect.set_flow_run_state(run.id, Pending(), force=True)
    return await run_flow(make_slides, flow_run=await prefect.read_flow_run(run.id))


async def test_a_toy_kind_is_started_shown_approved_and_made_again(toy, prefect_server):
    """One row brings it from the start to a scene that is made again."""
    async with deployed() as (prefect, _):
        run = await client.start(slides("Toy", approval=True))
        assert (run.kind, (await prefect.read_flow_run(run.id)).labels[KIND]) == ("slides", "slides")
        status = await client.status(run)
        assert [(scene.number, scene.name) for scene in status.scenes] == [(1, "One"), (2, "Two")]
        assert status.steps_total == 5
        with pytest.raises(Pause):
            await made_here(prefect, run)
        shown = await client.proposal(run)
        assert (shown.page, shown.scenes) == ("two slides", slides("Toy").scenes)
        await client.approve(run, scenes=shown.scenes[::-1])
        assert [scene.name for scene in (await client.status(run)).scenes] == ["Two", "One"]
        await made_here(prefect, run)
        manifest = await client.result(run)
        assert manifest.request == slides("Toy", approval=True, scenes=shown.scenes[::-1])
        assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest
        anew = await client.regenerate(run, "One")
        request = (await prefect.read_flow_run(anew.id)).parameters["request"]
        assert request["approval"] is False
        assert [(scene["name"], scene["take"]) for scene in request["scenes"]] == [("Two", 1), ("One", 2)]


async def test_a_run_without_the_label_is_known_by_its_flow_and_gets_the_label_when_it_begins(toy, prefect_server):
    """An earlier version started it, or the Prefect UI did."""
    parameters = {"request": slides("Unlabelled").model_dump(mode="json")}
    async with deployed() as (prefect, deployment_id):
        run = await prefect.create_flow_run_from_deployment(deployment_id, parameters=parameters)
        assert KIND not in run.labels
        assert await read_kind(prefect, run) is SLIDES
        assert [scene.name for scene in (await client.status(run.id)).scenes] == ["One", "Two"]
        await made_here(prefect, run)
        assert (await prefect.read_flow_run(run.id)).labels[KIND] == "slides"


async def test_a_run_of_another_flow_has_no_kind(prefect_server):
    """Its request may look like that of a film; Callsheet does not guess."""
    async with get_client() as prefect:
        flow_id = await prefect.create_flow_from_name("flow-of-a-person")
        deployment_id = await prefect.create_deployment(flow_id, DEPLOYMENT_NAME)
        run = await prefect.create_flow_run_from_deployment(
            deployment_id,
            parameters={"request": {"title": "Moves", "picture": "a.png"}},
            state=Completed(),
        )
        assert (await client.status(run.id)).steps_total == 0
        with pytest.raises(InvalidRequest, match="is not that of a video, so it has no scenes"):
            await client.regenerate(run.id, "1")
        await prefect.delete_deployment(deployment_id)


def test_files_of_a_toy_kind_are_read(toy, tmp_path):
    """Its request file, the storyboard that a person changes, and the switch that asks for approval."""
    file = tmp_path / "slides.yaml"
    file.write_text("title: File\nscenes:\n- {name: One, bullet: first}\n")
    assert kind_of(file) is SlidesRequest
    request = SlidesRequest.from_file(file)
    assert with_approval(request).approval is True
    file.write_text(proposal_text(client.Proposal(run_id=uuid4(), name="File", page="", scenes=request.scenes)))
    assert read_proposed_scenes(file) == request.scenes
