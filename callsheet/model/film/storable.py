"""Scenes that may be too large for the parameters of a run: the store keeps them, and the request refers to them."""

from typing import Any, Self

from pydantic import Field, model_validator

from callsheet.model.problems import refusal
from callsheet.model.values import Value


class StorableScene(Value):
    """A scene that is written whole into a request, or whose larger part is in the store.

    A reference keeps the fields that every scene must have, with its place and its take. So Callsheet can describe a
    run, and make one of its scenes again, without the store.
    """

    stored: str = Field("", max_length=500, title="Stored")
    """Leave it empty: for a scene that is too large for this form, Callsheet writes here where the rest of it is."""

    @classmethod
    def in_reference(cls) -> set[str]:
        """Return the names of the fields that stay in a reference."""
        needed = {name for name, field in cls.model_fields.items() if field.is_required()}
        return needed | {"order", "take"} & set(cls.model_fields)

    def text_fields(self, _text: str) -> dict[str, Any]:
        """Return the fields that give the scene these words instead; empty if it has no words."""
        return {}

    @model_validator(mode="after")
    def _is_whole_or_a_reference(self) -> Self:
        kept = {"stored", *self.in_reference()}
        given = [name for name in type(self).model_fields if name not in kept and getattr(self, name)]
        if self.stored and given:
            raise refusal([((given[0],), "leave it out: all of this scene is stored; or empty “Stored”")])
        return self
