"""A look of one's own: the colours, typefaces, logo, opening and close of a brand."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from callsheet.model.film.colour import contrast, luminance, mix
from callsheet.model.film.typeface import FontName
from callsheet.model.problems import Problem, refusal
from callsheet.model.values import Value

READABLE = 4.5
"""Least contrast of text to its ground (WCAG 2.2, 1.4.3)."""
_LESS_SAID = 0.72
"""Share of the text's colour in that of captions and notes."""
_SURFACE, _LINE = 0.08, 0.28
"""Shares of the text's colour in panels, and in thin lines."""
Colour = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(str.lower)
]
"""A colour as #rrggbb."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)]


class BrandColours(Value):
    """The colours of a brand. Every text can be read on its ground."""

    background: Colour = Field(title="Background")
    """The ground of all scenes."""
    text: Colour = Field(title="Text")
    """The colour of text."""
    accent: Colour = Field(title="Accent")
    """The one colour that stands out: headings, lines, highlights."""
    surface: Colour | None = Field(None, title="Surface")
    """The ground of panels and boxes; empty: near the background."""
    muted: Colour | None = Field(None, title="Muted")
    """The colour of notes and captions; empty: near the text."""

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        problems: list[Problem] = []
        for field in ("text", "accent", "muted"):
            for ground in ("background", "surface"):
                ratio = contrast(getattr(self, f"the_{field}"), getattr(self, f"the_{ground}"))
                # A colour that is derived is wrong because of one that is given.
                named = field if getattr(self, field) else "text"
                if ratio < READABLE and not any(place == (named,) for place, _ in problems):
                    sentence = (
                        f"has a contrast of {ratio:.1f} to the {ground} ({getattr(self, f'the_{ground}')}), and text "
                        f"needs {READABLE} to be read: take a {_direction(getattr(self, f'the_{ground}'))} colour"
                    )
                    problems.append(((named,), sentence))
        if problems:
            raise refusal(problems)
        return self

    @property
    def the_background(self) -> str:
        """Return the ground of all scenes."""
        return self.background

    @property
    def the_text(self) -> str:
        """Return the colour of text."""
        return self.text

    @property
    def the_accent(self) -> str:
        """Return the colour that stands out."""
        return self.accent

    @property
    def the_surface(self) -> str:
        """Return the ground of panels."""
        return self.surface or mix(self.text, self.background, _SURFACE)

    @property
    def the_muted(self) -> str:
        """Return the colour of notes: the text's own, if a fainter one could not be read."""
        fainter = mix(self.text, self.background, _LESS_SAID)
        grounds = (self.background, self.the_surface)
        return self.muted or (fainter if min(contrast(fainter, each) for each in grounds) >= READABLE else self.text)

    @property
    def the_line(self) -> str:
        """Return the colour of thin lines."""
        return mix(self.text, self.background, _LINE)

    @property
    def is_dark(self) -> bool:
        """Return whether the ground is darker than the text."""
        return luminance(self.background) < luminance(self.text)


def _direction(ground: str) -> str:
    return "lighter" if contrast("#ffffff", ground) > contrast("#000000", ground) else "darker"


class BrandTypefaces(Value):
    """The typefaces of a brand, of those that are packed."""

    title: FontName | None = Field(None, title="Titles")
    """The typeface of titles and large numbers; empty: that of the theme."""
    text: FontName | None = Field(None, title="Text")
    """The typeface of running text and labels; empty: that of the theme."""


class LogoPlace(StrEnum):
    """The corner in which a logo stands, outside the area of the content."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


class BrandIntro(Value):
    """The opening of every film of a brand: a title scene."""

    title: Annotated[Words, Field(min_length=1)] = Field(title="Title")
    """The title."""
    kicker: Words = Field("", title="Line above")
    """A few words above it."""
    subtitle: Words = Field("", title="Subtitle")
    """One sentence below it."""


class BrandOutro(Value):
    """The close of every film of a brand: an outro scene."""

    message: Annotated[Words, Field(min_length=1)] = Field(title="Message")
    """The last sentence, set large."""
    next_steps: tuple[Words, ...] = Field((), max_length=5, title="Next steps")
    """Up to five short lines."""
    credits: Words = Field("", title="Credits")
    """Who made it."""


class Brand(Value):
    """What a look of one's own changes of a theme."""

    colours: BrandColours | None = Field(None, title="Colours")
    """Empty: the colours of the theme."""
    typefaces: BrandTypefaces = Field(default_factory=BrandTypefaces, title="Typefaces")
    """Empty: the typefaces of the theme."""
    logo: str = Field("", max_length=1000, title="Logo")
    """A picture or an SVG drawing, in the folder of the look's file or by its whole path."""
    logo_place: LogoPlace = Field(LogoPlace.TOP_RIGHT, title="Place of the logo")
    """The corner of the frame in which it stands. No content reaches it."""
    intro: BrandIntro | None = Field(None, title="Opening")
    """A title scene before the first scene of every video."""
    outro: BrandOutro | None = Field(None, title="Close")
    """A scene after the last one of every video."""
