"""Look-ups of attributes: what `value.name` gives, or why there is no such thing."""

from __future__ import annotations

from collections.abc import Callable

from callsheet.model.problems import nearest
from callsheet.scene_lint import dialect
from callsheet.scene_lint.classes import KnownClass, attribute_names, attribute_of, is_open, known_base
from callsheet.scene_lint.run import LintRun, name_of
from callsheet.scene_lint.values import (
    UNKNOWN,
    Alternatives,
    Array,
    Attribute,
    Builder,
    Class,
    ClassValue,
    Constant,
    ForeignValue,
    HelperModule,
    Instance,
    KnownFunction,
    Mapping,
    Method,
    ModuleValue,
    Problem,
    Sequence,
    SuperValue,
    UserFunction,
    Value,
    joined,
)

_EVERY_OBJECT = frozenset(dir(object)) | {"__dict__", "__module__", "__name__", "__qualname__", "__annotations__"}
_ARRAY_METHODS = frozenset({"copy", "astype", "tolist", "sum", "mean", "max", "min", "dot", "reshape", "flatten"})
_KINDS_OF_SEQUENCES = {"list", "tuple", "set", "range"}


class Attributes(LintRun):
    """The part of the analysis that looks up attributes."""

    def attribute(self, value: Value, name: str) -> Value | Problem:
        """Return what `value.name` gives.

        If the value has alternatives, all of them must fail for a problem.
        """
        if isinstance(value, Alternatives):
            found = [self.attribute(each, name) for each in value.values]
            problems = [each for each in found if isinstance(each, Problem)]
            if len(problems) == len(found):
                return _weightiest(value.values, problems)
            return joined(*(each for each in found if not isinstance(each, Problem)))
        if name in _EVERY_OBJECT:
            return UNKNOWN
        reader = _READERS.get(type(value))
        is_text = isinstance(value, Instance) and value.owner.name == "str"
        if reader is not None and not is_text:
            return reader(self, value, name)
        return self._of_plain(value, name)

    def _of_plain(self, value: Value, name: str) -> Value | Problem:
        """Return an attribute of a number, text, list, dict or array, or of something foreign."""
        owner = self.class_of(value)
        if owner is None:
            return ForeignValue(f"{value.name}.{name}") if isinstance(value, ForeignValue) else UNKNOWN
        if isinstance(value, Array):
            is_method = name in _ARRAY_METHODS
        else:
            is_method = isinstance(value, Sequence | Mapping) or owner.name == "str"
        if is_method:
            return Method(value, name) if owner.own(name) else self.no_attribute(owner, name)
        return self._of_instance(Instance(owner), name, value)

    def class_of(self, value: Value) -> Class | None:
        """Return the class of a number, a text, a list or an array: no instance of the catalogue's."""
        match value:
            case Instance(owner):
                return owner
            case Constant(constant) if type(constant).__name__ in {
                "int",
                "float",
                "str",
                "bool",
                "NoneType",
                "bytes",
                "complex",
            }:
                return self.catalogue.classes[f"builtins.{type(constant).__name__}"]
            case Array():
                return self.catalogue.classes["numpy.ndarray"]
            case Sequence(kind) if kind in _KINDS_OF_SEQUENCES:
                return self.catalogue.classes[f"builtins.{kind}"]
            case Mapping():
                return self.catalogue.classes["builtins.dict"]
        return None

    def _of_instance(self, receiver: Instance, name: str, value: Value | None = None) -> Value | Problem:
        if name in receiver.attributes:
            return receiver.attributes[name]
        owner = receiver.owner
        if name == "animate" and (owner.is_a("Mobject") or not receiver.is_exact):
            return Builder(receiver)
        if name == "camera" and (camera := self._camera(owner)) is not None:
            return camera
        if f"{owner.name}.{name}" in dialect.ATTRIBUTES and name not in self.stored_attributes:
            return self.no_attribute(owner, name)
        found = attribute_of(owner, name)
        if found is not None:
            return self._read(found, owner, name, value or receiver)
        return self._missing(receiver, name)

    def _read(self, found: Attribute, owner: Class, name: str, receiver: Value) -> Value:
        """Return what an existing attribute gives."""
        if found.kind == "method" and isinstance(found.value, UserFunction):
            return Method(receiver, name, function=found.value)
        if found.value is not None:
            return found.value
        if found.kind in {"method", "static"} and found.signature is not None:
            signature = found.signature.bound() if found.kind == "method" else found.signature
            return Method(receiver, name, signature=signature)
        if found.kind == "property" and found.types:
            return joined(*(self.of_type(each, receiver) for each in found.types))
        held = next(
            (each.held[name] for each in owner.order if isinstance(each, KnownClass) and name in each.held), None
        )
        if held is not None and held != "numpy.ndarray":
            return self.of_type(held, receiver)
        return UNKNOWN

    def _camera(self, owner: Class) -> Value | None:
        """Return the camera of a scene. The scene's class names the camera's class."""
        base = known_base(owner)
        if base is None or not base.is_a("Scene") or is_open(owner) or attribute_of(owner, "camera") is None:
            return None
        name = next((each.camera for each in owner.order if isinstance(each, KnownClass) and each.camera), None)
        return Instance(self.catalogue.classes[name]) if name else None

    def _missing(self, receiver: Instance, name: str) -> Value | Problem:
        """Return what stands for a name that no class of the receiver has.

        Manim may make it up, it may be hidden from view, or it is really missing.
        """
        owner = receiver.owner
        if (
            is_open(owner)
            or name in self.stored_attributes
            or name in self.catalogue.stored
            or self._is_in_a_subclass(receiver, name)
        ):
            return UNKNOWN
        if owner.is_a("Mobject") and name[:4] in {"get_", "set_"}:
            return Method(receiver, name, through=name[:3])
        if name in self.self_stored and not owner.is_of_user:
            return UNKNOWN
        return self.no_attribute(owner, name)

    def _is_in_a_subclass(self, receiver: Instance, name: str) -> bool:
        if receiver.is_exact:
            return False
        owner = receiver.owner
        return any(each.is_open or each.own(name) is not None for each in self.subclasses_of(owner))

    def no_attribute(self, owner: Class, name: str) -> Value | Problem:
        """Return the sentence that there is no such attribute, with the probable name."""
        if owner.name == "NoneType":
            return UNKNOWN if self.is_unsure else Problem(f"this is None, which has no {name}")
        advice = dialect.ATTRIBUTES.get(f"{owner.name}.{name}") or dialect.ATTRIBUTES.get(name)
        if advice is None and (close := nearest(name, attribute_names(owner))):
            advice = close
        hint = f"; did you mean {advice}?" if advice else ""
        elsewhere = "" if advice else self._owners_of(owner, name)
        return Problem(f"{name_of(owner)} has no attribute or method {name}{hint}{elsewhere}")

    def _owners_of(self, owner: Class, name: str) -> str:
        """Return which kinds of scene have the attribute, if the scene is of another kind."""
        base = known_base(owner)
        if base is None or not base.is_a("Scene"):
            return ""
        kinds = [each.name for each in self.catalogue.subclasses(self.catalogue.named("Scene")) if each.own(name)]
        return f"; a {' or '.join(kinds)} has it" if kinds else ""

    def _of_builder(self, builder: Builder, name: str) -> Value | Problem:
        """Return what `.animate.name` gives: the method of the mobject, which has to be called."""
        found = self.attribute(builder.receiver, name)
        if isinstance(found, Problem):
            return found
        if isinstance(found, Method):
            return Method(builder, found.name, found.function, found.signature, found.through)
        return UNKNOWN

    def _of_module(self, value: ModuleValue, name: str) -> Value | Problem:
        module = value.name
        names = self.catalogue.modules.get(module)
        if names is None or name.startswith("__"):
            return UNKNOWN
        if name in names:
            return self.named_value(names[name], f"{module}.{name}")
        if f"{module}.{name}" in self.catalogue.modules:
            return ModuleValue(f"{module}.{name}")
        close = nearest(name, {each for each in names if not each.startswith("_")})
        advice = dialect.NAMES.get(name) if module == "manim" else None
        hint = f"; did you mean {advice or close}?" if advice or close else ""
        return Problem(f"the module {module} has no {name}{hint}")

    def _of_helper(self, value: HelperModule, name: str) -> Value | Problem:
        found = value.scope.find(name)
        if found is not None:
            member: Value = found
            return member
        if name.startswith("__"):
            return UNKNOWN
        close = nearest(name, value.scope.names.keys() | value.scope.bound)
        return Problem(f"{value.name}.py has no {name}" + (f"; did you mean {close}?" if close else ""))

    def named_value(self, reference: list[str], full_name: str) -> Value:
        """Return what a name of a module stands for."""
        kind, target = reference
        if kind == "class":
            return ClassValue(self.catalogue.classes[target])
        if kind == "function":
            return KnownFunction(target.rpartition(".")[2], self.catalogue.function(target))
        if kind == "module":
            return ModuleValue(target)
        if kind == "array":
            return Array(int(target) if target else None)
        if kind == "value" and target in self.catalogue.classes:
            return Instance(self.catalogue.classes[target], is_exact=False)
        return ForeignValue(full_name)

    def _of_class(self, value: ClassValue, name: str) -> Value | Problem:
        owner = value.owner
        found = attribute_of(owner, name)
        if found is not None:
            return found.value if found.value is not None else UNKNOWN
        if (
            is_open(owner)
            or owner.is_of_user
            or name in self.stored_attributes
            or owner.is_a("Enum")
            or name in dir(type)
        ):
            return UNKNOWN
        return self.no_attribute(owner, name)

    def _of_super(self, value: SuperValue, name: str) -> Value | Problem:
        receiver, after = value.receiver, value.after
        order = receiver.owner.order
        rest = order[order.index(after) + 1 :] if after in order else ()
        for each in rest:
            found = each.own(name)
            if found is not None:
                return self._read(found, each, name, receiver)
        if is_open(receiver.owner) or name in self.stored_attributes or name in self.self_stored or not rest:
            return UNKNOWN
        return Problem(f"the classes above {after.name} have no {name}")


_READERS: dict[type, Callable[..., Value | Problem]] = {
    Instance: Attributes._of_instance,
    Builder: Attributes._of_builder,
    ModuleValue: Attributes._of_module,
    HelperModule: Attributes._of_helper,
    ClassValue: Attributes._of_class,
    SuperValue: Attributes._of_super,
    UserFunction: lambda *_: UNKNOWN,
}


def _weightiest(values: tuple[Value, ...], problems: list[Problem]) -> Problem:
    """Return the problem of the first alternative that is not None."""
    for value, problem in zip(values, problems, strict=True):
        if not (isinstance(value, Constant) and value.value is None):
            return problem
    return problems[0]
