"""A scene to try `callsheet render` with: a point goes round a circle and draws a sine wave."""

from manim import *


class UnitCircle(Scene):
    """The height of a point on a circle, over its angle."""

    def construct(self):
        axes = Axes(x_range=[0, TAU, PI / 2], y_range=[-1.5, 1.5, 1], x_length=7, y_length=4, tips=False)
        axes.to_edge(RIGHT, buff=0.8)
        circle = Circle(radius=axes.y_length / 3, color=BLUE).next_to(axes, LEFT, buff=0.8)
        title = Text("The sine of an angle", font_size=40).to_edge(UP)
        angle = ValueTracker(0)
        dot = always_redraw(lambda: Dot(circle.point_at_angle(angle.get_value()), color=YELLOW))
        end = always_redraw(lambda: Dot(axes.c2p(angle.get_value(), np.sin(angle.get_value())), color=YELLOW))
        height = always_redraw(lambda: DashedLine(dot.get_center(), end.get_center(), color=GRAY))
        wave = always_redraw(lambda: axes.plot(np.sin, x_range=[0, max(angle.get_value(), 0.01)], color=YELLOW))
        self.play(Write(title), Create(circle), Create(axes))
        self.add(wave, dot, end, height)
        self.play(angle.animate.set_value(TAU), run_time=4, rate_func=linear)
        self.wait()
