"""What a rehearsal remarks on the picture: broken layouts with what to do about them, and nothing about good ones."""

import pytest

from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.rehearsal import LayoutProblem
from tests.stage.child_runner import HEAD, carried_out, order, plain

OFF, OVERLAP, SMALL, EMPTY, HIDDEN, STRUCK, FAINT, BRIEF, MUCH, TYPEFACE, LENGTH, STILL, _ = LayoutProblem

MOVING = HEAD.replace("(Scene)", "(MovingCameraScene)")
THREE_D = HEAD.replace("(Scene)", "(ThreeDScene)")


def lines(head, *body):
    """Source with another base class."""
    return head + "".join(f"        {line}\n" for line in body)


# By name: the source, and the findings: problem, animation, line, and a part of the message.
BROKEN = {
    "a long title": (
        plain("t = Text('A title that is far too long to fit into the picture', font_size=60)", "self.play(Write(t))",
              "self.wait(3)"),
        [(OFF, 1, 6, "the text “A title that is far too long to fit int…” is cut off at the")],
    ),
    "a label pushed over the edge": (
        plain("self.wait(0.2)", "t = Text('Population').shift(6.5 * RIGHT)", "self.play(FadeIn(t))", "self.wait()"),
        [(OFF, 2, 7, "“Population” is cut off at the right edge by 1.09")],
    ),
    "a label carried over the edge": (
        plain("t = Text('Sinks')", "self.play(FadeIn(t))", "self.play(t.animate.shift(4 * DOWN))"),
        [(OFF, 2, 7, "cut off at the bottom edge by 0.2")],
    ),
    "a text that never comes": (
        plain("t = Text('Lost').shift(12 * LEFT)", "self.play(FadeIn(t))", "self.play(Create(Square()))"),
        [(OFF, 1, 6, "the text “Lost” is never in the picture: it lies beyond the left edge; move it right")],
    ),
    "a shape beside the frame": (
        plain("sun = Circle(radius=1).shift(9 * RIGHT)", "self.play(Create(sun))", "self.add(Dot())", "self.wait()"),
        [(OFF, 1, 6, "the Circle `sun` sticks out at the right edge")],
    ),
    "a row that goes on": (
        plain("row = VGroup(*[Square() for _ in range(9)]).arrange(RIGHT)", "self.play(Create(row))"),
        [(OFF, 1, 6, "the Square of `row` sticks out at the")],
    ),
    "a title beyond a portrait's edge": (
        plain("self.play(Write(Text('Wide enough for wide pictures only')))"),
        [(OFF, 1, 5, "cut off at the left edge by")],
    ),
    "text on text": (
        plain("a = Text('First point')", "b = Text('Second point')", "self.play(FadeIn(a))", "self.play(FadeIn(b))"),
        [(OVERLAP, 2, 8, "the text “Second point” lies on the text “First point”; move them apart")],
    ),
    "a label on a line of text": (
        plain("a = Text('A line of text that is long')", "b = Text('label', font_size=30).shift(0.2 * DOWN + RIGHT)",
              "self.add(a, b)", "self.wait(3)"),
        [(OVERLAP, 1, 8, "the text “label” lies on the text “A line of text that is long”")],
    ),
    "formula on text": (
        plain("self.play(FadeIn(Text('Euler')), FadeIn(Typst('$ e^(i pi) + 1 = 0 $')))"),
        [(OVERLAP, 1, 5, "the formula “$ e^(i pi) + 1 = 0 $”")],
    ),
    "two texts of one group": (
        plain("g = VGroup(Text('Cause'), Text('Effect'))", "self.play(FadeIn(g))"),
        [(OVERLAP, 1, 6, "“Effect” lies on the text “Cause”")],
    ),
    "a text with new words": (
        plain("a, b = Text('Before'), Text('Other').shift(2 * DOWN)", "self.add(a, b)",
              "self.play(Transform(a, Text('Afterwards').shift(2 * DOWN)))"),
        [(OVERLAP, 1, 7, "“Other” lies on the text “Afterwards”")],
    ),
    "small print": (
        plain("self.play(FadeIn(Text('terms and conditions', font_size=8)))", "self.wait()"),
        [(SMALL, 1, 5, "“terms and conditions” is unreadably small: its letters are 3")],
    ),
    "a table scaled away": (
        plain("t = Table([['one', 'two'], ['three', 'four']]).scale(0.15)", "self.play(FadeIn(t))"),
        [(SMALL, 1, 6, "“one”"), (SMALL, 1, 6, "“two”"), (SMALL, 1, 6, "“three”"), (SMALL, 1, 6, "“four”")],
    ),
    "a long dark pause": (
        plain("s = Square()", "self.play(FadeIn(s))", "self.play(FadeOut(s))", "self.wait(1.5)", "self.wait(2)",
              "self.play(FadeIn(s))"),
        [(EMPTY, 3, 8, "nothing is on screen for 3.5 seconds")],
    ),
    "a scene of nothing": (
        plain("Square()", "self.wait(2)"),
        [(EMPTY, 1, 6, "the scene never shows anything")],
    ),
    "a text under a square": (
        plain("self.add(Text('Out of sight', font_size=30), Square(4, fill_opacity=1, color=BLUE))", "self.wait()"),
        [(HIDDEN, 1, 6, "“Out of sight” lies under a shape all the time")],
    ),
    "a text under a disc": (
        plain("self.add(Text('Out of sight', font_size=30), Circle(2, fill_opacity=1, color=BLUE))", "self.wait()"),
        [(HIDDEN, 1, 6, "“Out of sight” lies under a shape all the time")],
    ),
    "a text as green as its disc": (
        plain("self.add(Circle(2, fill_opacity=1, color=GREEN), Text('Leaf', color=GREEN))", "self.wait()"),
        [(FAINT, 1, 6, "“Leaf” can hardly be seen")],
    ),
    "an arrow through a label": (
        plain("t = Text('Population')", "self.play(FadeIn(t))", "self.play(GrowArrow(Arrow(4 * LEFT, 4 * RIGHT)))"),
        [(STRUCK, 2, 7, "the Arrow runs through the text “Population”; move one of them")],
    ),
    "a line from word to word": (
        plain("a, b = Text('Cause').shift(3 * LEFT), Text('Effect').shift(3 * RIGHT + UP)", "self.add(a, b)",
              "self.play(Create(DashedLine(a.get_center(), b.get_center())))"),
        [(STRUCK, 1, 7, "the DashedLine runs through the text “Cause”"),
         (STRUCK, 1, 7, "the DashedLine runs through the text “Effect”")],
    ),
    "a curve through a formula": (
        plain("self.add(FunctionGraph(lambda x: np.sin(x)), MathTypst('y = sin(x)').shift(UP + 1.57 * RIGHT))",
              "self.wait()"),
        [(STRUCK, 1, 6, "runs through the formula")],
    ),
    "a thick line beside the middle": (
        plain("self.add(Text('A headline', font_size=60), Line(5 * LEFT, 5 * RIGHT, stroke_width=20).shift(.2 * UP))",
              "self.wait()"),
        [(STRUCK, 1, 6, "the Line runs through the text “A headline”")],
    ),
    "an end in the dark": (
        plain("s = Square()", "self.play(FadeIn(s))", "self.play(FadeOut(s))", "self.wait()"),
        [(EMPTY, 3, 8, "the scene ends with an empty picture for 1.0 seconds; leave out its last pause")],
    ),
    "a text as dark as the ground": (
        plain("self.add(Text('Night', color='#111111'))", "self.wait()"),
        [(FAINT, 1, 6, "“Night” can hardly be seen: its contrast with what is behind it is 1.1 to 1")],
    ),
    "a text as bright as its card": (
        plain("card = Rectangle(width=8, height=3, fill_opacity=1, color=WHITE)", "self.add(card, Text('Snow'))",
              "self.wait()"),
        [(FAINT, 1, 7, "“Snow” can hardly be seen")],
    ),
    "a sentence that is gone at once": (
        plain("self.play(FadeIn(Text('eight words can not be read that fast', font_size=30)), run_time=0.2)"),
        [(BRIEF, 1, 5, "is seen for 0.2 seconds; its 8 words take 2.0 to read; let it stay longer")],
    ),
    "a typeface that nobody has": (
        plain("self.add(Text('Letters', font='DejaVu Sanz'))", "self.wait()"),
        [(TYPEFACE, 1, 6, "asks for the typeface “DejaVu Sanz”, which is not installed, and is set in another one;")],
    ),
    "a page of words": (
        plain("self.add(VGroup(*[Text('ten words in each row are far too many of them', font_size=20)",
              "    for _ in range(9)]).arrange(DOWN))", "self.wait(30)"),
        [(MUCH, 1, 7, "99 words are on screen at once; show at most 70")],
    ),
    "a picture that nothing is played of": (
        plain("self.add(Square())"),
        [(STILL, 0, 0, "the scene never plays or waits: it is a still picture for 3 seconds; end it with")],
    ),
    "a pause without end": (
        plain("self.add(Square())", "self.wait(601)"),
        [(LENGTH, 0, 0, "the scene lasts 601 seconds, and 600 are the most; make its pauses shorter")],
    ),
    "a helper that plays": (
        HEAD.replace("    def construct", "    def show(self, it):\n        self.play(FadeIn(it))\n\n    def construct")
        + "        self.show(Text('Far off').shift(7 * RIGHT))\n",
        [(OFF, 1, 5, "cut off at the right edge")],
    ),
    "a title fixed in a turned frame": (
        lines(THREE_D, "self.set_camera_orientation(phi=1.2, theta=0.5)", "t = Text('Fixed').to_edge(UP, buff=-0.4)",
              "self.add_fixed_in_frame_mobjects(t)", "self.wait()"),
        [(OFF, 1, 8, "“Fixed” is cut off at the top edge")],
    ),
    "words beside the camera": (
        lines(MOVING, "self.camera.frame.scale(0.4)", "self.play(FadeIn(Text('Beyond').shift(2.5 * RIGHT)))"),
        [(OFF, 1, 6, "“Beyond” is cut off at the right edge")],
    ),
}  # fmt: skip

GOOD = {
    "formulas of signs": plain(
        "words = ['dots.h', 'arrow(a) dot arrow(b) =', 'degree', '=', \"x'\", 'i', '-1', 'a = b']",
        "self.add(VGroup(*[MathTypst(word, font_size=36) for word in words]).arrange(RIGHT, buff=0.5))",
        "self.add(VGroup(*[Text(word) for word in ('– – a', '- 1 -', '._1')]).arrange(RIGHT).shift(DOWN))",
        "self.wait(0.5)",
    ),
    "a card that is laid over a text": plain(
        "text = Text('Question')", "card = Square(4, fill_opacity=1, color=BLUE)",
        "self.play(FadeIn(text))", "self.wait()", "self.play(FadeIn(card))", "self.wait()",
    ),
    "a dark text on a bright card": plain(
        "self.add(Rectangle(width=8, height=3, fill_opacity=1, color=WHITE), Text('Ink', color=BLACK))", "self.wait()",
    ),
    "arrows that end at words": plain(
        "a, b = Text('Cause').shift(3 * LEFT), Text('Effect').shift(3 * RIGHT)", "self.add(a, b)",
        "self.play(GrowArrow(Arrow(a.get_right(), b.get_left(), buff=0)), Create(Underline(a)))",
        "self.add(Line(a.get_corner(DL), b.get_corner(DR)), Brace(b))", "self.wait()",
    ),
    "words that are struck out": plain(
        "a, b, c = VGroup(*[Text(word) for word in ('Wrong', 'False', 'Old')]).arrange(DOWN)", "self.add(a, b, c)",
        "self.play(Create(Cross(a)), Create(Line(b.get_left(), b.get_right())))",
        "self.play(Create(Line(c.get_left() + 0.2 * LEFT, c.get_right() + 0.2 * RIGHT)))", "self.wait()",
    ),
    "nodes on their edges": plain(
        "self.add(Line(3 * LEFT, 3 * RIGHT))", "dots = [Circle(0.6, fill_opacity=1, color=BLUE).shift(x * RIGHT)",
        "    for x in (-3, 0, 3)]", "self.add(*[VGroup(d, Text('N').move_to(d)) for d in dots])", "self.wait()",
    ),
    "labels with grounds of their own": plain(
        "t, h = Text('label').add_background_rectangle(), Text('halo').shift(2 * RIGHT)",
        "h.set_stroke(BLACK, 6, background=True)", "self.add(Line(6 * LEFT, 6 * RIGHT), t, h)", "self.wait()",
    ),
    "rules between and under words": plain(
        "self.add(VGroup(Text('above'), Line(2 * LEFT, 2 * RIGHT), Text('below')).arrange(DOWN, buff=0.05))",
        "self.add(VGroup(Text('left'), Line(UP, DOWN), Text('right')).arrange(RIGHT, buff=0.05).shift(2 * UP))",
        "self.wait()",
    ),
    "a text in a ring": plain(
        "self.add(Annulus(1, 2, fill_opacity=1, color=BLUE), Text('hole'))", "self.wait()",
        "self.add(Text('under').shift(3 * DOWN), Annulus(1, 2, fill_opacity=1).shift(3 * DOWN))", "self.wait()",
    ),
    "an ordinary scene": plain(
        "title = Text('Title').to_edge(UP)", "s = Square()", "self.play(Write(title))", "self.play(Create(s))",
        "self.play(s.animate.shift(3 * LEFT))", "self.wait(2)", "self.play(FadeOut(*self.mobjects))", "self.wait(0.5)",
    ),
    "planes and axes go on": plain(
        "self.add(NumberPlane(), Text('words').scale(2))", "self.play(Create(Axes(x_length=20).shift(2 * UP)))",
        "self.play(Create(Line(20 * LEFT, 20 * RIGHT).shift(DOWN)), GrowArrow(Arrow(ORIGIN, 9 * RIGHT).shift(DOWN)))",
        "self.play(Create(FunctionGraph(lambda x: x ** 3 + 9)))",
    ),
    "a background": plain("self.add(Rectangle(width=20, height=12, fill_opacity=1, color=BLUE))", "self.wait()"),
    "a button": plain("b = Rectangle(fill_opacity=1)", "self.play(FadeIn(b), FadeIn(Text('Press', color=BLACK)))"),
    "an exit": plain("t = Text('Bye')", "self.play(FadeIn(t))", "self.play(t.animate.shift(12 * LEFT))"),
    "an entrance": plain(
        "t, s = Text('Hello').shift(9 * LEFT), Square().shift(9 * RIGHT)", "self.add(t, s)", "self.wait(0.5)",
        "self.play(t.animate.shift(9 * RIGHT), s.animate.shift(5 * LEFT))",
    ),
    "a zoom": lines(
        MOVING, "a, b = Text('Left').shift(4 * LEFT), Text('A long line of text').shift(2 * RIGHT)", "self.add(a, b)",
        "self.play(self.camera.frame.animate.scale(0.4).move_to(b))", "self.wait()",
    ),
    "small until the zoom": lines(
        MOVING, "t = Text('detail', font_size=6)", "self.add(Square(), t)", "self.wait()",
        "self.play(self.camera.frame.animate.scale(0.2))",
    ),
    "a panel over the text": plain(
        "self.play(Write(Text('Below')))", "p = Rectangle(width=8, fill_opacity=1, color=BLACK)",
        "self.play(FadeIn(p), FadeIn(Text('Above')))",
    ),
    "text in the place of text": plain(
        "a, b = Text('Before'), Text('After')", "self.play(Write(a))", "self.play(ReplacementTransform(a, b))",
        "self.play(Transform(b, Text('Later')))", "self.play(FadeOut(b), FadeIn(Text('Last')))",
    ),
    "a shadow": plain("t = Text('Depth')", "self.add(t.copy().set_color(GRAY).shift(0.05 * DR), t)", "self.wait()"),
    "a watermark": plain("self.add(Text('DRAFT', font_size=200).set_opacity(0.1), Text('Words'))", "self.wait()"),
    "close lines": plain("self.add(VGroup(Text('gypq'), Text('ÄTÖÜ')).arrange(DOWN, buff=0.02))", "self.wait()"),
    "turned letters": plain("self.add(Text('y-axis', font_size=20).rotate(PI / 2))", "self.wait()"),
    "dashes and dots": plain("self.add(Text('…', font_size=20), Text('-----', font_size=20).shift(UP))", "self.wait()"),
    "shrunk to a point": plain("t = Text('Gone')", "self.play(FadeIn(t))", "self.play(ShrinkToCenter(t))"),
    "code": plain("self.add(Code(code_string='def f(x):\\n    return x', language='python'))", "self.wait()"),
    "a table": plain("self.play(FadeIn(Table([['a', 'b'], ['c', 'd']])))"),
    "flashes": plain("self.play(ShowPassingFlash(Square()), run_time=3)", "self.play(Flash(ORIGIN), run_time=3)"),
    "breaths": plain("self.wait()", "s = Square()", "self.play(FadeIn(s))", "self.play(FadeOut(s))", "self.wait(2)",
                     "self.play(FadeIn(s))"),
    "a body in space": lines(
        THREE_D, "self.set_camera_orientation(phi=1, theta=0.6)", "self.add(ThreeDAxes())",
        "self.play(Create(Sphere()))", "self.begin_ambient_camera_rotation(0.5)", "self.wait(3)",
    ),
    "labels that pass in space": lines(
        THREE_D,
        "self.set_camera_orientation(phi=PI / 2, theta=-PI / 2)",
        "self.add(Text('One').rotate(PI / 2, RIGHT).shift(3 * LEFT))",
        "self.add(Text('Two').rotate(PI / 2, RIGHT).rotate(PI / 2, OUT).shift(3 * UP))",
        "self.wait(0.5)", "self.move_camera(theta=-PI / 4)", "self.wait(0.5)",
    ),
    "a star field": plain(
        "rng = np.random.default_rng(1)",
        "self.add(*[Dot([*rng.uniform(-8, 8, 2), 0], radius=0.03) for _ in range(300)])", "self.wait()",
    ),
    "a ball that bounces": plain(
        "ball, speed = Dot(3 * UP, radius=0.3), [0.0]", "def fall(m, dt):", "    speed[0] -= 9 * dt",
        "    m.shift(speed[0] * dt * UP)", "    if m.get_y() < -3: speed[0] = abs(speed[0])",
        "ball.add_updater(fall)", "label = Text('ball').add_updater(lambda m: m.next_to(ball, RIGHT))",
        "self.add(ball, label)", "self.wait(4)",
    ),
    "odd mobjects": plain(
        "class Strange(Text):", "    original_text = property(lambda self: 1 / 0, lambda self, v: None)",
        "m = VMobject()", "m.points = np.full((4, 3), np.nan)", "self.add(m, VMobject(), VGroup(), Strange('Text'))",
        "self.add(Square().set_points_as_corners([[9e9, 0, 0], [np.inf, 1, 0]]))", "self.wait()",
        "self.add(Text('as wide').stretch(0, 0), Text('as high').stretch(0, 1), Text(''))", "self.wait()",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The rehearsals of all scenes, by name."""
    sources = {name: source for name, (source, _) in BROKEN.items()} | GOOD
    orders = [order(source, profile=_profile(name)) for name, source in sources.items()]
    return dict(zip(sources, carried_out(tmp_path_factory.mktemp("layouts"), *orders), strict=True))


def _profile(name):
    return PROFILES[ProfileName.PORTRAIT if "portrait" in name else ProfileName.DRAFT]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_layout_is_found_once_with_its_line(outcomes, name):
    """The finding names the animation, the line that plays it, the thing, and what to do."""
    found = outcomes[name].facts.layout
    expected = BROKEN[name][1]
    assert [(finding.problem, finding.animation, finding.line) for finding in found] == [each[:3] for each in expected]
    for finding, (*_, part) in zip(found, expected, strict=True):
        assert part in finding.message
        assert ";" in finding.message
        assert "\n" not in finding.message


@pytest.mark.parametrize("name", GOOD)
def test_a_good_layout_leaves_nothing_to_remark(outcomes, name):
    """A false remark sends a writer to fix what is not broken."""
    assert outcomes[name].facts.layout == ()


def test_there_are_not_more_findings_than_a_person_reads(tmp_path):
    """Twenty, the first ones of the scene."""
    source = plain("for n in range(24): self.play(FadeIn(Text(f'Number {n}').shift(7 * RIGHT + n * UP / 36)))")
    (outcome,) = carried_out(tmp_path, order(source))
    assert len(outcome.facts.layout) == 20
    assert outcome.facts.layout[0].animation == 1
