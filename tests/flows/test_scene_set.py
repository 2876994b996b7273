"""A set of scenes by itself: how many at once, what a failure makes of the film, and what waits for the others."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as some
from prefect import flow

from callsheet.errors import ProviderRefused, QuotaExhausted, SceneAbandoned, SceneFailed, VideoIncomplete
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.requests.video import SceneBrief, SceneFailurePolicy, SceneRequest
from callsheet.model.run.attempts import Attempt, SceneStage
from callsheet.model.run.manifest import SceneOutcome, SceneReport
from flows.scene_set import SceneSet, make_scenes, replace_scenes

FAIL, SKIP = SceneFailurePolicy.FAIL, SceneFailurePolicy.SKIP
PLACEHOLDER, EXPLAIN = SceneFailurePolicy.PLACEHOLDER, SceneFailurePolicy.EXPLAIN
FILE = StoredObject(key="clips/a.mp4", sha256="ab" * 32, size_bytes=6, media_type="video/mp4")
CLIP = Clip(stored=FILE, profile="draft", width=854, height=480, frame_rate=15, frames=15)
REASON = "no circle could be drawn."


def asked(count):
    """So many scenes of a prompt."""
    return tuple(
        SceneRequest(number=number, profile="draft", scene=SceneBrief(name=f"Scene {number}", prompt=f"Text {number}"))
        for number in range(1, count + 1)
    )


def ready(scene, outcome=SceneOutcome.RENDERED):
    """The report of a scene that was made."""
    return SceneReport(number=scene.number, name=scene.scene.name, outcome=outcome, clip=CLIP)


@given(some.lists(some.booleans(), min_size=1, max_size=8), some.sampled_from((FAIL, SKIP)), some.integers(1, 3))
def test_reports_come_in_film_order_whatever_fails_and_whichever_is_ready_first(fails, on_failure, at_once):
    """`skip` makes a film of what is left; `fail` makes one of all scenes or none. The reasons stand in film order."""
    scenes = asked(len(fails))

    async def make(scene):
        for _ in range(len(fails) - scene.number):  # the last one is ready first
            await asyncio.sleep(0)
        if fails[scene.number - 1]:
            raise SceneFailed(scene.scene.name, f"reason {scene.number}", "")
        return ready(scene)

    made = asyncio.run(make_scenes(scenes, make, on_failure, at_once))
    reasons = tuple(str(SceneFailed(f"Scene {n}", f"reason {n}", "")) for n, failed in enumerate(fails, 1) if failed)
    if all(fails) or (any(fails) and on_failure is FAIL):
        with pytest.raises(VideoIncomplete) as raised:
            made.film_reports()
        assert (raised.value.missing, raised.value.scenes) == (reasons, len(fails))
        return
    reports = made.film_reports()
    assert [report.number for report in reports] == list(range(1, len(fails) + 1))
    assert [report.outcome is SceneOutcome.SKIPPED for report in reports] == fails
    assert tuple(report.error for report in reports if report.error) == reasons


@pytest.mark.parametrize("at_once", [1, 2, 5])
async def test_no_more_scenes_than_allowed_are_under_way(at_once):
    """Also if one of them fails; and no place stays empty."""
    under_way, most = set(), 0

    async def make(scene):
        nonlocal most
        under_way.add(scene.number)
        most = max(most, len(under_way))
        await asyncio.sleep(0.01)
        under_way.remove(scene.number)
        if scene.number == 2:
            raise ValueError
        return ready(scene)

    made = await make_scenes(asked(6), make, SKIP, at_once)
    assert most == at_once
    assert [report.error for report in made.film_reports()] == ["", "ValueError", "", "", "", ""]


@pytest.mark.parametrize(
    "error", [QuotaExhausted("a provider", "no credit"), ProviderRefused("a provider", 401, "key")]
)
@pytest.mark.parametrize("on_failure", list(SceneFailurePolicy))
async def test_what_a_person_can_put_right_is_raised_when_the_others_are_ready(error, on_failure):
    """No policy replaces such a scene: the run waits, and finds the other scenes kept."""
    finished = []

    async def make(scene):
        if scene.number == 1:
            raise error
        await asyncio.sleep(0.01)
        finished.append(scene.number)
        return ready(scene)

    made = await make_scenes(asked(3), make, on_failure, 3)
    assert finished == [2, 3]
    assert [report.number for report in made.finished] == [2, 3]
    with pytest.raises(type(error)) as raised:
        made.film_reports()
    assert raised.value is error


@flow(name="replace-scenes-in-a-test", persist_result=False)
async def replaced(scenes, on_failure, make):
    """A film all of whose scenes are made like this."""
    made = await make_scenes(scenes, make, on_failure, 2)
    return made.film_reports()


@pytest.mark.parametrize(("on_failure", "outcome"), [(EXPLAIN, "explained"), (PLACEHOLDER, "placeholder")])
async def test_a_stand_in_has_the_reason_and_the_attempts(prefect_server, on_failure, outcome):
    """A real clip, rendered by the stage."""
    attempt = Attempt(number=1, stage=SceneStage.WRITE, findings=(REASON,))

    async def make(scene):
        raise SceneAbandoned(scene.scene.name, REASON, (attempt,))

    [report] = await replaced(asked(1), on_failure, make)
    assert (report.outcome, report.attempts) == (outcome, (attempt,))
    assert report.error == f"Scene “Scene 1” was given up: {REASON}"
    assert report.clip.frames > 0


async def test_each_stand_in_gives_way_to_the_next_simpler_one(prefect_server):
    """No text is laid out of a prompt without a visible letter, and no card is drawn of such a name: a gap is left."""
    [scene] = asked(1)
    blank = scene.model_copy(update={"scene": scene.scene.model_copy(update={"prompt": "\u200b"})})
    nameless = scene.model_copy(
        update={"number": 2, "scene": scene.scene.model_copy(update={"name": "\u200b", "prompt": "\u200b"})}
    )

    async def make(scene):
        raise SceneFailed(scene.scene.name, REASON, "")

    card, gap = await replaced((blank, nameless), EXPLAIN, make)
    assert (card.outcome, gap.outcome) == (SceneOutcome.PLACEHOLDER, SceneOutcome.SKIPPED)
    assert gap.error.count("; its stand-in failed, too: ") == 2
    assert gap.error.startswith(str(SceneFailed("\u200b", REASON, "")).rstrip("."))


async def test_scenes_that_are_never_tried_have_stand_ins_too(prefect_server):
    """As those of a topic that no model splits."""

    @flow(name="replace-a-topic-in-a-test", persist_result=False)
    async def topic():
        return (await replace_scenes(asked(1), EXPLAIN, REASON)).film_reports()

    [report] = await topic()
    assert (report.outcome, report.error) == (SceneOutcome.EXPLAINED, REASON)


def test_cards_alone_are_a_film_only_if_the_film_says_so():
    """Pairs of pictures of which none could be animated are no film of cards."""
    card = ready(asked(1)[0], SceneOutcome.PLACEHOLDER).model_copy(update={"error": REASON})
    cards = SceneSet((card, card), PLACEHOLDER)
    assert cards.film_reports() == (card, card)
    with pytest.raises(VideoIncomplete, match="2 of 2 scenes could not be made"):
        cards.film_reports(cards_suffice=False)
    assert SceneSet((card, ready(asked(2)[1])), PLACEHOLDER).film_reports(cards_suffice=False)[0] == card
