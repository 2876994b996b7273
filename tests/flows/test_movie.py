"""A screenplay becomes a film on a real server: read, shots, panels, voices, clips, captions, film."""

import av
import opentimelineio as otio
import pytest

from callsheet.client import film_so_far, result
from callsheet.client.regeneration import plan_take
from callsheet.errors import InvalidRequest
from callsheet.media.edit_files import write_edit
from callsheet.media.loudness import measure
from callsheet.model.film.profile import ProfileName
from callsheet.model.requests.movie import MovieRequest, MovieStage
from callsheet.model.run.timing import TimingReport
from callsheet.server.connection import connected
from callsheet.settings import settings
from callsheet.storage.opening import open_store
from flows.movie import make_movie
from tasks.run import events
from tests.flows.history import all_artifacts, latest_run, task_states

SCRIPT = """Title: The Lamp

INT. KITCHEN - NIGHT

ANNA (30), in a green dress, holds a lamp.

ANNA
Who put out the light?

BEN (O.S.)
I did.

EXT. STREET - DAY

Ben walks away.
"""
WORKS = ("speak-sentence", "draw-panel", "film-panel", "merge-clips")


def film(title, script=SCRIPT, **options):
    """A short film in a small picture."""
    return MovieRequest.model_validate({"title": title, "script": script, "profile": "draft", **options})


async def works_of(title, works=WORKS):
    """Return how often each work was done, and not kept, in the latest run of this title."""
    done = [name for name, state in await task_states((await latest_run(title)).id) if state == "Completed"]
    return tuple(sum(name.startswith(work) for name in done) for work in works)


@pytest.fixture
def told(monkeypatch):
    """The steps that are over and the percentage after each, by the run."""
    steps, emit_event = {}, events.emit_event

    def emit(name, resource, payload, **fields):
        if name == events.STEP_FINISHED:
            run = resource["prefect.resource.id"].rpartition(".")[2]
            steps.setdefault(run, {})[payload["step"]] = payload["percentage"]
        return emit_event(name, resource=resource, payload=payload, **fields)

    monkeypatch.setattr(events, "emit_event", emit)
    return steps


async def made_in_stages(request):
    """The film of a request: its run stops after each stage, and another one makes the rest."""
    works = []
    for stage in (MovieStage.BOARD, MovieStage.CLIPS, None):
        stopped = await make_movie(request)
        run = (await latest_run(request.title)).id
        assert stopped == await film_so_far(run)
        with pytest.raises(InvalidRequest, match="has no video: it stopped after the"):
            await result(run)
        works.append(await works_of(request.title))
        request = stopped.rest(stage)
    manifest = await make_movie(request)
    with pytest.raises(InvalidRequest, match="did not stop after a stage"):
        await film_so_far((await latest_run(request.title)).id)
    return manifest, [*works, await works_of(request.title)]


async def test_a_screenplay_becomes_a_film_and_a_changed_shot_only_its_clip(prefect_server, tmp_path, pictures, told):
    """All is spoken once and captioned once, in stages or at once; one changed shot is one panel and one clip."""
    manifest, works = await made_in_stages(film("Lamp", music={"file": "calm"}, workflow="script_analysis_only"))
    shots = [scene for scene in manifest.scenes if scene.name not in {"title", "end"}]
    assert works == [(0, 0, 0, 0), (0, len(shots), 0, 0), (2, 0, len(shots), 0), (0, 0, 0, 1)]
    analysis, board, clips, _ = told.values()
    assert analysis == {"script": 5, "analysis": 15, "characters": 25, "settings": 35}
    assert board == {**analysis, "selection": 45, "panels": 70}
    assert list(clips.values())[-len(shots) - 2 :] == sorted(clips.values())[-len(shots) - 2 :]
    assert max(clips.values()) == 95
    heard = [each for scene in manifest.scenes for each in scene.speech]
    assert [each.spoken.sentence.text for each in heard] == ["Who put out the light?", "I did."]
    assert len({each.spoken.sentence.voice.name for each in heard}) == 2
    assert all(scene.speech[-1].end_s < scene.clip.duration_s for scene in manifest.scenes if scene.speech)
    store = open_store(settings())
    with store.opened(manifest.subtitles.key) as path:
        captions = path.read_text(encoding="utf-8")
    assert captions.count("put out the light") == 1
    assert "BEN: I did." in captions
    with store.opened(manifest.video.stored.key) as path, av.open(str(path)) as video:
        assert [chapter["metadata"]["title"] for chapter in video.chapters()] == [
            "INT. KITCHEN - NIGHT",
            "EXT. STREET - DAY",
        ]
        sound = measure(path, "mov", 60)
    assert -17 <= sound.loudness_lufs <= -15
    assert sound.true_peak_dbtp <= -1.5
    edit = otio.adapters.read_from_file(str(write_edit(store.opened, manifest, tmp_path / "lamp.mp4")))
    assert edit.duration() == otio.opentime.RationalTime(manifest.video.frames, manifest.video.frame_rate)
    assert [track.name for track in edit.tracks] == ["Scenes", "Voice", "Music"]
    assert edit.tracks[2].duration() == edit.duration()
    clips = [clip for track in edit.tracks for clip in track.find_clips()]
    assert all((tmp_path / clip.media_reference.target_url).is_file() for clip in clips)
    timing = TimingReport.model_validate_json(store.read_bytes(manifest.timing.key))
    assert (timing.largest_drift_frames, len(timing.voices)) == (0, 2)
    assert abs(timing.sound_drift_frames) <= 1
    [page] = [each for each in await all_artifacts((await latest_run("Lamp")).id) if each.key == "board"]
    assert "Who put out the light?" in page.data

    await make_movie(film("Lamp again", music={"file": "calm"}))
    assert (await works_of("Lamp again"))[:3] == (0, 0, 0)

    changed = [shot.model_dump(mode="json") for shot in manifest.request.scenes]
    changed[-1]["size"] = "close"
    await make_movie(film("Lamp anew", music={"file": "calm"}, scenes=changed))
    assert await works_of("Lamp anew") == (0, 1, 1, 1)

    async with connected() as server:
        made = await latest_run("Lamp")
        taken = await plan_take(server, made, "1.2")
        again = await plan_take(server, made, "2", take=1)
        darker = await plan_take(server, made, "1.2", text="A hand puts out the lamp.")
    assert [shot.take for shot in taken.scenes] == [2 if shot.name == "1.2" else 1 for shot in shots]
    assert again.scenes == manifest.request.scenes
    assert [shot.name for shot in darker.scenes if shot.action == "A hand puts out the lamp."] == ["1.2"]
    assert [scene.number for scene in manifest.scenes] == [*range(len(shots) + 2)]
    await make_movie(taken)
    assert await works_of("Lamp") == (0, 0, 1, 1)

    shown = await make_movie(
        film("Lamp shown", music={"file": "calm"}, panels={"1.2": pictures("panel"), "1": pictures("lamp")})
    )
    assert await works_of("Lamp shown") == (0, 0, 0, 1)
    assert (await works_of("Lamp shown", ("film-picture", "film-card", "take-in-picture"))) == (2, 1, 2)
    assert shown.storyboard.remarks == (
        "Your panels have no picture for shots 1.3, 2.1: Callsheet draws what is missing",
    )
    assert list(shown.request.panels) == ["1.1", "1.2"]

    silent = [{**shot.model_dump(mode="json"), "utterances": []} for shot in manifest.request.scenes]
    short = await make_movie(film("Lamp short", scenes=silent, workflow="storyboard_only"))
    assert [sentence.partition(":")[0] for sentence in short.remarks] == ["Line 8", "Line 11"]
    assert await works_of("Lamp short") == (0, 2, 0, 0)  # who says nothing stands in another way


async def test_an_animatic_comes_first_and_the_film_speaks_nothing_twice(prefect_server):
    """Small, as tall as the film, with voices, captions and chapters; the film of the same shots has its own size."""
    script = SCRIPT.replace("I did.", "I did, for the animatic.")
    stopped = await make_movie(film("Lamp first", script, profile="portrait", approval=True, workflow="animatic_only"))
    works = ("speak-sentence", "film-panel", "merge-clips", "make-stills", "publish-video")
    made = await works_of("Lamp first", works)
    assert (stopped.stage, made[2:]) == (MovieStage.ANIMATIC, (1, 0, 0))
    assert made[0] >= 1
    with open_store(settings()).opened(stopped.animatic.key) as path, av.open(str(path)) as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (480, 854)
        assert (len(video.streams.audio), len(video.streams.subtitles), len(video.chapters())) == (1, 1, 2)
        length_s = video.duration / av.time_base
        assert -17 <= measure(path, "mov", 60).loudness_lufs <= -15
    [page] = [each for each in await all_artifacts((await latest_run("Lamp first")).id) if each.key == "board"]
    assert f"[Watch the animatic](<{open_store(settings()).url(stopped.animatic.key)}>)" in page.data
    rest = stopped.rest()
    assert (rest.approval, [shot.name for shot in rest.scenes]) == (True, ["1.1", "1.2", "1.3", "2.1"])

    manifest = await make_movie(rest.model_copy(update={"approval": False, "profile": ProfileName.DRAFT_PORTRAIT}))
    assert await works_of("Lamp first", works) == (0, 0, 0, 1, 1)
    assert manifest.video.frames / manifest.video.frame_rate == pytest.approx(length_s, abs=0.1)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"script": "", "screenplay": "/nowhere/film.fountain"}, "film.fountain"),
        ({"only": "7"}, "names no scene"),
        ({"voices": {"CLARA": "emma"}}, "is no character"),
        ({"language": "tlh"}, "no voice speaks"),
    ],
)
async def test_what_can_not_be_filmed_is_one_sentence(prefect_server, fields, sentence):
    """A file that is not there, a scene or a character that is not in it, a language that no voice speaks."""
    with pytest.raises(InvalidRequest, match=sentence):
        await make_movie(film("Wrong", **{"script": SCRIPT, **fields}))
