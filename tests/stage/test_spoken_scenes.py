"""Speech is the clock of a scene: its beats enter at their lines, and it lasts as long as its speech says."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from manim import tempconfig

from callsheet.model.content import (
    CONTENT_MODELS,
    BulletsContent,
    ChartContent,
    Content,
    EquationContent,
    TemplateName,
)
from callsheet.model.film.look import Look
from callsheet.model.film.narration import WordTime
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.speech_plan import SceneSpeech, TimedLine
from callsheet.stage.kit.beats import Beat, in_a_row
from callsheet.stage.kit.emphasis import shows_part
from callsheet.stage.kit.spoken_cues import AHEAD_S, in_frames, spoken_cues
from callsheet.stage.kit.type_block import Ink, TypeBlock
from callsheet.stage.template_source import fill_template
from callsheet.stage.templates.base import TemplateScene
from callsheet.timebase import frames_in
from tests.stage.test_templates import TEMPLATES, composed

EXAMPLES = {template: CONTENT_MODELS[template].example() for template in TEMPLATES}
BEATS: dict[TemplateName, tuple[Beat, ...]] = {}


def beats_of(template: TemplateName) -> tuple[Beat, ...]:
    """The beats of a template's example, composed once."""
    if template not in BEATS:
        BEATS[template] = in_a_row(composed(EXAMPLES[template], ProfileName.HD))
    return BEATS[template]


def spoken(*lines: tuple[str, float], pause_s: float = 0.5) -> SceneSpeech:
    """Lines of these lengths about these parts, one after the other."""
    timed: list[TimedLine] = []
    start_s = 0.4
    for at, length_s in lines:
        timed.append(TimedLine(at=at, start_s=start_s, end_s=start_s + length_s))
        start_s += length_s + pause_s
    return SceneSpeech(lines=tuple(timed), duration_s=start_s + 1.0)


@some.composite
def narrations(draw: some.DrawFn) -> tuple[TemplateName, SceneSpeech]:
    """A template, and lines about parts of its example in any order."""
    template = draw(some.sampled_from(TEMPLATES))
    part = some.sampled_from(["", *EXAMPLES[template].parts()])
    lines = draw(some.lists(some.tuples(part, some.floats(0.4, 9.0)), min_size=1, max_size=9))
    return template, spoken(*lines, pause_s=draw(some.floats(0.5, 0.8)))


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(narration=narrations(), frame_rate=some.sampled_from([15, 30, 60]))
def test_a_spoken_scene_has_its_frames_and_shows_every_beat_once(
    narration: tuple[TemplateName, SceneSpeech], frame_rate: int
) -> None:
    """Whatever is said in whatever order."""
    template, speech = narration
    cues = spoken_cues(beats_of(template), speech)
    stretches = in_frames(cues, speech.duration_s, frame_rate)
    assert len(stretches) == len(cues)
    assert sum(each.motion_frames + each.hold_frames for each in stretches) == frames_in(speech.duration_s, frame_rate)
    assert all(each.motion_frames > 0 and each.hold_frames >= 0 for each in stretches)
    starts = [cue.start_s for cue in cues]
    assert starts == sorted(starts)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("length_s", [0.6, 4.0])
def test_each_beat_is_there_within_three_tenths_of_its_first_word(template: TemplateName, length_s: float) -> None:
    """A line for each beat, short or long: none enters before its word is near, none after it."""
    beats = beats_of(template)
    wanted = [next(iter(beat.parts)) for beat in beats if beat.parts and not beat.hides]
    speech = spoken(*((part, length_s) for part in dict.fromkeys(wanted)))
    cues = spoken_cues(beats, speech)
    frame_s = 1 / 30
    begun, starts = 0, []
    for stretch in in_frames(cues, speech.duration_s, 30):
        starts.append((begun * frame_s, (begun + stretch.motion_frames) * frame_s))
        begun += stretch.motion_frames + stretch.hold_frames
    for line in speech.lines[1:]:
        begins_s, ends_s = min(starts, key=lambda times: abs(times[0] - (line.start_s - AHEAD_S)))
        assert begins_s == pytest.approx(line.start_s - AHEAD_S, abs=2 * frame_s)
        assert ends_s <= line.end_s + 2 * AHEAD_S


def entrances(content: Content, speech: SceneSpeech) -> list[float]:
    """When each beat's motion begins, in seconds."""
    return [cue.start_s for cue in spoken_cues(in_a_row(composed(content, ProfileName.HD)), speech)]


def test_words_enter_as_they_are_heard() -> None:
    """A text that the line speaks takes the time of the line: slow where the voice is slow."""
    point = "One two three four five six"
    content = BulletsContent.model_validate({"points": [point]})
    starts_s = (1.0, 1.2, 1.4, 1.6, 1.8, 3.5)
    offsets = [place for place in range(len(point)) if not place or point[place - 1] == " "]
    words = tuple(
        WordTime(text=word, begins_at=begins, ends_at=begins + len(word), start_s=start_s, end_s=start_s + 0.2)
        for word, begins, start_s in zip(point.split(), offsets, starts_s, strict=True)
    )
    speech = SceneSpeech(lines=(TimedLine(at="points.0", start_s=1.0, end_s=3.7, words=words),), duration_s=5.0)
    (beat,) = in_a_row(composed(content, ProfileName.HD))
    text = cast("TypeBlock", beat.shows[-1])
    whole = text.inks[0].width
    with tempconfig({"dry_run": True, "frame_rate": 10, "pixel_width": 160, "pixel_height": 90}):
        (cue,) = spoken_cues([beat], speech)
        animation = cue.motion.make(cue.end_s - cue.start_s)
        animation._setup_scene(TemplateScene())
        animation.begin()
        seen: list[float] = []
        for at_s in (1.2, 2.2, 3.3):
            animation.interpolate((at_s - cue.start_s) / (cue.end_s - cue.start_s))
            shown = [part for part in text.get_family() if isinstance(part, Ink) and len(part.points)]
            right = max(float(part.points[:, 0].max()) for part in shown)
            seen.append((right - text.box.get_left()[0]) / whole)
    assert cue.end_s == pytest.approx(3.7)
    assert 0.1 < seen[0] < 0.5
    assert seen[1] == pytest.approx(seen[2], abs=0.3)
    assert seen[2] < 1.0


def test_a_slow_voice_is_kept_pace_with() -> None:
    """A line that says the text has words to bring for as long as it is heard: a Chinese one takes long."""
    point = "每一天潮水涨落两次"
    words = tuple(
        WordTime(text=sign, begins_at=at, ends_at=at + 1, start_s=0.5 + at * 0.7, end_s=1.1 + at * 0.7)
        for at, sign in enumerate(point)
    )
    line = TimedLine(at="points.0", start_s=0.5, end_s=words[-1].end_s, words=words)
    content = BulletsContent.model_validate({"points": [point]})
    (cue,) = spoken_cues(
        in_a_row(composed(content, ProfileName.HD)), SceneSpeech(lines=(line,), duration_s=line.end_s + 1)
    )
    assert cue.end_s == pytest.approx(line.end_s)


def test_a_short_label_does_not_wait_for_a_long_line() -> None:
    """It is there soon, and the line speaks on."""
    content = BulletsContent.model_validate({"points": ["Tides"]})
    (cue,) = spoken_cues(in_a_row(composed(content, ProfileName.HD)), spoken(("points.0", 9.0)))
    assert cue.end_s - cue.start_s < 2.0


def test_points_that_no_line_speaks_about_enter_with_the_next_that_has_one() -> None:
    """So nothing on the page is missing when the voice has passed it."""
    content = BulletsContent.model_validate({"title": "T", "points": ["One", "Two", "Three", "Four"]})
    speech = spoken(("title", 2.0), ("points.2", 2.0), ("points.3", 2.0))
    starts = entrances(content, speech)
    assert starts[:3] == pytest.approx([line.start_s - AHEAD_S for line in speech.lines])


def test_points_that_no_line_speaks_about_enter_while_a_long_line_is_heard() -> None:
    """The picture would stand still until the next line."""
    content = BulletsContent.model_validate({"points": ["Tides", "Waves", "Currents"]})
    speech = spoken(("points.0", 7.0), ("points.2", 2.0))
    first, second, third, *_ = spoken_cues(in_a_row(composed(content, ProfileName.HD)), speech)
    assert first.end_s + 1.0 < second.start_s < speech.lines[0].end_s - 1.0
    assert third.start_s == pytest.approx(speech.lines[1].start_s - AHEAD_S)


def test_a_line_about_a_list_brings_its_entries_one_by_one() -> None:
    """They are spread over the line."""
    content = BulletsContent.model_validate({"title": "T", "points": ["One", "Two", "Three", "Four"]})
    speech = spoken(("title", 2.0), ("points", 8.0), ("title", 2.0))
    inside = [start for start in entrances(content, speech) if 2.0 < start < 10.0]
    assert len(inside) == 4
    assert min(later - earlier for earlier, later in pairwise(inside)) > 1.0


def test_what_is_spoken_of_is_bright_and_the_rest_steps_back() -> None:
    """A heading stays; at the end everything is bright again."""
    content = BulletsContent.model_validate({"title": "T", "points": ["One", "Two"]})
    speech = spoken(("title", 1.0), ("points.0", 1.0), ("points.1", 1.0), ("points.0", 1.0))
    levels: list[dict[str, float]] = []
    beats = in_a_row(composed(content, ProfileName.HD))
    texts = {path: cast("TypeBlock", mobjects[-1]) for beat in beats for path, mobjects in beat.parts.items()}
    with tempconfig({"dry_run": True, "frame_rate": 10, "pixel_width": 160, "pixel_height": 90}):
        scene = TemplateScene()
        for cue in spoken_cues(beats, speech):
            scene.play(cue.motion.make(0.3))
            levels.append({path: float(text.inks[0].fill_rgbas[0, 3]) for path, text in texts.items()})
    assert [each["points.0"] for each in levels] == pytest.approx([1.0, 1.0, 0.45, 1.0, 1.0])
    assert [each["points.1"] for each in levels] == pytest.approx([1.0, 1.0, 1.0, 0.45, 1.0])
    assert {each["title"] for each in levels} == {1.0}


def test_what_enters_beside_the_part_that_is_spoken_of_is_seen() -> None:
    """A point that no line speaks about enters with the next one; it was dimmed while it came, and so stayed unseen."""
    content = BulletsContent.model_validate({"title": "T", "points": ["One", "Two", "Three"]})
    speech = spoken(("points.0", 1.0), ("points.2", 1.0), ("title", 1.0))
    beats = in_a_row(composed(content, ProfileName.HD))
    (between,) = [beat.parts["points.1"][-1] for beat in beats if "points.1" in beat.parts]
    with tempconfig({"dry_run": True, "frame_rate": 10, "pixel_width": 160, "pixel_height": 90}):
        scene = TemplateScene()
        for cue in spoken_cues(beats, speech):
            scene.play(cue.motion.make(0.3))
        assert float(cast("TypeBlock", between).inks[0].fill_rgbas[0, 3]) == pytest.approx(1.0)


def test_parts_that_enter_together_are_all_seen() -> None:
    """A line about one of them dims none of the others while they come; a later line does, and leaves them in sight."""
    content = ChartContent.model_validate({"data": [{"label": year, "value": 2} for year in ("2010", "2011", "2012")]})
    beats = in_a_row(composed(content, ProfileName.HD))
    parts = next(beat.parts for beat in beats if "data.0" in beat.parts)
    labels = [part for path in parts for part in parts[path] if isinstance(part, TypeBlock)]
    assert len(labels) >= 3
    with tempconfig({"dry_run": True, "frame_rate": 10, "pixel_width": 160, "pixel_height": 90}):
        scene = TemplateScene()
        for cue in spoken_cues(beats, spoken(("data.0", 1.0), ("data.2", 1.0))):
            scene.play(cue.motion.make(0.3))
            assert all(float(ink.fill_rgbas[0, 3]) >= 0.4 for label in labels for ink in label.inks)


def test_a_formula_that_turns_into_the_next_does_so_at_its_line() -> None:
    """Steps without a line are passed while the line before is spoken."""
    content = EquationContent.model_validate({"steps": ["x = 1", "x = 2", "x = 3"]})
    speech = spoken(("steps.0", 4.0), ("steps.2", 4.0))
    first, passed, turned, *_ = entrances(content, speech)
    assert first < speech.lines[0].start_s < passed < speech.lines[0].end_s
    assert turned == pytest.approx(speech.lines[1].start_s - AHEAD_S)


def test_a_path_means_the_part_a_detail_of_it_and_what_is_around_it() -> None:
    """`points` has points.1 inside, and points.1 is no beginning of points.10."""
    assert shows_part("points.1", "points")
    assert shows_part("events.1", "events.1.when")
    assert not shows_part("points.10", "points.1")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("length_s", [0.6, 5.0])
def test_the_filled_source_plays_at_the_times_of_its_speech(
    template: TemplateName, length_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scene plays in Manim to the frame, with lines that jump back."""
    content = EXAMPLES[template]
    parts = [path for beat in beats_of(template) for path in beat.parts]
    speech = spoken(*((part, length_s) for part in [*parts[:4], parts[0]]))
    filled = fill_template("Spoken", content, Look(), speech)
    for name, path in filled.files.items():
        shutil.copyfile(path, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, type] = {}
    exec(compile(filled.code.source, "scene.py", "exec"), namespace)
    with tempconfig(
        {"dry_run": True, "pixel_width": 160, "pixel_height": 90, "frame_rate": 10, "media_dir": str(tmp_path)}
    ):
        scene = namespace[filled.code.class_name]()
        scene.render()
    assert scene.renderer.time == pytest.approx(frames_in(speech.duration_s, 10) / 10, abs=1e-6)
    assert scene.mobjects


def test_the_filled_source_keeps_when_each_word_is_heard() -> None:
    """So the words enter in the film as they are heard, and not only in what is planned."""
    point = "潮水涨落，两次"
    words = tuple(
        WordTime(text=sign, begins_at=at, ends_at=at + 1, start_s=0.5 + at * 1.7, end_s=1.1 + at * 1.7)
        for at, sign in enumerate(point)
        if sign != "，"
    )
    line = TimedLine(at="points.0", start_s=0.5, end_s=words[-1].end_s, words=words)
    speech = SceneSpeech(lines=(line,), duration_s=line.end_s + 1)
    content = BulletsContent.model_validate({"points": [point]})
    namespace: dict[str, type[TemplateScene]] = {}
    code = fill_template("Spoken", content, Look(), speech).code
    exec(compile(code.source, "scene.py", "exec"), namespace)
    filled = namespace[code.class_name].speech
    assert filled is not None
    (cue,) = spoken_cues(in_a_row(composed(content, ProfileName.HD)), filled)
    assert [word.text for word in filled.lines[0].words] == list("潮水涨落两次")
    assert filled.lines[0].words[-1].start_s == pytest.approx(words[-1].start_s, abs=0.001)
    assert cue.end_s == pytest.approx(line.end_s)


def test_a_scene_without_speech_keeps_its_source() -> None:
    """And so its clip."""
    content = EXAMPLES[TemplateName.TITLE]
    assert "speech" not in fill_template("Silent", content, Look()).code.source
