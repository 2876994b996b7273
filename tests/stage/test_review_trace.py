"""Tiny scenes, each with one fault planted, and one without: the trace of the rehearsal shows what the review finds."""

import pytest
from PIL import Image

from callsheet.model.film.trace import ElementKind, SceneTrace
from callsheet.review.geometry import review_scene
from callsheet.review.measures import MeasureName
from callsheet.stage.order import PICTURES_FILE, TRACE_FILE, Mode
from tests.stage.child_runner import DRAFT, carried_out, order

HEAD = """from manim import *
from callsheet.model.film.look import Look
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import Frame
from callsheet.stage.kit.motion import leave, rise
from callsheet.stage.kit.scale import Step

class Tiny(Scene):
    def construct(self):
        kit = Kit(Look(), Frame(config.frame_width, config.frame_height))
        self.camera.background_color = ManimColor(kit.palette.background)

        def words(text, left, top, width=10.0, step=Step.LEAD, **changes):
            return kit.text(text, step, width, **changes).place(left, top)

        def bring(*mobjects, rest=0.7):
            self.play(rise(*mobjects).make(1.4))
            if rest:
                self.wait(rest, frozen_frame=True)

        bring(words("A title of four", -5.9, 3.0, step=Step.HEADLINE))
        bring(words("the first of the points", -5.9, 1.0))
        bring(words("the second one follows it", -5.9, -0.2, 11.5))
"""
END = '        bring(words("at the end, at the right", 1.0, -1.2, 5.0))\n'
PLANTED = {
    "nothing": (None, ""),
    "an emoji, whose colours are no letters": (None, 'bring(words("say hello 👋 🙏", 0.0, -3.0))'),
    "a text beyond the frame": (
        MeasureName.OVERFLOW_PX,
        'bring(words("this leaves the frame on its right", 2.4, 2.0, 8.0))',
    ),
    "a text of Manim beyond the frame": (
        MeasureName.LAYOUT,
        'bring(Text("this leaves the frame").move_to(RIGHT * 6))',
    ),
    "two texts on each other": (MeasureName.OVERLAP, 'bring(words("this lies on others", -5.6, 1.05))'),
    "a blank picture": (
        MeasureName.BLANK_SHARE,
        "self.play(leave(*self.mobjects).make(0.5)); self.wait(2, frozen_frame=True)",
    ),
    "type that is too small": (MeasureName.TYPE_PX, 'bring(words("this can hardly be read", 2.0, -3.0, scale=0.3))'),
    "a text that is too dim": (
        MeasureName.CONTRAST,
        'bring(words("this has hardly any contrast", 0.0, -3.0, colour="#3c4660"))',
    ),
    "a text on a ground like it": (
        MeasureName.CONTRAST,
        'self.add(Rectangle(width=9, height=1, fill_color="#c8ccd8", fill_opacity=1).move_to(DOWN * 3)); '
        'bring(words("this stands on a bright ground", -3.0, -2.8))',
    ),
    "a picture that stands": (MeasureName.STILL_S, "self.wait(3.5, frozen_frame=True)"),
    "too much text": (
        MeasureName.WORDS_OF_TEXT,
        'bring(words("these are far more words than one element of a picture may have", -5.9, -1.4, 6.5))',
    ),
}


@pytest.fixture(scope="module")
def traces(tmp_path_factory):
    """The trace of each scene, and the folder where its files lie."""
    sources = [f"{HEAD}        {line}\n{END}" if line else HEAD + END for _, line in PLANTED.values()]
    orders = [order(source, Mode.TRACE, class_name="Tiny") for source in sources]
    outcomes = carried_out(tmp_path_factory.mktemp("traces") / "all", *orders)
    assert all(outcome.last["event"] == "traced" for outcome in outcomes), [outcome.last for outcome in outcomes]
    read = [SceneTrace.model_validate_json((outcome.folder / TRACE_FILE).read_bytes()) for outcome in outcomes]
    return {name: (trace, outcome.folder) for name, trace, outcome in zip(PLANTED, read, outcomes, strict=True)}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_the_only_fault_that_is_found(traces, fault):
    """Remarks aside, a scene has the fault that was planted and no other one."""
    measure, _ = PLANTED[fault]
    findings = review_scene(traces[fault][0]).findings
    assert (measure in {each.measure for each in findings}) == (measure is not None)
    assert {each.measure for each in findings if each.is_fault} <= {measure}


def test_a_trace_knows_words_sizes_and_times(traces):
    """What stands in it is what the scene's source says."""
    trace, _ = traces["nothing"]
    assert [each.words for each in trace.elements][:2] == ["A title of four", "the first of the points"]
    assert {each.kind for each in trace.elements} == {ElementKind.TEXT}
    assert [span.moves for span in trace.spans] == [True, False] * 4
    assert trace.duration_s == pytest.approx(8.4, abs=0.2)
    assert [seen.type_px for seen in trace.spans[-1].seen][1] == pytest.approx(64, abs=1)
    assert trace.ground == "#0c1222"


def test_the_strip_has_a_picture_of_each_span(traces):
    """A sheet shows the end of a span, so each one that is named is there."""
    trace, folder = traces["nothing"]
    strip = Image.open(folder / PICTURES_FILE)
    assert [span.picture for span in trace.spans] == list(range(len(trace.spans)))
    assert strip.height == pytest.approx(len(trace.spans) * strip.width * DRAFT.height / DRAFT.width, abs=9)
