"""Who and what a screenplay is about, in its own words. Pure values."""

from typing import Annotated, Literal

from pydantic import Field

from callsheet.model.film.narration import Gender
from callsheet.model.film.screenplay import Inside, Utterance
from callsheet.model.values import MAX_NUMBER, Value

Weather = Literal["", "fog", "rain", "snow", "storm"]


class ScriptQuote(Value):
    """Words of the screenplay, and the line on which they begin."""

    text: str
    line: int = Field(ge=1)


class FilmCharacter(Value):
    """A person or an animal of the film."""

    name: str
    """The name that stands above most of its speeches, or its first name in capitals."""
    aliases: tuple[str, ...] = ()
    first_scene: int = Field(ge=0)
    first_line: int = Field(ge=1)
    speeches: int = Field(0, ge=0)
    words: int = Field(0, ge=0)
    """Words that it says."""
    looks: tuple[ScriptQuote, ...] = ()
    """Age, looks and wardrobe, as the text says them."""
    gender: Gender | None = None
    """As the pronouns near its name tell; None if they don't."""
    seed: int = Field(ge=0)
    """The same for the same name in every film, so that a figure or a voice can be chosen by it."""


class FilmSetting(Value):
    """A place of the film."""

    name: str
    inside: Inside
    times: tuple[str, ...] = ()
    scenes: tuple[int, ...]
    mood: ScriptQuote | None = None
    """The first sentence of its first scene."""


class FilmScene(Value):
    """A scene of the screenplay."""

    number: int = Field(ge=1)
    scene_number: str = ""
    """As the file numbers it; empty if it does not."""
    heading: str
    line: int = Field(ge=1)
    place: str
    time: str = ""
    inside: Inside = Inside.UNKNOWN
    day: int = Field(1, ge=1)
    """Day of the story: another one begins when the clock goes back."""
    characters: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    utterances: tuple[int, ...] = ()
    """The numbers of what is said in it."""
    action_words: int = 0
    weather: Weather = ""
    """What its action says of the weather; empty if it says nothing."""
    switches: tuple[int, ...] = ()
    """The lines at which its light goes out and comes back, in turn."""
    importance: float = Field(0.0, ge=0, le=1)
    reasons: tuple[str, ...] = ()

    def is_unlit_at(self, line: int | None) -> bool:
        """Return whether the light is out at a line of the screenplay; None is a line that is not known."""
        return line is not None and len([each for each in self.switches if each <= line]) % 2 == 1


ShotSize = Literal["extreme-wide", "wide", "full", "medium", "medium-close", "close", "extreme-close"]
ShotAngle = Literal["eye-level", "high", "low", "overhead", "dutch"]
ShotMovement = Literal["still", "push", "pull", "pan", "tilt", "track", "zoom", "hand-held"]
ScreenSide = Literal["", "left", "right"]
GrammarRule = Literal[
    "line-of-action", "same-size", "jump-cut", "screen-direction", "eyeline", "shorter-than-speech", "changed-dress"
]


class CameraShot(Value):
    """One camera view of the film."""

    name: str = Field(min_length=1, max_length=40)
    """Scene and place in it, as 2.3; or as a person names it."""
    scene: int = Field(ge=0, le=MAX_NUMBER)
    size: ShotSize = "medium"
    angle: ShotAngle = "eye-level"
    movement: ShotMovement = "still"
    action: str = Field("", max_length=4000)
    seen: tuple[str, ...] = ()
    """Who is seen; the first one is looked at."""
    looks: ScreenSide = ""
    """The side of the picture to which the first one looks."""
    moves: ScreenSide = ""
    """The side of the picture to which the first one moves."""
    dress: str = Field("", max_length=1000)
    """What the first one wears."""
    utterances: tuple[Annotated[int, Field(ge=0, le=MAX_NUMBER)], ...] = ()
    """The numbers of what is said in it, in order."""
    length_s: float = Field(2.0, gt=0, le=600)
    line: int | None = Field(None, ge=1, le=MAX_NUMBER)
    """Line of the screenplay on which it begins; None in a shot list that does not say."""
    waive: tuple[GrammarRule, ...] = ()
    """Rules of film grammar that this shot may break."""


class ScreenplayAnalysis(Value):
    """What the rules find in a screenplay."""

    title: str
    characters: tuple[FilmCharacter, ...] = ()
    settings: tuple[FilmSetting, ...] = ()
    scenes: tuple[FilmScene, ...] = ()
    utterances: tuple[Utterance, ...] = ()

    def scene_of(self, shot: CameraShot) -> FilmScene | None:
        """Return the scene to which a shot belongs."""
        return next((scene for scene in self.scenes if scene.number == shot.scene), None)


class PanelLayers(Value):
    """The drawing of a shot in layers, each an SVG of the same view."""

    ground: str
    blur: float = Field(0.0, ge=0)
    """How much the ground is out of focus, in thousandths of its width."""
    figures: str = ""
    """All who are seen; empty for a place without people."""
    blinking: str = ""
    """The same figures with their eyes closed."""
    striding: str = ""
    """The same figures in their next step; empty if they stand."""
    speaking: dict[str, str] = Field(default_factory=dict)
    """The same figures by the name of the one whose mouth is open."""


class GrammarFinding(Value):
    """A warning about a shot: which rule it breaks, and why that disturbs."""

    shot: str
    rule: GrammarRule
    sentence: str


class TrailerScene(Value):
    """A scene of a trailer, with the shots that are taken, and why."""

    scene: int
    shots: tuple[str, ...]
    length_s: float
    reason: str
    is_whole: bool = True
    """Whether all that is said in the scene is in the trailer; else it is a passage: all from its first shot to its
    last."""
