"""Progress: it starts at 0, never falls, and ends at 100."""

from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.run.progress import MOVIE_BANDS, STEP_SHARES, Progress

totals = st.one_of(st.none(), st.integers(0, 40))
scene_events = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(1, 40)), totals), max_size=60)


def played(progress, events):
    """Every snapshot on the way."""
    for scene, animations, total in events:
        label = f"{scene:02}"
        progress = progress.scene_done(label) if animations is None else progress.scene_at(label, animations, total)
        yield progress
    for step in STEP_SHARES:
        progress = progress.beginning(step)
        yield progress
        progress = progress.within_step(0.5)
        yield progress
        progress = progress.ending(step)
        yield progress
    yield progress.finished()


@given(scene_events)
def test_progress_never_falls(events):
    """Scenes finish in any order and report out of step; the bar only grows."""
    percentages = [snapshot.percentage for snapshot in played(Progress(title="film", scenes=5), events)]
    assert percentages == sorted(percentages)
    assert percentages[-1] == 100


@given(scene_events)
def test_progress_stays_below_100_until_everything_is_over(events):
    """A full bar means a finished video."""
    *before, last = played(Progress(title="film", scenes=5), events)
    assert all(0 <= snapshot.percentage <= 100 for snapshot in before)
    assert last.description == "film: done"


def test_progress_says_how_many_scenes_are_ready():
    """The sentence counts scenes that are finished, not those that have begun."""
    progress = Progress(title="film", scenes=3).scene_at("01 a", 2).scene_done("02 b")
    assert progress.description == "film: 1 of 3 scenes are ready"


@given(st.integers(1, 500))
def test_progress_in_a_rehearsed_scene_is_exact(total):
    """Where the number of animations is known, each one is worth the same, and the last one still has to be drawn."""
    scenes = [Progress(title="film", scenes=1).scene_at("01 a", number, total) for number in range(1, total + 1)]
    fractions = [scene.scene_fractions["01 a"] for scene in scenes]
    assert fractions == [done / total for done in range(total)]


def test_progress_says_which_animation_of_how_many():
    """A person sees how far a rehearsed scene is; of another one, how far it has come."""
    progress = Progress(title="film", scenes=3)
    assert progress.scene_at("01 a", 3, 8).description == "film: rendering 01 a, animation 3 of 8"
    assert progress.scene_at("01 a", 3).description == "film: rendering 01 a, animation 3"


@given(st.integers(0, 50))
def test_progress_of_a_run_without_scenes_counts_what_is_over(total):
    """A backfill is as far as its videos; with none there is nothing to be far in."""
    counted = [Progress(title="all", scenes=1).counted(done, total, "videos are over") for done in range(total + 1)]
    assert [each.percentage for each in counted] == [
        round(100 * done / total, 1) if total else 0 for done in range(total + 1)
    ]
    assert counted[-1].description == f"all: {total} of {total} videos are over"


def test_a_film_of_a_screenplay_is_in_the_band_of_its_stage():
    """Panels and clips count one by one; the merge begins at 95, and an earlier process is never behind."""
    progress = Progress(title="film", scenes=1)
    reached = []
    for stage in [stage for stage in MOVIE_BANDS if stage not in {"panels", "clips"}]:
        progress = progress.in_stage(stage, f"{stage}", 1, 1)
        reached.append(progress.percentage)
    for done in range(5):
        progress = progress.in_stage("panels", "drawing panels", done, 4)
        reached.append(progress.percentage)
    progress = progress.with_scenes(2, MOVIE_BANDS["clips"])
    for label in ("1", "2"):
        progress = progress.scene_done(label)
        reached.append(progress.percentage)
    assert reached == [5, 15, 25, 35, 45, 45, 51.2, 57.5, 63.8, 70, 82.5, 95]
    assert progress.beginning("merging the scenes").within_step(0.5).percentage == 96.5
    assert progress.in_stage("script", "reading the screenplay").percentage == 95
