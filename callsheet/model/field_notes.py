"""What stands below the fields of a model, read from its source when a form or a page asks for it.

Pydantic's `use_attribute_docstrings` reads the source of a class when the class is made. With more than two hundred
models, that was a third of the time in which a command starts.
"""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


def field_notes(model: type[BaseModel]) -> dict[str, str]:
    """Return the note of each field of `model` that has one; those of a base count where the model has no field itself.

    A description that is given to `Field` stands before a note.
    """
    notes: dict[str, str] = {}
    for each in reversed(model.__mro__):
        written = _notes_in(each.__module__).get(each.__qualname__, {})
        notes |= {field: written.get(field, "") for field in inspect.get_annotations(each)}
    given = {field: info.description for field, info in model.model_fields.items() if info.description}
    return {field: note for field, note in (notes | given).items() if note and field in model.model_fields}


@cache
def _notes_in(module: str) -> dict[str, dict[str, str]]:
    """Return the notes of each class of a module, by the qualified name of the class."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError):  # made by a program, or built in: there is no source
        return {}
    found: dict[str, dict[str, str]] = {}
    _collect(tree, "", found)
    return found


def _collect(scope: ast.AST, name: str, found: dict[str, dict[str, str]]) -> None:
    for node in ast.iter_child_nodes(scope):
        match node:
            case ast.ClassDef():
                found[f"{name}{node.name}"] = _notes_below(node)
                _collect(node, f"{name}{node.name}.", found)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _collect(node, f"{name}{node.name}.<locals>.", found)
            case ast.stmt():
                _collect(node, name, found)


def _notes_below(definition: ast.ClassDef) -> dict[str, str]:
    notes = {}
    for field, below in pairwise(definition.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(note))):
                notes[name] = inspect.cleandoc(note)
    return notes
