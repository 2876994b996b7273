"""What a picture model and a video model are told about the shots of a film. Pure.

The words about a person or a place are made once, and each prompt about that person or place holds them byte by byte.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callsheet.model.film.screenplay import Inside
from callsheet.model.film.screenplay_analysis import (
    CameraShot,
    FilmCharacter,
    FilmSetting,
    ScreenplayAnalysis,
    ShotMovement,
)

MOST_SHEETS_A_SHOT = 2
"""A model sees at most three pictures (`MAX_REFERENCES`): the sketch of the shot, and two sheets."""
_MOST_PEOPLE = 5
_MOST_LOOKS, _MOST_ACTION = 500, 1200
"""Characters of a prompt. Models read the first few hundred words with care."""
_SHEET_OF_PERSON = (
    "A reference photograph of one figure of a film, whole and from the front, on a plain light ground in even light, "
    "without words. Picture 1 is a sketch: keep its build, hair and clothes, and the colours of these."
)
_SHEET_OF_PLACE = (
    "A reference photograph of a place of a film, wide, without people and without words. Picture 1 is a sketch: keep "
    "what stands where, and the colours."
)
_PANEL = (
    "A frame of a film, as a photograph, without words and without a border. Picture 1 is a sketch: keep its "
    "composition, the size of the figures, where each of them stands, and where each looks."
)
_MOVES: Mapping[ShotMovement, str] = {
    "still": "The camera stands still.",
    "push": "The camera moves slowly nearer.",
    "pull": "The camera moves slowly back.",
    "pan": "The camera pans{side}.",
    "tilt": "The camera tilts up.",
    "track": "The camera moves along{side}.",
    "zoom": "The camera zooms in slowly.",
    "hand-held": "The camera is held in the hand.",
}


@dataclass(frozen=True)
class SheetSubject:
    """A person or a place that has a sheet."""

    name: str
    words: str
    """What each prompt says about it."""
    sketched: CameraShot
    """The shot whose drawing the sheet begins with."""
    is_place: bool = False

    @property
    def label(self) -> str:
        """Return its label in runs and tables."""
        return f"{'place' if self.is_place else 'sheet'} {self.name}"

    @property
    def prompt(self) -> str:
        """Return the prompt for its sheet."""
        return f"{_SHEET_OF_PLACE if self.is_place else _SHEET_OF_PERSON}\n{self.words}"


def subjects_of(shot: CameraShot, analysis: ScreenplayAnalysis) -> tuple[SheetSubject, ...]:
    """Return whose sheets a model sees for a shot: those of the first two who are seen, else of the place, too."""
    people = {each.name: each for each in analysis.characters}
    found = [_person(people[name]) for name in shot.seen if name in people][:MOST_SHEETS_A_SHOT]
    places = [_place(each, analysis) for each in analysis.settings if shot.scene in each.scenes][:1]
    return tuple([*found, *places][:MOST_SHEETS_A_SHOT])


def _person(character: FilmCharacter) -> SheetSubject:
    looks = "; ".join(quote.text for quote in character.looks)[:_MOST_LOOKS]
    by_gender = {"female": "a woman", "male": "a man"}.get(character.gender or "", "a person")
    sketched = CameraShot(name=character.name[:40], scene=character.first_scene, size="full", seen=(character.name,))
    return SheetSubject(character.name, f"{character.name}: {looks or by_gender}.", sketched)


def _place(setting: FilmSetting, analysis: ScreenplayAnalysis) -> SheetSubject:
    inside = {Inside.INTERIOR: ", interior", Inside.EXTERIOR: ", exterior"}.get(setting.inside, "")
    mood = setting.mood.text[:_MOST_LOOKS] if setting.mood else ""
    spellings = {name.casefold() for each in analysis.characters for name in (each.name, *each.aliases)}
    if any(name in mood.casefold() for name in spellings):
        mood = ""  # words about a person would put that person into the place
    sketched = CameraShot(name=setting.name[:40] or "place", scene=setting.scenes[0], size="wide")
    words = f"{setting.name or 'The place'}{inside}." + (f" {mood}" if mood else "")
    return SheetSubject(setting.name or "place", words, sketched, is_place=True)


def panel_prompt(shot: CameraShot, analysis: ScreenplayAnalysis, sheets: Sequence[SheetSubject]) -> str:
    """Return the prompt for the panel of a shot, with the sketch as picture 1 and these sheets behind it."""
    shown = [f"Picture {number} shows {subject.name}." for number, subject in enumerate(sheets, start=2)]
    subjects = subjects_of(shot, analysis)
    words = dict.fromkeys([*(subject.words for subject in subjects), *_words_about(shot, analysis)])
    scene = analysis.scene_of(shot)
    around = ", ".join(filter(None, (scene.time.lower(), scene.weather))) if scene else ""
    lines = [
        " ".join([_PANEL, *shown]),
        *words,
        *([f"{shot.seen[0]} wears {shot.dress}."] if _is_other_dress(shot, words) else ()),
        f"{around.capitalize()}." if around else "",
        f"Size of the shot: {shot.size}. Angle: {shot.angle}.",
        *_done(shot, analysis),
    ]
    return "\n".join(filter(None, lines))


def clip_prompt(shot: CameraShot, analysis: ScreenplayAnalysis) -> str:
    """Return the prompt for the clip of a shot, which begins with its panel."""
    side = f" to the {shot.moves}" if shot.moves else ""
    return "\n".join([*_words_about(shot, analysis), *_done(shot, analysis), _MOVES[shot.movement].format(side=side)])


def _words_about(shot: CameraShot, analysis: ScreenplayAnalysis) -> list[str]:
    """Return the words about each who is seen."""
    people = {each.name: each for each in analysis.characters}
    return [_person(people[name]).words for name in shot.seen if name in people][:_MOST_PEOPLE]


def _is_other_dress(shot: CameraShot, words: Sequence[str] | Mapping[str, None]) -> bool:
    """Return whether the first one who is seen wears something that the words about it don't name."""
    return bool(shot.seen and shot.dress) and not any(shot.dress in each for each in words)


def _done(shot: CameraShot, analysis: ScreenplayAnalysis) -> list[str]:
    """Return what is done in a shot, and who speaks. A model would write what is said into the picture."""
    speakers = dict.fromkeys(each.character for each in analysis.utterances if each.number in shot.utterances)
    spoken = [f"{name} speaks." for name in speakers if name in shot.seen]
    return [*filter(None, [shot.action[:_MOST_ACTION]]), *spoken]
