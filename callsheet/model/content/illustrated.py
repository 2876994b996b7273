"""Contents that explain with drawings: a small stage, a sentence, steps that follow each other, a table."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from callsheet.model.content.base import Content, DrawingKeyword, Length, ProseLine, Verbatim
from callsheet.model.problems import refused
from callsheet.model.values import Value

Title = Annotated[ProseLine, Length(0, 160)]
MAX_COLUMNS = 6


class IllustratedThing(Value):
    """A person, an animal or a thing on the stage."""

    drawing: Annotated[DrawingKeyword, Length(1, 60)] = Field(title="Drawing")
    """What it is, by a word such as volcano, Vulkan or 🌋."""
    caption: Annotated[ProseLine, Length(0, 80)] = Field("", title="Caption")
    """A few words below it."""


class IllustrationContent(Content):
    """A small stage with a few things on it."""

    SUMMARY: ClassVar[str] = "A small stage: one to four drawings on the ground, under a sky."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "What feeds a tree",
        "sky": "day",
        "things": [
            {"drawing": "sun", "caption": "Light gives the energy"},
            {"drawing": "droplet", "caption": "Water comes from the soil"},
            {"drawing": "tree", "caption": "The leaves make sugar"},
        ],
    }

    things: tuple[IllustratedThing, ...] = Field(min_length=1, max_length=4, title="Things")
    """One to four drawings, from left to right, in the order in which they enter."""
    title: Title = Field("", title="Heading")
    """A heading above the stage."""
    sky: Literal["morning", "day", "evening", "night"] = Field("day", title="Sky")
    """The time of day."""


class CalloutContent(Content):
    """One sentence, large."""

    SUMMARY: ClassVar[str] = "One sentence, large, with a drawing beside it."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kicker": "Remember",
        "sentence": "A derivative is a slope that you can trust at a single point.",
        "icon": "light bulb",
    }

    sentence: Annotated[ProseLine, Length(1, 240)] = Field(title="Sentence")
    """The sentence to remember, in at most 240 characters."""
    kicker: Annotated[ProseLine, Length(0, 80)] = Field("", title="Line above")
    """A few words above it."""
    icon: DrawingKeyword = Field("", title="Icon")
    """A drawing beside it, by a word such as rocket."""


class ProcessStep(Value):
    """One step of a process."""

    label: Annotated[ProseLine, Length(1, 80)] = Field(title="Label")
    """What happens, in a few words."""
    icon: DrawingKeyword = Field("", title="Icon")
    """A drawing for it, by a word such as cloud; without one, the step has its number."""


class ProcessContent(Content):
    """Steps that lead from one to the next."""

    SUMMARY: ClassVar[str] = "Two to six steps: round a cycle, or down a funnel."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Water on its way",
        "shape": "cycle",
        "steps": [
            {"label": "The sea evaporates", "icon": "wave"},
            {"label": "Clouds form", "icon": "cloud"},
            {"label": "It rains on the hills", "icon": "cloud with rain"},
            {"label": "Rivers run to the sea", "icon": "mountain"},
        ],
    }

    steps: tuple[ProcessStep, ...] = Field(min_length=2, max_length=6, title="Steps")
    """Two to six steps, in order."""
    title: Title = Field("", title="Heading")
    """A heading above the steps."""
    shape: Literal["cycle", "funnel"] = Field("cycle", title="Shape")
    """cycle: the last step leads to the first. funnel: each step leaves less than the one before."""


class TableContent(Content):
    """Rows and columns."""

    SUMMARY: ClassVar[str] = "A table, row by row."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Three ways to sort",
        "columns": ["Algorithm", "Usual time", "Memory"],
        "rows": [
            ["Insertion sort", "$n^2$", "in place"],
            ["Merge sort", "$n log n$", "$n$"],
            ["Quicksort", "$n log n$", "$log n$"],
        ],
    }

    columns: tuple[Annotated[ProseLine, Length(1, 60)], ...] = Field(
        min_length=2, max_length=MAX_COLUMNS, title="Columns"
    )
    """The heads of two to six columns."""
    rows: tuple[tuple[Annotated[ProseLine, Length(0, 120)], ...], ...] = Field(
        min_length=1, max_length=20, title="Rows"
    )
    """One to twenty rows, each with a text for every column; a text may be empty."""
    title: Title = Field("", title="Heading")
    """A heading above the table."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for place, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise refused(
                    f"rows.{place}", f"this row has {len(row)} texts for {len(self.columns)} columns: give each one"
                )
        return self


class SplitContent(Content):
    """A drawing, and points beside it."""

    SUMMARY: ClassVar[str] = "A large drawing on one side, points on the other."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Why volcanoes erupt",
        "drawing": "volcano",
        "points": [
            "Magma is lighter than the rock around it",
            "Gas dissolved in it expands on its way up",
            "The pressure breaks the plug of rock",
        ],
    }

    drawing: Annotated[DrawingKeyword, Length(1, 60)] = Field(title="Drawing")
    """What is shown, by a word such as volcano, Vulkan or 🌋."""
    points: tuple[Annotated[ProseLine, Length(1, 200)], ...] = Field(min_length=1, max_length=6, title="Points")
    """One to six points of at most 200 characters."""
    title: Title = Field("", title="Heading")
    """A heading above both."""


class Person(Value):
    """A person with a face."""

    name: Annotated[ProseLine, Length(1, 60)] = Field(title="Name")
    """The name."""
    role: Annotated[ProseLine, Length(0, 80)] = Field("", title="Role")
    """What the person does, in a few words."""
    path: Annotated[Verbatim, Length(0, 1000)] = Field("", title="Picture file")
    """A PNG, JPEG or WebP file of the face on the machine that renders."""
    drawing: DrawingKeyword = Field("", title="Drawing")
    """A drawing instead, by a word such as scientist; without picture and drawing, the initials stand there."""


class PeopleContent(Content):
    """People with their faces, names and roles."""

    SUMMARY: ClassVar[str] = "One to eight people: their faces, or drawings or initials instead, with names and roles."
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "title": "Who made this film",
        "people": [
            {"name": "Amina Haddad", "role": "Script", "drawing": "woman scientist"},
            {"name": "Jonas Weber", "role": "Pictures"},
            {"name": "Mei Tanaka", "role": "Music", "drawing": "singer"},
        ],
    }

    people: tuple[Person, ...] = Field(min_length=1, max_length=8, title="People")
    """One to eight people, in the order in which they appear."""
    title: Title = Field("", title="Heading")
    """A heading above them."""
