"""Formulas are taken in LaTeX and in Typst, and are never shown other than their source means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert

from callsheet.formulas import UnsettableError, fault_in, is_latex, mathml_of, typst_of
from callsheet.formulas.source import mathematics
from callsheet.formulas.typst_pages import page_of
from callsheet.model.content import BulletsContent, DerivationContent
from callsheet.stage.kit.alignment import aligned_part
from callsheet.stage.kit.inline import TextRunKind, parse_inline
from callsheet.stage.kit.mathematics import formula_problems
from tests.stage.mathml_reading import seen

# The same formula twice. What Typst shows of both is the same, sign by sign.
PAIRS = [
    (r"a \cdot b = c", "a dot b = c"),
    (r"f(x) \to 0", "f(x) -> 0"),
    (r"x^{10} + y_{12}", "x^10 + y_12"),
    (r"\frac{a}{b}", "a / b"),
    (r"\dfrac{a + b}{2}", "(a + b) / 2"),
    (r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x = (-b plus.minus sqrt(b^2 - 4 a c)) / (2 a)"),
    (r"\sqrt[3]{x}", "root(3, x)"),
    (r"e^{i\pi} + 1 = 0", "e^(i pi) + 1 = 0"),
    (r"\sum_{k=1}^{n} k = \frac{n(n+1)}{2}", "sum_(k = 1)^n k = (n(n + 1)) / 2"),
    (r"\prod_{k=1}^\infty a_k", "product_(k = 1)^infinity a_k"),
    (r"\int_0^1 x^2 \, dx = \tfrac13", "integral_0^1 x^2 thin d x = 1 / 3"),
    (r"\int_{-\infty}^{\infty} e^{-x^2}\,\mathrm{d}x", "integral_(-infinity)^infinity e^(-x^2) thin upright(d) x"),
    (r"\oint_C \vec F \cdot d\vec s", "integral.cont_C arrow(F) dot d arrow(s)"),
    (r"\lim_{x \to 0} \frac{\sin x}{x} = 1", "lim_(x -> 0) (sin x) / x = 1"),
    (r"f'(x) = \lim_{h\to0}\frac{f(x+h)-f(x)}{h}", "f'(x) = lim_(h -> 0) (f(x + h) - f(x)) / h"),
    (r"f''(x) + \dot y - \ddot z", "f''(x) + dot(y) - dot.double(z)"),
    (r"\frac{\partial u}{\partial t} = \Delta u", "(partial u) / (partial t) = Delta u"),
    (r"\nabla \times \mathbf{E} = 0", "nabla times bold(upright(E)) = 0"),
    (r"\alpha + \beta \le \gamma \ne \delta", "alpha + beta <= gamma != delta"),
    (r"\varepsilon, \epsilon, \varphi, \phi, \vartheta", "epsilon, epsilon.alt, phi, phi.alt, theta.alt"),
    (r"x \in \mathbb{R} \setminus \{0\}", "x in RR without \\{0\\}"),
    (r"A \cup B \subseteq C \cap \emptyset", "A union B subset.eq C inter emptyset"),
    (r"\forall x \exists y : x < y", "forall x exists y : x < y"),
    (r"p \land q \Rightarrow \neg r \lor s", "p and q => not r or s"),
    (r"a \equiv b \pmod{n}", 'a equiv b med ("mod" med n)'),
    (r"P(A \mid B) = \frac{P(A \cap B)}{P(B)}", 'P(A class("relation", |) B) = P(A inter B) / (P(B))'),
    (r"\{x \mid x > 0\}", '{x class("relation", |) x > 0}'),
    (r"\binom{n}{k} = \frac{n!}{k!(n-k)!}", "binom(n, k) = (n!) / (k! (n - k)!)"),
    (r"\left( \frac{a}{b} \right)^2", "(a / b)^2"),
    (r"\left[ 0, 1 \right)", "[0, 1)"),
    (r"\left. \frac{df}{dx} \right|_{x=0}", "lr((d f) / (d x) |)_(x = 0)"),
    (r"\left\{ \frac12 \middle| x \right\}", "lr({1 / 2 mid(|) x})"),
    (r"|x| + \|v\|", "|x| + bar.v.double v bar.v.double"),
    (r"\lfloor x \rfloor \lceil y \rceil", "floor(x) ceil(y)"),
    (r"\langle u, v \rangle", "chevron.l u, v chevron.r"),
    (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "mat(1, 2; 3, 4)"),
    (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", 'mat(delim: "[", a, b; c, d)'),
    (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc", 'mat(delim: "|", a, b; c, d) = a d - b c'),
    (r"\begin{pmatrix} x \\ y \end{pmatrix}", "vec(x, y)"),
    (r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{else} \end{cases}", 'cases(x & "if "x > 0, 0 & "else")'),
    (r"\begin{aligned} a &= b + c \\ &= d \end{aligned}", "a &= b + c \\ &= d"),
    (r"\begin{align*} a &= b \\ c &= d \end{align*}", "a &= b \\ c &= d"),
    (r"\overline{AB} \perp \underline{x}", "overline(A B) perp underline(x)"),
    (r"\hat{x} \bar{y} \tilde{z} \vec{v}", "hat(x) macron(y) tilde(z) arrow(v)"),
    (r"\underbrace{a + b}_{n}", "underbrace(a + b, n)"),
    (r"\overbrace{1 + \dots + 1}^{k}", "overbrace(1 + dots + 1, k)"),
    (r"A \xrightarrow{f} B", "A stretch(->)^f B"),
    (r"a \overset{!}{=} b", "a limits(=)^! b"),
    (r"\operatorname{rank} A = \dim V", 'op("rank") A = dim V'),
    (r"\operatorname*{argmin}_x f(x)", 'limits(op("argmin"))_x f(x)'),
    (r"\sin^2 x + \cos^2 x = 1", "sin^2 x + cos^2 x = 1"),
    (r"\log_2 8 = 3, \quad \ln e = 1", "log_2 8 = 3, quad ln e = 1"),
    (r"\max_{x \in K} |f(x)|", "max_(x in K) |f(x)|"),
    (r"\mathcal{L}\{f\} \ne \mathfrak{g}", "cal(L)\\{f\\} != frak(g)"),
    (r"\boldsymbol{\alpha} \cdot \mathrm{Re}", 'bold(alpha) dot "Re"'),
    (r"v = \frac{\text{distance}}{\text{time}}", 'v = "distance" / "time"'),
    (r"\color{red} x + 1", "x + 1"),
    (r"\ce{2 H2 + O2 -> 2 H2O}", '2 "H"_2 + "O"_2 -> 2 "H"_2 "O"'),
    (r"\ce{SO4^2- + Fe^{3+}}", '"S" "O"_4^(2 -) + "Fe"^(3 +)'),
    (r"a_{ij} b^{j} = \delta_i^{\;k}", "a_(i j) b^j = delta_i^(thick k)"),
]
# What people get wrong: where the sentence says it is, and what it says to write.
MISTAKES = [
    (r"\frac{a}", 1, r"\frac{a}{b}"),
    (r"\frac{a}{b", 9, "write } at its end"),
    (r"x = \frac{1}{2}}", 16, "leave it out"),
    (r"x^{10", 3, "write } at its end"),
    (r"\alpha^10", 7, "^{10}"),
    (r"\pi x_12", 6, "_{12}"),
    (r"\sqrt x^-1", 8, "^{-1}"),
    (r"e^{x}^{y}", 6, "^{…}"),
    (r"a_{1}_2", 6, "_{…}"),
    (r"\alpha^", 7, "^{…}"),
    (r"\left( x", 1, r"\right"),
    (r"\alpha x \right)", 10, r"\left("),
    (r"\left x \right)", 1, r"\left("),
    (r"\begin{cases} a & b", 1, r"\end{cases}"),
    (r"\begin{pmatrix} 1 \end{bmatrix}", 19, r"\end{pmatrix}"),
    (r"\begin{pmatrx} 1 \end{pmatrx}", 1, r"\begin{pmatrix}"),
    (r"\begin{cases} a & b & c \end{cases}", 1, "a & b"),
    (r"\begin{array}{c} 1 & 2 \end{array}", 1, "{cc}"),
    (r"\alhpa", 1, r"\alpha"),
    (r"\farc{a}{b}", 1, r"\frac"),
    (r"x \rigtharrow y", 3, r"\rightarrow"),
    (r"\sinx", 1, r"\sin x"),
    (r"\frac{sin x}{x}", 7, r"\sin"),
    (r"\frac{sinx}{x}", 7, r"\sin x"),
    (r"\sqrt{alpha}", 7, r"\alpha"),
    (r"v = \frac{distance}{t}", 11, r"\text{distance}"),
    (r"x -> \infty", 3, r"\to"),
    (r"x <= \pi", 3, r"\leq"),
    (r"\pi != 3", 5, r"\neq"),
    (r"1, 2, ..., \infty", 7, r"\dots"),
    (r"\text{50%}", 9, r"\%"),
    (r"\alpha = 5%", 11, r"\%"),
    (r"\text{a_b}", 8, r"\_"),
    (r'x \in "A"', 7, r"\text{…}"),
    (r"\alpha \in {1, 2}", 12, r"\{1, 2\}"),
    (r"\SI{5}{km}", 1, r"\mathrm{km}"),
    (r"\tag{1} x", 1, "leave it out"),
    (r"\color{crimson} x", 7, "red"),
    (r"\ce{H2O&}", 8, "H2O"),
    (r"\operatorname rank", 1, r"\operatorname{rank}"),
    (r"\R^n", 1, r"\mathbb{R}"),
    (r"\not{abc}", 1, r"\neq"),
    (r"$\frac{1}$", 2, r"\frac{a}{b}"),
    (r"\sqrt[3{x}", 6, "write ] at its end"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "typst"), PAIRS)
def test_the_same_formula_in_latex_and_in_typst_is_shown_alike(latex: str, typst: str):
    """Sign by sign, in the order and the places that a reader sees."""
    assert (fault_in(latex), fault_in(typst)) == ("", "")
    assert seen(mathml_of(latex)) == seen(mathml_of(typst))


@pytest.mark.parametrize(("formula", "character", "right"), MISTAKES)
def test_a_mistake_in_latex_is_refused_with_its_place_and_the_right_form(formula: str, character: int, right: str):
    """Never set in part, and never wrong without a word."""
    fault = fault_in(formula)
    assert f"(character {character})" in fault
    assert right in fault


_LETTERS = st.sampled_from(list("abcdfghkmnpqrstuvwxyzABCFGHKLMNPQRSTVXYZ"))


def _any_of(table: str) -> st.SearchStrategy[str]:
    return st.sampled_from(table.split())


_ATOMS = st.one_of(
    _LETTERS,
    st.integers(0, 999).map(str),
    _any_of(
        r"""
        \alpha \beta \gamma \epsilon \varepsilon \theta \lambda \mu \pi \rho \sigma \tau \phi \varphi \omega \Gamma
        \Delta \Sigma \Omega \infty \partial \nabla \emptyset \ell \aleph \mathbb{R} \mathbf{v} \mathrm{d} \mathcal{L}
        \mathfrak{g} \ldots \cdots \text{if} \sin \cos \log \ln \exp \max \operatorname{rank}
        """
    ),
)
_BETWEEN = _any_of(
    r"""
    + - = < > \cdot \times \div \pm \mp \leq \geq \neq \approx \equiv \sim \to \rightarrow \Rightarrow \in \notin
    \subset \subseteq \cup \cap \wedge \vee \circ \perp \propto \mapsto , / \mid
    """
)


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = parts.map(lambda part: f"{{{part}}}")
    return st.one_of(
        st.tuples(parts, _BETWEEN, parts).map(" ".join),
        st.tuples(parts, parts).map(" ".join),
        st.tuples(group, group).map(lambda two: rf"\frac{two[0]}{two[1]}"),
        st.tuples(group, group).map(lambda two: rf"\binom{two[0]}{two[1]}"),
        group.map(lambda one: rf"\sqrt{one}"),
        st.tuples(_LETTERS, parts).map(lambda two: rf"\sqrt[{two[0]}]{{{two[1]}}}"),
        st.tuples(_ATOMS, group).map("^".join),
        st.tuples(_ATOMS, group).map("_".join),
        st.tuples(_LETTERS, group, group).map(lambda three: f"{three[0]}_{three[1]}^{three[2]}"),
        st.tuples(_LETTERS, st.sampled_from(["'", "''"])).map("".join),
        parts.map(lambda one: f"({one})"),
        parts.map(lambda one: rf"\left[ {one} \right]^2"),
        parts.map(lambda one: rf"\left( {one} \right)"),
        parts.map(lambda one: rf"\left| {one} \right|"),
        parts.map(lambda one: rf"\left\{{ {one} \right."),
        st.tuples(st.sampled_from(["hat", "bar", "vec", "tilde", "overline", "dot"]), group).map(
            lambda two: rf"\{two[0]}{two[1]}"
        ),
        st.tuples(st.sampled_from(["sum", "prod", "int", "bigcup"]), group, group).map(
            lambda three: rf"\{three[0]}_{three[1]}^{three[2]}"
        ),
        parts.map(lambda one: rf"\lim_{{x \to {one}}} "),
        st.tuples(group, group).map(lambda two: rf"\overset{two[0]}{two[1]}"),
        st.lists(parts, min_size=4, max_size=4).map(
            lambda four: rf"\begin{{pmatrix}} {four[0]} & {four[1]} \\ {four[2]} & {four[3]} \end{{pmatrix}}"
        ),
    )


_FORMULAS = st.recursive(_ATOMS, _larger, max_leaves=9)


@settings(max_examples=250, deadline=None)
@given(latex=_FORMULAS)
def test_no_formula_is_shown_other_than_its_source_means(latex: str):
    """Another reader of LaTeX finds the same signs in the same places as stand in what Typst shows."""
    try:
        shown = mathml_of(rf"\displaystyle {latex}")
    except UnsettableError:
        return  # refused, with a sentence: see the next test for how rarely
    assert seen(shown) == seen(convert(latex))


@settings(max_examples=100, deadline=None)
@given(latex=_FORMULAS)
def test_what_a_person_writes_is_not_refused(latex: str):
    """All of what is known, in any order."""
    assert fault_in(rf"\displaystyle {latex}") == ""


@settings(max_examples=200, deadline=None)
@given(
    formula=st.lists(
        st.one_of(
            st.sampled_from(
                ["\\", "{", "}", "^", "_", "$", "&", "\\\\", '"', "#", "(", ")", "[", "]", "|", "%", "\\,"]
            ),
            st.sampled_from([r"\frac", r"\text", r"\left", r"\right", r"\begin", r"\end", r"\ce", r"\color", r"\u"]),
            st.sampled_from(list("ab1 ü字'/*:;.,<>=-+!?~`@")),
        ),
        max_size=12,
    ).map("".join)
)
def test_anything_is_set_or_refused_and_latex_never_as_typst(formula: str):
    """No formula ends in another error, and a command behind a backslash never reaches Typst as it stands."""
    try:
        source = typst_of(formula)
    except UnsettableError as fault:
        assert str(fault)
        return
    if is_latex(formula):
        assert not any(command in source for command in (r"\frac", r"\text", r"\left", r"\begin", r"\ce", r"\color"))
        page_of(f"#{mathematics(formula, block=True)}")


@pytest.mark.parametrize(
    ("formula", "language"),
    [
        (r"a \cdot b", "latex"), ("x^{10}", "latex"), ("{}_6 C", "latex"), ("3{,}14", "latex"), (r"a \\ b", "latex"),
        (r"x\,y", "latex"), (r"\(x\)", "latex"), (r"$\alpha$", "latex"), (r"\begin{cases} a \end{cases}", "latex"),
        ("x^10", "typst"), (r"\{1, 2\}", "typst"), ("{1, 2}", "typst"), (r'"\\alpha"', "typst"), (r"5\%", "typst"),
        (r"mat(1\,5, 2)", "typst"), (r"\u{1F600}", "typst"), ("a &= b \\ &= c", "typst"), ("$x$", "typst"),
    ],
)  # fmt: skip
def test_the_language_of_a_formula_is_seen_by_its_signs(formula: str, language: str):
    """A command, a group in braces and the end of a line are LaTeX; all else is Typst."""
    assert is_latex(formula) == (language == "latex")
    assert fault_in(formula) == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"\ce{H2O}", ("H", "2", "O")),
        (r"\ce{Ca(OH)2}", ("Ca", "(", "O", "H", ")", "2")),
        (r"\ce{CuSO4*5H2O}", ("Cu", "S", "O", "4", "·", "5", "H", "2", "O")),
        (r"\ce{^{14}_{6}C}", ("1", "4", "6", "C")),
        (r"\ce{A <=>[H2O] B}", ("A", "⇌", "H", "2", "O", "B")),
        (r"\ce{NaCl(aq) -> Na+ + Cl-}", ("Na", "Cl", "(", "aq", ")", "→", "Na", "+", "+", "Cl", "-")),
        (r"\ce{CH3-CH=CH2}", ("C", "H", "3", "-", "C", "H", "=", "C", "H", "2")),
        (r"\ce{CO2 ^ + C v}", ("C", "O", "2", "↑", "+", "C", "↓")),
    ],
)
def test_chemistry_is_set_as_mhchem_sets_it(written: str, shown: tuple[str, ...]):
    """Counts are lowered, charges raised, arrows long enough for what stands over them."""
    assert fault_in(written) == ""
    assert tuple(_flat(seen(mathml_of(written)))) == shown


def _flat(node: object):
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        is_named = bool(node) and node[0] in ("scripts", "word", "_", "^")
        for part in node[1:] if is_named else node:
            yield from _flat(part)


def test_money_stays_text_and_mathematics_between_dollar_signs_is_found():
    """The rule is Pandoc's: no space behind the opening sign, none before the closing one, and no digit after it."""
    for text in ("$5 and $7", "from $5 to $10", "US$5, or $6.", r"\$x\$", "5 $ and 7 $", "$5–$7"):
        assert {run.kind for run in parse_inline(text)} == {TextRunKind.TEXT}, text
    runs = parse_inline(r"costs $5, and $\frac{a}{b}$ is $x^{10}$.")
    assert [run.text for run in runs if run.kind is TextRunKind.MATH] == [r"\frac{a}{b}", "x^{10}"]


def test_a_field_of_a_template_is_named_with_the_place_in_its_formula():
    """Formulas in texts as well as formulas in their own fields."""
    content = BulletsContent(points=("As $a \\cdot b$ shows", r"and $\frac{1}$ too"))
    [(location, sentence)] = formula_problems(content)
    assert location == ("points", 1)
    assert r"“\frac{1}” (character 1) needs two arguments; write \frac{a}{b}" in sentence


def test_lines_of_a_derivation_in_latex_are_aligned_as_those_in_typst():
    """At the mark, or at the first relation outside of brackets."""
    assert aligned_part(typst_of(r"P(X = 1) \leq \frac{1}{2}")) == "≤ frac(1, 2)"
    assert aligned_part(typst_of(r"f(x) &= x^{2}")) == "= x^(2)"
    content = DerivationContent(lines=({"formula": r"f(x) &= x^{2}"}, {"formula": r"&= x \cdot x"}))
    assert list(formula_problems(content)) == []


def test_words_of_a_formula_reach_typst_only_as_words():
    """Whatever they hold."""
    assert fault_in(r'\text{a "q" \# read("x")} + 1') == ""
    assert ("word", 'a"q"#read("x")') in seen(mathml_of(r'\text{a "q" \# read("x")} + 1'))
    assert "nested more than" in fault_in(r"\sqrt{" * 90 + "x" + "}" * 90)
