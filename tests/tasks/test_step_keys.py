"""Keys of what was paid, and of what took long: an earlier version has stored values under them.

The keys below are those of version 74cf39d. If one of them changes, people pay again for what they have. Where our own
code or other packages are part of a key, they are left out here: they change, and are meant to.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prefect.utilities.callables import get_call_parameters

from callsheet.model.film.document import Document, DocumentKind
from callsheet.model.film.look import Look
from callsheet.model.film.media import Clip, StoredObject, Video
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode, ValidatedSceneCode
from callsheet.model.film.timeline import MergeOptions, plan_timeline
from callsheet.model.footage.jobs import Fit, JobKind, Submitted
from callsheet.model.footage.orders import FootageMaker, FootageOrder, FootageRecord, Intent, MadeFootage
from callsheet.model.run.attempts import AskingAgain
from callsheet.model.run.writing import (
    OutlineWriting,
    SceneWriting,
    StageFacts,
    StoryboardQuestion,
    StoryboardWriting,
)
from tasks import editing, footage, policies, scenes, storyboarding, writing
from tasks.paid_jobs.notes import Notes
from tasks.wiring import WriterIdentity

AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
LABEL = {"label": "01 Harbour"}
PICTURE = StoredObject(key="pictures/ab.png", sha256="ab" * 32, size_bytes=6, media_type="image/png")
FILM = StoredObject(key="clips/cd.mp4", sha256="cd" * 32, size_bytes=6, media_type="video/mp4")
CLIP = Clip(stored=FILM, profile="draft", width=854, height=480, frame_rate=15, frames=15)
VIDEO = Video(**dict(CLIP))
DRAFT = PROFILES[ProfileName.DRAFT]

MAKER = FootageMaker(name="replicate", url="https://replicate.example.com")
JOB = {"maker": MAKER, "job_key": "a job", "replaces": "", **LABEL}
ORDER = FootageOrder(kind=JobKind.ANIMATE_IMAGE, prompt="slowly zoom in", pictures=(PICTURE,))
SUBMITTED = Submitted(
    provider="replicate",
    model="m",
    kind=JobKind.ANIMATE_IMAGE,
    job_key="a job",
    prediction_id="p1",
    submitted_at=AT,
    deadline_at=AT,
    estimate_usd=0.27,
)
INTENT = Intent(job_key="a job", at=AT)
RECORD = FootageRecord(kind=JobKind.ANIMATE_IMAGE, provider="replicate", model="m", prediction_id="p1")
RECEIVED = {"order": ORDER, "submitted": SUBMITTED}

ORIGIN = Origin(kind=OriginKind.CODE, maker="the request")
CODE = SceneCode(scene_name="Harbour", class_name="Harbour", source="class Harbour: ...", origin=ORIGIN)
CHECKED = {"code": ValidatedSceneCode(**dict(CODE)), "profile": DRAFT, **LABEL}
WRITER = {"writer": WriterIdentity(model="openai:gpt-5-mini", base_url=None)}
QUESTION = {"attempt": 1, "again": AskingAgain(asks_left=3)}
FACTS = StageFacts(manim_version="0.22", has_latex=False)
SCENE = SceneWriting(
    name="Harbour", prompt="A harbour", profile=DRAFT, look=Look(), colours={"text": "#ffffff"}, stage=FACTS
)
BOARD = StoryboardWriting(
    document=Document(title="Tides", kind=DocumentKind.MARKDOWN, origin="tides.md", digest="0" * 64, blocks=()),
    language="en",
    length_s=90,
)
REPAIR = writing.RepairQuestion(code=CODE, findings=(Finding(line=1, message="a"),), hint="")

STEPS = {
    "intend-footage": (footage.FOOTAGE.intend, {**JOB, "at": AT, "asked_by": "a run"}),
    "submit-footage": (footage.FOOTAGE.submit, {**JOB, "intent": INTENT, "job": None}),
    "receive-footage": (footage.FOOTAGE.receive, {**JOB, **RECEIVED}),
    "receive-footage in place of a cancelled one": (footage.FOOTAGE.receive, {**JOB, **RECEIVED, "replaces": "p0"}),
    "conform-clip": (
        footage._conform_clip,
        {
            "made": MadeFootage(stored=FILM, record=RECORD),
            "profile": ProfileName.DRAFT,
            "fit": Fit.FILL,
            "maker": MAKER,
            **LABEL,
        },
    ),
    "write-outline": (
        writing._write_outline,
        {"writing": OutlineWriting(topic="Shapes", scenes_at_most=6), **WRITER, **QUESTION, "hint": ""},
    ),
    "draft-storyboard": (
        storyboarding._draft_storyboard,
        {"question": StoryboardQuestion(writing=BOARD), **WRITER, **QUESTION},
    ),
    "write-scene-code": (writing._write_scene_code, {"writing": SCENE, **WRITER, **LABEL, **QUESTION, "hint": ""}),
    "repair-scene-code": (
        writing._repair_scene_code,
        {"writing": SCENE, "asked": REPAIR, **WRITER, **LABEL, **QUESTION, "attempt": 2, "log_tail": "at 0x7f"},
    ),
    "rehearse-scene": (scenes.rehearse_scene, CHECKED),
    "render-scene": (scenes.render_scene, CHECKED),
    "render-scene that was rehearsed": (scenes.render_scene, {**CHECKED, "animations": 3}),
    "merge-clips": (editing.merge_clips, {"timeline": plan_timeline((CLIP,), MergeOptions())}),
    "make-stills": (editing.make_stills, {"video": VIDEO, "title": "Harbour"}),
    "add-tracks": (editing.add_tracks, {"video": VIDEO, "music": None, "captions": PICTURE}),
}
KEYS = {
    "intend-footage": "intend-footage-replicate-eaf780d95780642ea0fc2b6f8d735a0e",
    "submit-footage": "submit-footage-replicate-eaf780d95780642ea0fc2b6f8d735a0e",
    "receive-footage": "receive-footage-replicate-eaf780d95780642ea0fc2b6f8d735a0e",
    "receive-footage in place of a cancelled one": "receive-footage-replicate-02e81f0c8edd4af6b24586115140c409",
    "conform-clip": "conform-clip-019e192c715805f690e68658147e749a",
    "write-outline": "write-44bef6b9083777d728e3eafe4c1e95b6",
    "draft-storyboard": "write-9f8ad73e441d93b6d1d126fb01aef445",
    "write-scene-code": "write-8ec461648500d7a7ddb556a5c7de1e71",
    "repair-scene-code": "write-5f45c3eea71bdc3d81c47dd022cd378e",
    "rehearse-scene": "rehearse-scene-d83524906e926c7233dbffc803877d37",
    "render-scene": "render-scene-d83524906e926c7233dbffc803877d37",
    "render-scene that was rehearsed": "render-scene-d83524906e926c7233dbffc803877d37",
    "merge-clips": "merge-clips-8070b3ef62c3773734cd8011aec835fe",
    "make-stills": "make-stills-b0c48310bf7b7db7ee221e6b6a9fe83e",
    "add-tracks": "add-tracks-31b23e2f14046d3e21de88715b3e0faa",
}


@pytest.mark.parametrize("call", STEPS)
def test_a_step_finds_what_it_stored_under_an_earlier_version(call):
    """The key that Prefect asks the step's policy for, with the arguments as Prefect binds them."""
    step, given = STEPS[call]
    policy = step.task.cache_policy
    if isinstance(policy, policies.ContentKey):
        policy = replace(policy, modules=(), packages=())
    assert policy.compute_key(None, get_call_parameters(step.task.fn, (), given), {}) == KEYS[call]
    assert step.task.name == call.split(" ")[0]


def test_the_notes_on_predictions_are_found_where_an_earlier_version_put_them():
    """What was accepted, paid, stopped, and what came to nothing."""
    notes = Notes("footage", MAKER)
    keys = [notes.key_of(note, "p1") for note in ("taken", "paid", "stopped", "failed")]
    digest = "78489d1868c7754b3ef3d51d962c9243"
    assert keys == [f"{note}-footage-replicate-{digest}" for note in ("taken", "paid", "stopped", "failed")]
