"""The parts of Manim that set something with LaTeX.

Without LaTeX, all of them fail when they are made.

Each line of the tables was tried with Manim 0.22 on a machine without LaTeX; `tests/stage/test_validation_latex.py`
tries them again.
"""

from __future__ import annotations

from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.values import UNKNOWN, Class, ClassValue, Constant, Instance, Mapping, Problem, Value

_FORMULA = "write Text(…), or MathTypst(…) for a formula"
# Classes that set something with any argument.
_ALWAYS = {
    "SingleStringMathTex": _FORMULA,
    "Variable": "write a Text(…) that an updater keeps",
    "Matrix": "arrange Text(…) in a grid with VGroup(…).arrange_in_grid(…)",
    "MathTable": "write Table(…)",
}
# Classes that don't when an argument says what to use instead.
_UNLESS = {
    "DecimalNumber": ("mob_class", "give it mob_class=Text"),
    "DecimalTable": ("element_to_mobject", "write Table(…)"),
    "IntegerTable": ("element_to_mobject", "write Table(…)"),
    "BraceLabel": ("label_constructor", "write BraceText(…)"),
}
# Classes and methods that do when they get a text: the argument's place and name, and whether its default is one, too.
_TEXT_ARGUMENTS = {
    ("LabeledDot", ""): ((0, "label", False),),
    ("LabeledLine", ""): ((0, "label", False),),
    ("LabeledPolygram", ""): ((99, "label", False),),
    ("CoordinateSystem", "get_axis_labels"): ((0, "x_label", True), (1, "y_label", True)),
    ("CoordinateSystem", "get_x_axis_label"): ((0, "label", False),),
    ("CoordinateSystem", "get_y_axis_label"): ((0, "label", False),),
    ("CoordinateSystem", "get_z_axis_label"): ((0, "label", False),),
    ("CoordinateSystem", "get_graph_label"): ((1, "label", True),),
    ("CoordinateSystem", "get_T_label"): ((2, "label", False),),
    ("CoordinateSystem", "get_secant_slope_group"): ((99, "dx_label", False), (99, "dy_label", False)),
}
# Methods that set something with any argument, unless a constructor of labels is named.
_METHODS = {
    ("Brace", "get_text"): "put a Text(…) next to the brace",
    ("Brace", "get_tex"): "put a Text(…) next to the brace",
    ("CoordinateSystem", "add_coordinates"): "put a Text(…) at axes.c2p(…) for each number",
    ("NumberLine", "add_numbers"): "give the NumberLine label_constructor=Text",
    ("NumberLine", "get_number_mobject"): "give the NumberLine label_constructor=Text",
    ("BarChart", "get_bar_labels"): "give it label_constructor=Text",
    ("SampleSpace", "add_title"): "put a Text(…) next to it",
}
_AXIS_SETTINGS = ("axis_config", "x_axis_config", "y_axis_config", "z_axis_config")


def latex_problem(owner: Class, given: Arguments, method: str = "", receiver: Value = UNKNOWN) -> Problem | None:
    """Return why a new object of the class, or a call of an object's method, needs LaTeX."""
    advice = _method_advice(owner, given, method, receiver) if method else _class_advice(owner, given)
    advice = advice or _text_advice(owner, given, method)
    if advice is None:
        return None
    what = f"{owner.name}.{method}" if method else owner.name
    return Problem(f"{what} needs LaTeX, which is not installed here; {advice}")


def function_problem(name: str) -> Problem | None:
    """Return the same for a function."""
    if name in {"matrix_to_mobject", "get_det_text"}:
        return Problem(f"{name} needs LaTeX, which is not installed here; {_FORMULA}")
    return None


def takes_own_labels(given: Arguments) -> bool:
    """Return whether the arguments say what makes the labels of axes, or may say so."""
    settings = [given.keywords[name] for name in _AXIS_SETTINGS if name in given.keywords]
    return given.has_more_keywords or any(
        not isinstance(each, Mapping) or each.entries is None or "label_constructor" in each.entries
        for each in settings
    )


def _class_advice(owner: Class, given: Arguments) -> str | None:
    for name, advice in _ALWAYS.items():
        if owner.is_a(name):
            return advice
    for name, (unless, advice) in _UNLESS.items():
        if owner.is_a(name) and not owner.is_a("BraceText"):
            return advice if _is_left_to_latex(given, unless) else None
    return _axes_advice(owner, given) if owner.is_a("CoordinateSystem") else _switch_advice(owner, given)


def _switch_advice(owner: Class, given: Arguments) -> str | None:
    """Return the advice for classes that need LaTeX once an argument switches labels on."""
    if owner.is_a("NumberLine") and _has_numbers(given.keywords) and _is_left_to_latex(given, "label_constructor"):
        return "give it label_constructor=Text"
    if owner.is_a("GenericGraph") and _is_true(given.get(2, "labels")):
        return "give labels as a dict of Text(…)"
    if owner.is_a("VDict") and _is_true(given.get(1, "show_keys")):
        return "leave show_keys out"
    return None


def _axes_advice(owner: Class, given: Arguments) -> str | None:
    if takes_own_labels(given):
        return None
    settings = [given.keywords.get(name) for name in _AXIS_SETTINGS]
    has_numbers = any(_has_numbers(each.entries) for each in settings if isinstance(each, Mapping) and each.entries)
    if has_numbers or (owner.is_a("BarChart") and given.keywords.get("y_axis_config") is None):
        return 'give axis_config={"label_constructor": Text}'
    return None


def _has_numbers(entries: object) -> bool:
    if not isinstance(entries, dict):
        return False
    listed = entries.get("numbers_to_include")
    return _is_true(entries.get("include_numbers")) or (listed is not None and listed != Constant(None))


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Constant) and value.value is True


def _is_left_to_latex(given: Arguments, name: str) -> bool:
    """Return whether no argument names a replacement, or one names a class that needs LaTeX."""
    chosen = given.keywords.get(name)
    if chosen is None:
        return not given.has_more_keywords
    return isinstance(chosen, ClassValue) and (
        chosen.owner.is_a("SingleStringMathTex") or chosen.owner.is_a("DecimalNumber")
    )


def _method_advice(owner: Class, given: Arguments, method: str, receiver: Value) -> str | None:
    for (name, each), advice in _METHODS.items():
        if each == method and owner.is_a(name):
            is_free = isinstance(receiver, Instance) and "label_constructor" in receiver.attributes
            has_labels = any(isinstance(value, Mapping) for value in given.positional)
            is_sure = isinstance(receiver, Instance) and receiver.is_exact and not is_free and not has_labels
            return advice if is_sure and _is_left_to_latex(given, "label_constructor") else None
    return None


def _text_advice(owner: Class, given: Arguments, method: str) -> str | None:
    for (name, each), arguments in _TEXT_ARGUMENTS.items():
        if each == method and owner.is_a(name) and not given.has_more and not given.has_more_keywords:
            for place, keyword, has_default in arguments:
                value = given.get(place, keyword)
                if (value is None and has_default) or _is_text(value):
                    return "give it a Text(…) instead of a text"
    return None


def _is_text(value: Value | None) -> bool:
    match value:
        case Constant(constant):
            return isinstance(constant, str)
        case Instance(owner):
            return owner.name == "str"
    return False
