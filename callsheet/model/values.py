"""The base of every value that travels between steps."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from callsheet.model.field_notes import field_notes

FileReference = Annotated[str, Field(min_length=1, max_length=2048)]
"""A file on the machine that makes the video, an http(s) address, or the key of a stored file."""
MAX_NUMBER = 1_000_000
"""The largest number with which a request counts: places, takes, lines. Servers and databases hold whole numbers of 64
bits, and one run with a larger number would stop every list of runs."""
ADDRESSES = ("http://", "https://")
"""The beginning of a file's name that is an address."""


IN_ONE_FIELD = WithJsonSchema({"type": "object", "additionalProperties": True})
"""Shows a value as one field, for JSON, in a Prefect form. It is for values that may be left out, but have fields that
may not: the form would ask for those."""


def _shape_form(schema: dict[str, Any], model: type[BaseModel]) -> None:
    """Make the schema a good form: fields in order, with their notes, and no choice between a value and no value.

    The Prefect UI orders fields by their `position` (the database forgets the order of JSON objects), a model's own
    before those it inherits. A field that may be left out is shown as its value alone: to give none, people leave it
    empty. So requests are written without nulls.
    """
    properties = schema.get("properties", {})
    own_first = sorted(properties, key=lambda name: name not in model.__annotations__)
    notes = field_notes(model)
    for position, name in enumerate(own_first):
        note = {"description": notes[name]} if name in notes else {}
        properties[name] = {**_without_null(properties[name]), **note, "position": position}


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    choices = [choice for choice in field.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **{key: value for key, value in field.items() if key not in {"anyOf", "default"}}}
    return {key: value for key, value in field.items() if (key, value) != ("default", None)}


class Value(BaseModel):
    """Frozen and strict about names: a misspelt field is refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_shape_form)


class FileRequest(Value):
    """A request that may stand in a request file."""

    @classmethod
    def from_file(cls, path: Path | str) -> Self:
        """Return the request in a YAML or JSON file, checked as `callsheet create` checks it.

        Files that it names are looked for in its folder first, then in the working directory.

        Raises:
            InvalidRequest: the file can't be read, or is wrong; the message names file, line and field.
        """
        # The reader of files is above the model, which imports nothing of it: it is looked up when this is called.
        reader = import_module("callsheet.request_reader")
        return cast("Self", reader.read_request(Path(path), cls))
