"""What Manim does beyond its signatures: `play`, groups and tables.

Each rule was tried with the real classes of Manim 0.22.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeGuard

from callsheet.scene_lint.binding import Arguments
from callsheet.scene_lint.catalogue import Catalogue
from callsheet.scene_lint.classes import KnownClass, initializer, is_open
from callsheet.scene_lint.film_settings import settings_given
from callsheet.scene_lint.given_names import file_problem
from callsheet.scene_lint.operators import Operators
from callsheet.scene_lint.run import Beside, an, name_of
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Builder,
    Class,
    ClassValue,
    Constant,
    Instance,
    Mapping,
    Method,
    Problem,
    Sequence,
    UserFunction,
    Value,
    joined,
)

_TAKES_MEMBERS = frozenset({"VGroup"})
_TAKES_ANIMATIONS = frozenset({"AnimationGroup", "LaggedStart", "Succession"})
_GROUPS = ("VGroup", "Group")
_ASKS_A_PERSON = frozenset({"embed", "interactive_embed", "interact"})
_KEEPS_SELF = frozenset({"copy", "generate_target", "deepcopy"})


class ManimRules(Operators):
    """The part of the analysis that knows Manim's own rules."""

    def __init__(self, catalogue: Catalogue, beside: Beside | None = None) -> None:
        super().__init__(catalogue, beside)
        self.entered: list[ast.AST] = []
        self.visits: dict[ast.AST, int] = {}

    def making_problem(self, owner: Class, given: Arguments) -> Problem | None:
        """Return why a class refuses arguments that its signature lets through."""
        maker = initializer(owner)
        if not isinstance(maker, KnownClass):
            return None
        if owner.is_a("Animation"):
            return self._animated_problem(owner, maker, given)
        if maker.name in _TAKES_MEMBERS:
            return self._members_problem(owner, given)
        if maker.name == "Table":
            return self._table_problem(owner, given)
        return self.file_problem(maker.name, given)

    def new_instance(self, owner: Class, given: Arguments) -> Instance:
        """Return an object of a class of Manim's, with what is known about its parts."""
        instance = Instance(owner)
        if owner.name in _GROUPS:
            instance.children = _parts(given)
        return instance

    def method_problem(self, receiver: Value, name: str, given: Arguments) -> Problem | None:
        """Return why a method refuses arguments that its signature lets through."""
        owner = self.class_of(receiver)
        if owner is None:
            return None
        if owner.is_a("Scene"):
            return self._scene_problem(owner, name, given)
        if owner.is_a("ManimConfig"):
            return self.setting_problem(settings_given(given)) if name == "update" else None
        if name == "add" and owner.is_a("VGroup"):
            return self._members_problem(owner, given)
        return None

    def method_result(self, receiver: Value, name: str, given: Arguments) -> Value | None:
        """Return what a method gives if its annotation says too little."""
        owner = self.class_of(receiver)
        if owner is None or not isinstance(receiver, Instance) or not owner.is_a("Mobject"):
            return None
        if name in {"add", "add_to_back"} and receiver.owner.name in _GROUPS:
            self._add_children(receiver, given)
        if name in _KEEPS_SELF:
            return Instance(owner, receiver.is_exact, dict(receiver.attributes), receiver.children)
        return None

    def function_problem(self, name: str, given: Arguments) -> Problem | None:
        """Return why a function fails although its arguments are right."""
        if name == "tempconfig":
            return self.setting_problem(settings_given(given))
        return self.file_problem(name, given)

    def setting_problem(self, settings: list[str]) -> Problem | None:
        """Return the problem of settings of the film that the scene changes while it runs."""
        if not settings or not self.entered:
            return None
        are = "is" if len(settings) == 1 else "are"
        return Problem(f"{', '.join(settings)} {are} decided by the video's profile, not by the scene; leave it out")

    def file_problem(self, opener: str, given: Arguments) -> Problem | None:
        """Return why a file that the scene names in its text can't be opened."""
        return file_problem(opener, given, self.beside) if self.checks_file_names else None

    def function_result(self, name: str, given: Arguments) -> Value | None:
        """Return what a function of Manim's gives if its annotation says too little."""
        first = given.get(0, "func")
        if name == "always_redraw" and isinstance(first, UserFunction):
            return UNKNOWN
        return None

    def _add_children(self, receiver: Instance, given: Arguments) -> None:
        added = _parts(given)
        if added is None:
            receiver.children = None
        elif receiver.children is not None:
            receiver.children = joined(receiver.children, added)

    def _scene_problem(self, owner: Class, name: str, given: Arguments) -> Problem | None:
        if name in _ASKS_A_PERSON:
            return Problem(f"{name} opens a window for a person, and there is none here; leave it out")
        if name == "play":
            return self._play_problem(given)
        if name in {"add", "remove", "bring_to_front", "bring_to_back", "add_fixed_in_frame_mobjects"}:
            return self._added_problem(name, given)
        if name == "wait":
            return Problem("wait needs a duration above 0") if _is_no_time(given.get(0, "duration")) else None
        return self.file_problem(name, given)

    def _play_problem(self, given: Arguments) -> Problem | None:
        if not given.has_more and all(_is_empty(each) for each in given.positional):
            return Problem("play needs at least one animation")
        if _is_no_time(given.keywords.get("run_time")):
            return Problem("play takes no time with this run_time; make it longer, or use self.add or self.remove")
        return self._animations_problem("play takes animations", given)

    def _added_problem(self, name: str, given: Arguments) -> Problem | None:
        for value in given.positional:
            if self._is_certainly(value, self._is_no_mobject):
                return Problem(f"{name} takes mobjects, not {self.described(value)}")
        return None

    def _animations_problem(self, what: str, given: Arguments) -> Problem | None:
        """Return the problem of the first argument that is no animation.

        Lists and generators of them are taken, too.
        """
        for value in _flattened(given.positional):
            problem = self._animation_problem(what, value)
            if problem is not None:
                return problem
        return None

    def _animation_problem(self, what: str, value: Value) -> Problem | None:
        if isinstance(value, Alternatives):
            problems = [self._animation_problem(what, each) for each in value.values]
            return problems[0] if all(problems) else None
        match value:
            case Method(receiver=Builder(), name=name):
                return Problem(f"{what}; call the method: animate.{name}(…)")
            case Method(receiver=Instance() as receiver, name=name) if receiver.owner.is_a("Mobject"):
                return Problem(f"{what}, not a method; write animate.{name}(…)")
            case Instance(owner, is_exact=True) if owner.is_a("Mobject"):
                hint = "wrap it, e.g. in Create(…) or FadeIn(…), or put .animate before the method"
                return Problem(f"{what}, not {an(owner.name)}; {hint}")
            case ClassValue(owner) if not owner.is_a("type"):
                return Problem(f"{what}; call the class: {owner.name}(…)")
        return Problem(f"{what}, not {self.described(value)}") if self._is_no_animation(value) else None

    def _table_problem(self, owner: Class, given: Arguments) -> Problem | None:
        """Return the problem of a table's entries and labels.

        A table makes a Paragraph of each entry, so an entry has to be text. It takes its labels as they are.
        """
        rows = given.get(0, "table")
        entries = _flattened((rows,)) if rows is not None and "element_to_mobject" not in given.keywords else []
        wrong: list[str] = []
        if (number := next((each for each in entries if _is_number(each)), None)) is not None:
            wrong.append(f"takes texts as its entries: write str({number.value}), or use IntegerTable or DecimalTable")
        for name in ("row_labels", "col_labels"):
            labels = _flattened((given.keywords.get(name, UNKNOWN),))
            text = next((each for each in labels if isinstance(each, Constant) and each.value is not None), None)
            if text is not None:
                wrong.append(f"takes mobjects as {name}: write Text({str(text.value)!r})")
        return Problem(f"{owner.name} {'; it '.join(wrong)}") if wrong else None

    def _is_no_animation(self, value: Value) -> bool:
        match value:
            case Constant(None):
                return not self.is_unsure
            case Instance(owner):
                return self._has_nothing_of(owner, "Animation")
        return isinstance(value, Constant | Mapping | UserFunction)

    def _has_nothing_of(self, owner: Class, kind: str) -> bool:
        """Return whether neither the class nor a subclass is of a kind."""
        if not isinstance(owner, KnownClass) or owner.is_open or owner.is_a(kind) or owner.is_a("_AnimationBuilder"):
            return False
        return not any(each.is_a(kind) for each in self.catalogue.subclasses(owner))

    def _animated_problem(self, owner: Class, maker: KnownClass, given: Arguments) -> Problem | None:
        """Return the problem of what an animation is made of.

        Groups of animations take animations; most others take a mobject first.
        """
        if maker.name in _TAKES_ANIMATIONS:
            if not given.has_more and all(map(_is_empty, given.positional)):
                return Problem(f"{owner.name} needs at least one animation")
            return self._animations_problem(f"{owner.name} takes animations", given)
        first = given.positional[0] if given.positional else given.keywords.get("mobject")
        takes = owner.init.parameters[:1] if isinstance(owner, KnownClass) and owner.init is not None else ()
        takes_mobject = bool(takes) and takes[0].name in {"mobject", "vmobject", "mobjects"}
        if first is None or not takes_mobject or owner.is_a("AnimationGroup"):
            return None
        if self._is_certainly(first, lambda each: not isinstance(each, Sequence) and self._is_no_mobject(each)):
            return Problem(f"{owner.name} takes a mobject, not {self.described(first)}")
        return None

    def _is_no_mobject(self, value: Value) -> bool:
        match value:
            case Constant(None):
                return not self.is_unsure
            case Constant() | Mapping() | Sequence() | UserFunction() | Builder():
                return True
            case Instance(owner):
                return self._has_nothing_of(owner, "Mobject")
            case ClassValue(owner):
                return not owner.is_a("type")
            case Method(receiver=Instance()):
                return True
        return False

    def _members_problem(self, owner: Class, given: Arguments) -> Problem | None:
        """Return the problem of a VGroup's members.

        It takes vectorised mobjects, and lists and generators of them.
        """
        for value in _flattened(given.positional):
            if self._is_certainly(value, self._is_no_vmobject):
                hint = "; use Group" if isinstance(value, Instance) and value.owner.is_a("Mobject") else ""
                return Problem(f"{owner.name} takes vectorised mobjects, not {self.described(value)}{hint}")
        return None

    def _is_no_vmobject(self, value: Value) -> bool:
        if isinstance(value, Instance) and value.owner.is_a("Mobject"):
            return value.is_exact and not value.owner.is_a("VMobject") and not is_open(value.owner)
        return self._is_no_mobject(value)

    def _is_certainly(self, value: Value, test: Callable[[Value], bool]) -> bool:
        values = value.values if isinstance(value, Alternatives) else (value,)
        return all(test(each) for each in values)

    def described(self, value: Value) -> str:
        """Return a value in words for a sentence."""
        if isinstance(value, Constant):
            return f"{'the text ' if isinstance(value.value, str) else ''}{value.value!r}"
        if isinstance(value, UserFunction | Method):
            return "a function"
        if isinstance(value, ClassValue):
            return f"the class {value.owner.name}"
        known = self.class_of(value)
        kind = value.kind if isinstance(value, Sequence) else name_of(known) if known is not None else ""
        return "animate" if isinstance(value, Builder) else an(kind) if kind else "this"


def _is_empty(value: Value) -> bool:
    return isinstance(value, Sequence) and value.elements == ()


def _is_number(value: Value) -> TypeGuard[Constant]:
    return isinstance(value, Constant) and isinstance(value.value, int | float)


def _is_no_time(value: Value | None) -> bool:
    return value is not None and _is_number(value) and float(str(value.value)) <= 0


def _flattened(values: tuple[Value, ...]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if isinstance(value, Sequence):
            found += _flattened(value.elements) if value.elements is not None else []
        else:
            found.append(value)
    return found


def _parts(given: Arguments) -> Value | None:
    """Return what a group of these arguments holds."""
    if given.has_more and given.more is None:
        return None
    parts = [_part(each) for each in given.positional] + ([given.more] if given.more is not None else [])
    return joined(*parts) if parts else None


def _part(value: Value) -> Value:
    """Return what a group holds of an argument: lists are taken apart."""
    if isinstance(value, Sequence):
        return joined(*value.elements) if value.elements else value.element
    return value
