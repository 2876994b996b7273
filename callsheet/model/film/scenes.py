"""Scenes as code: the code that a template or a writer hands to the stage, and the findings of validation."""

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
        """Return whether the code is Callsheet's own.

        It is reviewed, so it needs no rehearsal and no repair.
        """
        return self in (OriginKind.TEMPLATE, OriginKind.PLACEHOLDER)


class Origin(Value):
    """The origin of scene code: the kind of maker, and its name (of a template, or of a model)."""

    kind: OriginKind
    maker: str
    note: str = ""
    """A remark for a person, e.g. that a prompt was laid out because there was no model to write code."""

    def __str__(self) -> str:
        return f"{self.kind} {self.maker}"


SOURCE_FILE = "scene.py"
"""The name of a scene's own code in the folder in which it runs."""
# The name of a file beside a scene: no folders, no hidden files.
FILE_NAME_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"


class SceneFile(Value):
    """A picture, typeface or drawing that scene code opens by `name`, in its working directory."""

    name: str = Field(pattern=FILE_NAME_PATTERN)
    stored: StoredObject


class SceneCode(Value):
    """Python source of one Manim scene, not yet checked."""

    scene_name: str
    class_name: str
    """The class to render. If it is empty, the code must hold just one scene, of any name."""
    source: str
    origin: Origin
    files: tuple[SceneFile, ...] = ()
    take: int = 1
    """Counts up if the same code is to be rendered again."""


class Finding(Value):
    """One remark of validation: its place, and what to do about it.

    Line 0 is the content, not a line of code.
    """

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class ValidatedSceneCode(SceneCode):
    """Scene code that passed validation, with the name of its class.

    Only validation builds one; rehearsing and rendering take nothing else.
    """

    remarks: tuple[Finding, ...] = ()
    """Remarks for a person although the scene is made."""
