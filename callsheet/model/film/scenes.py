"""Scenes as code: what a template or a writer hands to the stage, and what validation has to say about it."""

from enum import StrEnum

from pydantic import Field

from callsheet.model.film.media import StoredObject
from callsheet.model.values import Value


class OriginKind(StrEnum):
    """Who wrote the code of a scene."""

    TEMPLATE = "template"
    PLACEHOLDER = "placeholder"
    MODEL = "model"
    CODE = "code"
    """Given by the user, as it is."""
    FOOTAGE = "footage"
    """No code: pictures that were animated."""

    @property
    def is_trusted(self) -> bool:
        """Whether the code is our own: reviewed, and nothing to rehearse or to repair."""
        return self in (OriginKind.TEMPLATE, OriginKind.PLACEHOLDER)


class Origin(Value):
    """Where scene code comes from: which kind of maker, and which one (a template's name, a model's name)."""

    kind: OriginKind
    maker: str
    note: str = ""
    """What a person should know, e.g. that a prompt was laid out because no model was there to write code."""

    def __str__(self) -> str:
        return f"{self.kind} {self.maker}"


SOURCE_FILE = "scene.py"
"""The name of a scene's own code where it runs."""
# What the name of a file beside a scene may look like: no folders, nothing hidden.
FILE_NAME_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"


class SceneFile(Value):
    """A picture, typeface or drawing that scene code opens by `name`, in the folder in which it runs."""

    name: str = Field(pattern=FILE_NAME_PATTERN)
    stored: StoredObject


class SceneCode(Value):
    """Python source of one Manim scene. Nobody has checked it yet."""

    scene_name: str
    class_name: str
    """The class to render; empty where the code is to hold just one scene, whatever its name."""
    source: str
    origin: Origin
    files: tuple[SceneFile, ...] = ()
    take: int = 1
    """Counts up where the same code is to be rendered anew."""


class Finding(Value):
    """One remark of validation: where, and what to do about it. Line 0 stands for the content, not a line of code."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class ValidatedSceneCode(SceneCode):
    """Scene code that validation let through, with the name of its class.

    Only validation builds one; rehearsing and rendering take nothing else.
    """

    remarks: tuple[Finding, ...] = ()
    """What a person should know although the scene is made."""
