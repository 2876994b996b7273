"""Classes that the scene code defines: their bases, members, and what their methods put on `self`."""

from __future__ import annotations

import ast

from callsheet.scene_lint.classes import UserClass
from callsheet.scene_lint.scopes import bound_names
from callsheet.scene_lint.values import Attribute, Class, ClassValue, ForeignValue, UserFunction, Value

# With these, code makes names in ways that can't be followed.
_MAKES_NAMES = frozenset({"exec", "eval", "globals", "locals", "vars", "__import__", "compile"})
_WRITES_FILES = (
    frozenset({"write", "writelines", "write_text", "write_bytes", "copy2", "copyfile", "symlink_to", "urlretrieve"})
    | {"save", "savefig", "imwrite", "imsave", "export", "dump", "tofile", "savetxt", "to_csv"}
    | {"chdir", "makedirs", "mkdir"}
)


def new_class(node: ast.ClassDef, bases: list[Value]) -> UserClass:
    """Return the class as its first line and its methods tell; members come with its body."""
    known: list[Class] = [base.owner for base in bases if isinstance(base, ClassValue)]
    is_plain = all(isinstance(base, ClassValue) or base == ForeignValue("builtins.object") for base in bases)
    defined = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    hides = bool(node.keywords or node.decorator_list or defined & {"__getattr__", "__getattribute__", "__setattr__"})
    owner = UserClass(node.name, node, tuple(known), is_open=hides or not is_plain)
    owner.assigned = _stored_on_self(node) | set(bound_names(node.body))
    return owner


def _stored_on_self(node: ast.ClassDef) -> set[str]:
    """Return the attributes that the methods of a class assign on their first parameter."""
    found: set[str] = set()
    for method in ast.walk(node):
        if isinstance(method, ast.FunctionDef) and method.args.args:
            first = method.args.args[0].arg
            found |= {
                each.attr
                for each in ast.walk(method)
                if isinstance(each, ast.Attribute)
                and isinstance(each.ctx, ast.Store)
                and isinstance(each.value, ast.Name)
                and each.value.id == first
            }
    return found


def member(owner: UserClass, name: str, value: Value, node: ast.ClassDef) -> Attribute:
    """Return a member of a class of the scene code. Of the decorators, only three are followed."""
    definition = next((e for e in reversed(node.body) if isinstance(e, ast.FunctionDef) and e.name == name), None)
    if isinstance(value, UserFunction):
        function = UserFunction(value.node, value.scope, owner, value.defaults)
        return Attribute("method" if definition is not None else "value", value=function)
    return Attribute("value", value=value)


def module_names(tree: ast.Module) -> frozenset[str]:
    """Return the names of the module. Names that functions declare global belong to it, too."""
    declared: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            declared |= set(node.names)
    return bound_names(tree.body) | declared


def makes_names(tree: ast.Module) -> bool:
    """Return whether the code makes names in ways that can't be followed."""
    return any(isinstance(node, ast.Name) and node.id in _MAKES_NAMES for node in ast.walk(tree))


def stored_attributes(tree: ast.Module) -> tuple[frozenset[str], frozenset[str]]:
    """Return the attributes that the code puts on objects: on any but `self`, and on `self`."""
    elsewhere: set[str] = set()
    on_self: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                on_self.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                elsewhere.add(name)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                elsewhere.add(name)
            case ast.Call(func=ast.Attribute(attr="set"), keywords=keywords):
                elsewhere |= {each.arg for each in keywords if each.arg}
            case ast.Call(func=ast.Attribute(attr=name)) if name.startswith("set_"):
                elsewhere.add(name[4:])
    return frozenset(elsewhere), frozenset(on_self)


def writes_files(tree: ast.Module) -> bool:
    """Return whether the code may make files that it then opens."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _WRITES_FILES)
        or (isinstance(node, ast.Name) and node.id in _WRITES_FILES)
        for node in ast.walk(tree)
    )
