"""Scenes with LaTeX after the habits of public Manim code: the body of `construct` of each."""

LATEX_SCENES = {
    "an equation in parts": r"""
        formula = MathTex("a^2", "+", "b^2", "=", "c^2", font_size=72)
        formula[0].set_color(BLUE)
        formula.set_color_by_tex("b^2", RED)
        self.play(Write(formula))
        self.play(Indicate(formula.get_part_by_tex("c^2")), formula[1].animate.set_color(YELLOW))
    """,
    "terms that move": r"""
        first = MathTex("x", "+", "3", "=", "7")
        second = MathTex("x", "=", "7", "-", "3")
        self.play(Write(first))
        self.play(TransformMatchingTex(first, second, path_arc=PI / 2))
        self.play(TransformMatchingShapes(second, MathTex("x = 4")))
    """,
    "terms in double braces": r"""
        one = MathTex(r"{{ a^2 }} + {{ b^2 }} = {{ c^2 }}")
        two = MathTex(r"{{ a^2 }} = {{ c^2 }} - {{ b^2 }}")
        self.add(one)
        self.play(TransformMatchingTex(one, two))
    """,
    "isolated letters": r"""
        rule = MathTex(r"f(x) = \frac{1}{x} + x^2", substrings_to_isolate=["x", "f"])
        rule.set_color_by_tex("x", TEAL)
        self.play(FadeIn(rule, shift=UP))
        self.play(Circumscribe(rule.get_part_by_tex("f")))
    """,
    "a map of colours": r"""
        colours = {r"\theta": YELLOW, "r": BLUE}
        self.play(Write(MathTex(r"x = r \cos\theta, \quad y = r \sin\theta", tex_to_color_map=colours)))
    """,
    "a derivation in rows": r"""
        steps = MathTex(r"(a+b)^2 &= (a+b)(a+b) \\ &= a^2 + ab + ba + b^2 \\ &= a^2 + 2ab + b^2")
        steps.scale_to_fit_width(10)
        self.play(Write(steps), run_time=2)
    """,
    "the quadratic formula": r"""
        start = MathTex(r"ax^2 + bx + c = 0")
        end = MathTex(r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}").next_to(start, DOWN)
        self.play(Write(start))
        self.play(ReplacementTransform(start.copy(), end))
        self.play(Create(SurroundingRectangle(end, color=YELLOW)))
    """,
    "a fraction across arguments": r"""
        slope = MathTex(r"\frac{", r"\Delta y", "}{", r"\Delta x", "}", "= m")
        slope[1].set_color(GREEN)
        slope[3].set_color(RED)
        self.play(Write(slope))
    """,
    "an old fraction": r"""
        speed = MathTex("v", "=", r"{d \over t}", r"= {d", r"\over", r"t}")
        self.add(speed)
        self.play(speed.animate.shift(UP))
    """,
    "limits and integrals": r"""
        lines = VGroup(
            MathTex(r"\lim_{h \to 0} \frac{f(x+h) - f(x)}{h} = f'(x)"),
            MathTex(r"\int_a^b f(x) \, dx = F(b) - F(a)"),
            MathTex(r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}"),
            MathTex(r"\prod_{k=1}^{n} k = n!", r"\qquad \iint_D \oint_C \bigcup_{i \in I} A_i"),
        ).arrange(DOWN, aligned_edge=LEFT)
        self.play(LaggedStart(*[Write(line) for line in lines], lag_ratio=0.5))
    """,
    "matrices": r"""
        matrix = Matrix([[1, 2], [3, 4]], left_bracket="(", right_bracket=")")
        vector = MathTex(r"\begin{bmatrix} x \\ y \end{bmatrix}")
        both = VGroup(matrix, vector, MathTex("="), IntegerMatrix([[5], [11]])).arrange(RIGHT)
        matrix.set_column_colors(BLUE, GREEN)
        self.play(Write(both))
        self.play(Indicate(matrix.get_entries()[0]), matrix.get_brackets().animate.set_color(YELLOW))
    """,
    "a determinant": r"""
        self.add(MathTex(r"\det(A) = \begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc").shift(UP))
        self.add(MathTex(r"\left[\begin{array}{cc|c} 1 & 0 & 5 \\ \hline 0 & 1 & -2 \end{array}\right]").shift(DOWN))
        self.wait()
    """,
    "cases": r"""
        self.play(Write(MathTex(r"|x| = \begin{cases} x & \text{if } x \geq 0 \\ -x & \text{otherwise} \end{cases}")))
    """,
    "text with formulas": r"""
        title = Title(r"Euler's identity $e^{i\pi} + 1 = 0$")
        body = Tex(r"For every real $x$: ", r"$e^{ix} = \cos x + i \sin x$", r".\\ \textbf{Proof} follows.")
        body[1].set_color(YELLOW)
        self.play(Write(title), FadeIn(body))
    """,
    "a list": r"""
        items = BulletedList("A first point", "A formula: $a_n \\to 0$", "A third point", height=3)
        self.play(Write(items))
        items.fade_all_but(1)
        self.wait()
    """,
    "numbers on axes": r"""
        axes = Axes(x_range=[-3, 3], y_range=[-1, 9, 2], axis_config={"include_numbers": True})
        labels = axes.get_axis_labels("x", "f(x)")
        graph = axes.plot(lambda x: x**2, color=BLUE)
        label = axes.get_graph_label(graph, r"x^2", x_val=2, direction=UL)
        self.play(Create(axes), Write(labels))
        self.play(Create(graph), FadeIn(label))
    """,
    "a number that counts": r"""
        tracker = ValueTracker(0)
        number = DecimalNumber(0, num_decimal_places=2, unit=r"\,\mathrm{m}", include_sign=True)
        number.add_updater(lambda m: m.set_value(tracker.get_value()))
        count = Integer(1234567).to_edge(UP)
        self.add(number, count, DecimalNumber(3.14159, show_ellipsis=True).to_edge(DOWN))
        self.play(tracker.animate.set_value(9.81), run_time=0.5)
    """,
    "a variable": r"""
        variable = Variable(1.5, r"\lambda", num_decimal_places=3)
        self.add(variable)
        self.play(variable.tracker.animate.set_value(2))
    """,
    "a brace": r"""
        line = Line(LEFT * 2, RIGHT * 2)
        brace = Brace(line, DOWN)
        self.play(Create(line), GrowFromCenter(brace))
        self.play(Write(brace.get_tex(r"\ell = 4\,\mathrm{cm}")))
        self.play(FadeIn(BraceLabel(line, r"\vec{v}", brace_direction=UP)))
    """,
    "bars": r"""
        chart = BarChart([1, 3, 2], bar_names=["a", "b", "c"], y_range=[0, 4, 1])
        self.play(Create(chart), FadeIn(chart.get_bar_labels()))
    """,
    "a table of formulas": r"""
        table = MathTable([["x", "x^2"], ["1", "1"], [r"\frac{1}{2}", r"\frac{1}{4}"]], include_outer_lines=True)
        self.play(table.create())
    """,
    "vectors": r"""
        plane = NumberPlane(x_range=[-2, 2], y_range=[-2, 2]).add_coordinates()
        vector = Vector([1, 2])
        self.add(plane, vector, vector.coordinate_label(), LabeledDot("A"))
        self.add(MathTex(r"\hat{\imath}, \vec{\jmath}").to_edge(UP))
        self.wait()
    """,
    "a graph with labels": r"""
        graph = Graph([1, 2, 3], [(1, 2), (2, 3)], labels=True)
        self.play(Create(graph))
    """,
    "commands of a template": r"""
        template = TexTemplate()
        template.add_to_preamble(r"\usepackage{mathtools}\newcommand{\R}{\mathbb{R}}")
        template.add_to_preamble(r"\newcommand{\norm}[1]{\lVert #1 \rVert}")
        template.add_to_preamble(r"\DeclareMathOperator{\rank}{rank}")
        self.add(MathTex(r"f\colon \R^n \to \R, \quad \norm{x} \le \rank A", tex_template=template))
        self.wait()
    """,
    "words in other scripts": r"""
        template = TexTemplateLibrary.ctex
        self.add(Tex(r"勾股定理：$a^2 + b^2 = c^2$", tex_template=template).shift(UP))
        self.add(MathTex(r"P(\text{größer}) = 9{,}1\,\%"), Tex(r"caf\'e, na\"ive --- ``quoted''").shift(DOWN))
        self.wait()
    """,
    "sizes, colours and boxes": r"""
        self.add(MathTex(r"{\color{red} x} + \textcolor{blue}{y} = \boxed{z}", r"\cancel{k}", font_size=96).shift(UP))
        self.add(Tex(r"\Large Large \small small {\itshape slanted} \underline{line} \texttt{code}", color=GREEN))
        self.add(Tex(r"\begin{tabular}{|l|c|} \hline a & $b$ \\ \hline 1 & 2 \\ \hline \end{tabular}").shift(2 * DOWN))
        self.wait()
    """,
    "lists of LaTeX": r"""
        self.add(Tex(r"\begin{itemize} \item one \item two \end{itemize}", tex_environment=None).to_edge(LEFT))
        self.add(Tex(r"\begin{enumerate} \item first \item second \end{enumerate}").to_edge(RIGHT))
        self.add(Tex("A long text that LaTeX would break, " * 5, tex_environment="flushleft", font_size=30))
        self.wait()
    """,
    "theorems": r"""
        lines = [
            r"\forall \varepsilon > 0 \; \exists \delta > 0 \colon |x - a| < \delta \implies |f(x) - L| < \varepsilon",
            r"\nabla \times \vec{E} = -\frac{\partial \vec{B}}{\partial t}, \oint \mathbf{E} \cdot d\boldsymbol{\ell}",
            r"\underbrace{a + \cdots + a}_{n \text{ times}} \xrightarrow{n \to \infty} \overline{AB} \stackrel{!}{=} 1",
            r"\bigl( \tfrac12 \bigr)^2 \Big| \begin{aligned} p &\equiv q \pmod{m} \\ r &\not\in S \end{aligned}",
        ]
        self.play(Write(VGroup(*map(MathTex, lines)).arrange(DOWN).scale_to_fit_height(6)))
    """,
}
