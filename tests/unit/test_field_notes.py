"""What stands below a field is its description in each schema, without a source read when the class is made."""

from pydantic import Field, create_model

from callsheet.model.field_notes import field_notes
from callsheet.model.requests.video import VideoRequest
from callsheet.model.values import Value


class Shelf(Value):
    """A place for books."""

    width_m: float
    """Between the walls,
    in metres."""
    books: int = Field(0, description="How many stand there.")
    """A note that is not shown."""
    colour: str = ""
    name: str = ""
    """What it is called."""


class TallShelf(Shelf):
    """With a ladder."""

    height_m: float
    """Up to the highest board."""
    name: str = "tall"


def test_a_note_describes_its_field():
    """It may have lines; a description that is given to `Field` stands before it."""
    assert field_notes(Shelf) == {
        "width_m": "Between the walls,\nin metres.",
        "books": "How many stand there.",
        "name": "What it is called.",
    }


def test_a_field_that_is_written_anew_has_no_note_of_the_base():
    """The note spoke of the field of the base."""
    assert field_notes(TallShelf) == {
        "width_m": "Between the walls,\nin metres.",
        "books": "How many stand there.",
        "height_m": "Up to the highest board.",
    }


def test_a_class_in_a_function_is_found():
    """By its qualified name, as Python writes it."""

    class Box(Value):
        depth_m: float
        """From front to back."""

    assert field_notes(Box) == {"depth_m": "From front to back."}


def test_a_model_without_a_source_has_the_notes_of_its_bases():
    """A program made it, so no file holds it."""
    assert field_notes(create_model("Made", __base__=TallShelf, length=(int, 1))) == field_notes(TallShelf)


def test_the_schema_shows_the_notes():
    """That is where forms, pages and clients read them."""
    properties = TallShelf.model_json_schema()["properties"]
    assert properties["width_m"]["description"] == "Between the walls,\nin metres."
    assert properties["books"]["description"] == "How many stand there."
    assert "description" not in properties["colour"]
    assert "description" not in properties["name"]


def test_every_field_of_a_request_for_a_video_is_described():
    """The form of a run shows nothing else about a field."""
    properties = VideoRequest.model_json_schema()["properties"]
    assert [name for name, field in properties.items() if "description" not in field] == []
