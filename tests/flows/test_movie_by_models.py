"""Films of screenplays whose panels and clips are paid: sheets first, what it costs, what is made again."""

import secrets
from itertools import product

import pytest

from callsheet.errors import InvalidRequest, PanelFailed
from callsheet.model.footage.jobs import JobKind
from callsheet.model.requests.movie import MovieRequest, SheetFailurePolicy
from flows.movie import make_movie
from tasks.run.progress import RunProgress
from tests.flows.history import latest_run, task_states

SCRIPT = """Title: {title}

INT. KITCHEN - NIGHT

ANNA (30), in a green dress, holds a lamp.

ANNA
Who put out the light? I can see nothing, and somebody is walking about in the next room with heavy shoes.

BEN (50), in a brown hat, waves.

EXT. STREET - DAY

Ben walks away.
"""
WORDS = {
    "ANNA": "ANNA: ANNA (30), in a green dress.",
    "BEN": "BEN: BEN (50), in a brown hat.",
    "KITCHEN": "KITCHEN, interior.",
    "STREET": "STREET, exterior.",
}


def paid_film(title, **fields):
    """A short film of which models make the panels and the clips."""
    given = {"panel_model": "google/nano-banana", "video_model": "minimax/hailuo-02", "cards": False, **fields}
    return MovieRequest.model_validate(
        {"title": title, "script": SCRIPT.format(title=title), "profile": "draft", **given}
    )


def kinds_of(server):
    """What was ordered, in the order of its acceptance: a sheet begins with one picture, a panel with more."""
    pictures = [len(each.input.get("image_input", ())) for each in server.predictions]
    return [{0: "clip", 1: "sheet"}.get(count, "panel") for count in pictures]


@pytest.fixture
def shown(monkeypatch):
    """What the runs of this process show of their progress: what happens, and the percentage."""
    seen, change = [], RunProgress.change

    def note(self, changed):
        change(self, changed)
        seen.append((self._progress.doing, self._progress.percentage))

    monkeypatch.setattr(RunProgress, "change", note)
    return seen


def band(shown, *words):
    """The percentages in the order in which they were shown with one of these words."""
    return [percentage for doing, percentage in shown if any(word in doing for word in words)]


async def test_sheets_come_first_and_a_changed_shot_is_one_panel_and_one_clip(paid, shown):
    """The words about a person are the same in each prompt; the estimate holds; a shot is as long as its speech."""
    manifest = await make_movie(paid_film(f"Lamp {secrets.token_hex(3)}"))
    shots = manifest.request.scenes
    assert kinds_of(paid) == ["sheet"] * 4 + ["panel"] * len(shots) + ["clip"] * len(shots)
    sheets, panels, clips = (paid.predictions[:4], paid.predictions[4 : -len(shots)], paid.predictions[-len(shots) :])
    assert max(each.ended_at() for each in sheets) <= panels[0].created_at
    assert all(2 <= len(each.input["image_input"]) <= 3 for each in panels)
    assert paid.most_at_once <= 4
    drawn, painted = band(shown, "sketches"), band(shown, "sheets are", "panels are")
    filmed = band(shown, "scenes are ready")
    assert 45 < drawn[0] < drawn[-1] == 57.5 < painted[0] < painted[-1] == 70 < filmed[0] < filmed[-1] == 95
    assert (len(set(drawn)), len(set(painted)), len(set(filmed))) == (4 + len(shots), 4 + len(shots), len(shots))
    assert sorted(each.input["prompt"].splitlines()[-1] for each in sheets) == sorted(WORDS.values())
    for made, name in product((panels, clips), ("ANNA", "BEN")):
        told = [each for each in made if WORDS[name] in each.input["prompt"].splitlines()]
        assert len(told) == sum(name in shot.seen for shot in shots) > 0

    assert {(each.kind, each.model) for scene in manifest.scenes for each in scene.footage} == {
        (JobKind.COMPOSE_IMAGE, "google/nano-banana"),
        (JobKind.ANIMATE_IMAGE, "minimax/hailuo-02"),
    }
    assert {scene.origin.maker for scene in manifest.scenes} == {"replicate minimax/hailuo-02"}
    assert {each.prediction_id for each in manifest.footage} == {each.id for each in sheets}
    usd = 0.039 * (4 + len(shots)) + 0.045 * sum(each.asked_s for each in clips)
    assert manifest.footage_usd == pytest.approx(usd)
    assert manifest.footage_usd <= manifest.footage_estimate_usd <= 1.5 * manifest.footage_usd
    # The clips of this provider last a second.
    spoken = [scene for scene in manifest.scenes if scene.speech]
    assert all(scene.clip.duration_s > scene.speech[-1].end_s > 2 for scene in spoken)

    paid_by_then = paid.created()
    assert (await make_movie(manifest.request)).footage_usd == manifest.footage_usd
    assert paid.created() == paid_by_then
    changed = (*shots[:-1], shots[-1].model_copy(update={"action": "Ben runs away."}))
    await make_movie(manifest.request.model_copy(update={"scenes": changed}))
    assert kinds_of(paid)[paid_by_then:] == ["panel", "clip"]


async def test_a_refused_sheet_stops_the_film_before_more_is_spent(paid):
    """Nothing follows the sheets. If the request allows it, the words alone describe that person."""
    request = paid_film(f"Refused {secrets.token_hex(3)}", video_model="")
    paid.fail("create", "nsfw")
    with pytest.raises(PanelFailed, match="no more is spent: replicate refused"):
        await make_movie(request)
    with pytest.raises(PanelFailed):
        await make_movie(request)
    assert kinds_of(paid) == ["sheet"]
    manifest = await make_movie(request.model_copy(update={"on_sheet_failure": SheetFailurePolicy.SKIP}))
    assert kinds_of(paid)[1:] == ["sheet"] * 3 + ["panel"] * len(manifest.scenes)
    assert "so its words alone describe it" in manifest.storyboard.remarks[0]


@pytest.mark.parametrize(
    ("field", "model"), [("panel_model", "google/nano-banana"), ("video_model", "minimax/hailuo-02")]
)
async def test_a_model_without_a_provider_is_refused_before_anything_is_drawn(prefect_server, field, model):
    """One sentence, about the field of the request."""
    request = paid_film("Alone", **{"panel_model": "", "video_model": "", field: model})
    with pytest.raises(InvalidRequest, match=rf"^{field}: this machine has no model “{model}”[^.]*$") as refused:
        await make_movie(request)
    assert refused.value.field == field
    assert await task_states((await latest_run("Alone")).id) == []


async def test_a_model_that_the_provider_does_not_have_is_refused_under_its_field(paid):
    """The provider is asked for nothing."""
    with pytest.raises(InvalidRequest, match=r"^panel_model: .*name one of .*nano-banana"):
        await make_movie(paid_film("Unknown", panel_model="minimax/hailuo-02"))
    assert paid.requests == []
