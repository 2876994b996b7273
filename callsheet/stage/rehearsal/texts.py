"""The faults of texts on the stage: cut off, out of sight, unreadable, on top of each other, gone too soon."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import Animation, Mobject, SingleStringMathTex, Typst

from callsheet.model.film.profile import RenderProfile
from callsheet.model.film.rehearsal import LayoutFinding, LayoutProblem
from callsheet.stage.rehearsal.geometry import (
    Boxes,
    Overhang,
    SceneBox,
    letter_height,
    letter_size,
    letters_hidden,
    meeting_pairs,
    overhang,
    shared_box,
    united,
)
from callsheet.stage.rehearsal.legibility import contrast_of, is_hidden, lines_through, typeface_problem
from callsheet.stage.rehearsal.survey import FAINTEST, Piece, Survey, hides_what_is_below, opacity_of
from callsheet.stage.rehearsal.view import Moment
from callsheet.stage.rehearsal.words import named, words_of

# The length that a text may stick out of the frame, as a share of the frame's height: one pixel of 480.
OVERHANG_SHARE = 1 / 480
# The height of small letters, as a share of the frame's shorter side. ISO 9241-303 wants capitals of 16 minutes of arc
# at least; HDTV is made to be watched from 3.2 times the picture's height (ITU-R BT.2022), where 16 minutes are 1.5 %
# of it; small letters have 0.7 of the height of capitals.
READABLE_SHARE = 0.0104
# Below five pixels the letters of no typeface can be told apart (the smallest pixel fonts are five high).
READABLE_PIXELS = 5
# Letters lower than this are not meant to be seen any more: the text was shrunk to a point.
SHRUNK_PIXELS = 0.5
# Texts fainter than this are a backdrop: a watermark, a ghost of an earlier text.
BACKDROP = 0.3
# Texts overlap if they hide as much of each other as this part of one letter: more than an accent and a descender.
HIDDEN_LETTERS = 0.3
MOST_TEXTS = 300
# Height of small letters in units of the frame, for one point of a formula's font size: New Computer Modern in Typst.
SMALL_LETTER_OF_A_POINT = 0.2265 / 48
# WCAG 2.2 asks for 3:1 for large texts; below 2:1, not even people with good eyes can read.
LEAST_CONTRAST = 2.0
# Adults read about four words a second (Brysbaert 2019: 238 a minute).
WORDS_A_SECOND = 4
# A text that is seen for less than this share of its reading time is gone too soon for fast readers too.
TOO_BRIEF_SHARE = 0.6
# Shorter texts are labels; people read them at a glance.
FEWEST_WORDS = 4
# This many words at once are a page, not a picture.
MOST_WORDS = 70


@dataclass(frozen=True)
class SeenText:
    """A text as the camera sees it, by its letters that are not too faint."""

    piece: Piece
    letters: Boxes
    box: SceneBox
    opacity: float
    fingerprint: tuple[float, ...]
    """Equal as long as the text keeps its form and place. The camera does not change it."""


@dataclass
class _History:
    """The record of one text over the animations so far."""

    text: Mobject
    name: str
    first: Moment
    was_inside: bool = False
    whole: tuple[float, ...] | None = None
    """The text when it was last whole in the picture."""
    height_px: float = 0.0
    """The height of its letters when they were largest, in pixels."""
    overhang: Overhang | None = None
    is_cut: bool = False
    frames: int = 0
    """For how many frames it was seen."""
    contrast: float = 0.0
    """The best contrast so far, as a ratio."""
    is_part: bool = False
    """Whether it belongs to a design: a listing, a table."""
    is_seen: bool = False
    """Whether it was ever in front."""


class TextReview:
    """The review of all texts after each animation.

    At the end of the scene it judges what might still have become good.
    """

    def __init__(self, profile: RenderProfile) -> None:
        self._profile = profile
        self._histories: dict[int, _History] = {}
        self._read: dict[int, tuple[object, SeenText]] = {}
        self._overlaps: set[frozenset[int]] = set()
        self._struck: set[int] = set()
        self._rewritten: dict[int, str] = {}
        self._view: tuple[float, ...] = ()
        self._before: dict[int, tuple[float, ...]] = {}
        self._has_too_much = False

    def look(
        self, survey: Survey, moment: Moment, played: Sequence[Animation], frames: int = 0
    ) -> Iterator[LayoutFinding]:
        """Yield what is wrong now, after an animation of this many frames."""
        self._note_rewritten(played)
        texts = self._read_all(survey, moment)
        for text in texts:
            history = self._history_of(text, moment)
            yield from self._judge_place(text, history, moment)
            self._note_size(text, history, moment)
            self._note_legibility(text, history, survey, moment)
            history.frames += frames
        yield from self._judge_number(texts, moment)
        yield from self._judge_overlaps(texts, survey, moment)
        yield from self._judge_lines(texts, survey, moment)
        self._view = moment.view.state
        self._before = {id(text.piece.mobject): text.fingerprint for text in texts}

    def look_before(self, survey: Survey, moment: Moment) -> None:
        """Note which texts are whole in the picture before the next animation.

        The animation may carry them out of it.
        """
        for text in self._read_all(survey, moment):
            if _sticks_out(text, moment) is None:
                history = self._history_of(text, moment)
                history.was_inside, history.whole = True, text.fingerprint
                self._note_size(text, history, moment)

    def at_end(self) -> Iterator[LayoutFinding]:
        """Yield what has not become good."""
        for history in self._histories.values():
            if not history.was_inside and history.overhang is not None:
                out = history.overhang
                beyond = f"it lies beyond the {out.edge} edge; move it {out.edge.away}"
                message = f"{history.name} is never in the picture: {beyond}"
                yield history.first.finding(LayoutProblem.OFF_FRAME, message)
            elif history.was_inside and SHRUNK_PIXELS < history.height_px < self._readable_px():
                yield self._too_small(history)
            if history.was_inside:
                yield from self._illegible(history)

    def _illegible(self, history: _History) -> Iterator[LayoutFinding]:
        """Yield why a text that was in the picture could not be read."""
        first, name = history.first, history.name
        is_text = not (history.is_part or isinstance(history.text, Typst | SingleStringMathTex))
        words = len(self._words(history.text).split())
        seconds = history.frames / self._profile.frame_rate
        needed = words / WORDS_A_SECOND
        if problem := typeface_problem(history.text):
            yield first.finding(LayoutProblem.TYPEFACE, f"{name} {problem}")
        if not history.is_seen:
            yield first.finding(LayoutProblem.HIDDEN, f"{name} lies under a shape all the time; bring it to the front")
        elif 0 < history.contrast < LEAST_CONTRAST:
            ratio = f"its contrast with what is behind it is {history.contrast:.1f} to 1"
            yield first.finding(LayoutProblem.FAINT, f"{name} can hardly be seen: {ratio}; give it another colour")
        if (
            is_text
            and words >= FEWEST_WORDS
            and seconds < TOO_BRIEF_SHARE * needed
            and id(history.text) not in self._rewritten
        ):
            message = f"{name} is seen for {seconds:.1f} seconds; its {words} words take {needed:.1f} to read"
            yield first.finding(LayoutProblem.TOO_BRIEF, f"{message}; let it stay longer")

    def _note_legibility(self, text: SeenText, history: _History, survey: Survey, moment: Moment) -> None:
        try:
            history.is_seen = history.is_seen or not is_hidden(text.piece, text.letters, survey, moment)
            if history.contrast < LEAST_CONTRAST and text.opacity >= BACKDROP:
                history.contrast = max(history.contrast, contrast_of(text.piece, text.box, survey, moment))
        except Exception:  # a mobject may raise any error
            history.is_seen, history.contrast = True, float("inf")

    def _judge_number(self, texts: list[SeenText], moment: Moment) -> Iterator[LayoutFinding]:
        shown = [text for text in texts if text.opacity >= BACKDROP and text.piece.design is None]
        inside = [text.piece.mobject for text in shown if text.box.meets(moment.view.frame)]
        count = sum(len(self._words(mobject).split()) for mobject in inside if not isinstance(mobject, Typst))
        if count > MOST_WORDS and not self._has_too_much:
            self._has_too_much = True
            message = f"{count} words are on screen at once; show at most {MOST_WORDS}, one part after another"
            yield moment.finding(LayoutProblem.TOO_MUCH, message)

    def _read_all(self, survey: Survey, moment: Moment) -> list[SeenText]:
        return [text for piece in survey.texts[:MOST_TEXTS] if (text := self._seen(piece, moment)) is not None]

    def _seen(self, piece: Piece, moment: Moment) -> SeenText | None:
        # A mobject may raise any error; one that can't be read is left alone.
        with contextlib.suppress(Exception):
            fingerprint = _fingerprint(piece)
            key = (fingerprint, moment.view.state)
            known = self._read.get(id(piece.mobject))
            if known is None or known[0] != key or known[1].piece.place != piece.place:
                known = self._read[id(piece.mobject)] = (key, _measured(piece, moment, fingerprint))
            return known[1] if known[1].opacity >= FAINTEST else None
        return None

    def _history_of(self, text: SeenText, moment: Moment) -> _History:
        mobject = text.piece.mobject
        history = self._histories.get(id(mobject))
        if history is None:
            history = self._histories[id(mobject)] = _History(mobject, self._name(mobject), moment)
            history.is_part = text.piece.design is not None
        return history

    def _judge_place(self, text: SeenText, history: _History, moment: Moment) -> Iterator[LayoutFinding]:
        out = _sticks_out(text, moment)
        if out is None:
            history.was_inside, history.whole = True, text.fingerprint
        elif not text.box.meets(moment.view.frame):
            history.overhang = history.overhang or out
        elif not history.is_cut and history.whole != text.fingerprint:
            history.was_inside = history.is_cut = True
            yield _cut(self._name(text.piece.mobject), text.box, out, moment)

    def _note_size(self, text: SeenText, history: _History, moment: Moment) -> None:
        if not any(map(str.isalnum, self._words(text.piece.mobject) or "unknown")):
            history.height_px = float("inf")  # dashes and dots are low
            return
        frame = moment.view.frame
        measure = letter_size if moment.view.turns else letter_height
        height = max(measure(text.letters), _height_by_size(text.piece.mobject))
        share = height / min(frame.width, frame.height)
        history.height_px = max(history.height_px, share * min(self._profile.width, self._profile.height))

    def _readable_px(self) -> float:
        return max(READABLE_SHARE * min(self._profile.width, self._profile.height), READABLE_PIXELS)

    def _too_small(self, history: _History) -> LayoutFinding:
        factor = self._readable_px() / history.height_px
        message = (
            f"{history.name} is unreadably small: its letters are {history.height_px:.1f} pixels high in a picture of "
            f"{self._profile.width} × {self._profile.height}; make it {factor + 0.05:.1f} times as large or larger"
        )
        return history.first.finding(LayoutProblem.TOO_SMALL, message)

    def _judge_overlaps(self, texts: list[SeenText], survey: Survey, moment: Moment) -> Iterator[LayoutFinding]:
        texts = [text for text in texts if text.opacity >= BACKDROP and text.box.meets(moment.view.frame)]
        if len(texts) < 2:
            return
        boxes = np.array([[text.box.left, text.box.bottom, text.box.right, text.box.top] for text in texts])
        for first, second in meeting_pairs(boxes):
            one, other = texts[first], texts[second]
            pair = frozenset((id(one.piece.mobject), id(other.piece.mobject)))
            if pair in self._overlaps or not self._overlap(one, other, survey, moment):
                continue
            self._overlaps.add(pair)
            # Labels in space pass each other if they stay at their place, and only the camera has turned.
            stayed = all(self._before.get(id(text.piece.mobject)) == text.fingerprint for text in (one, other))
            if not stayed or self._view == moment.view.state:
                names = f"{self._name(other.piece.mobject)} lies on {self._name(one.piece.mobject)}"
                yield moment.finding(LayoutProblem.OVERLAP, f"{names}; move them apart, or remove one of them first")

    def _judge_lines(self, texts: list[SeenText], survey: Survey, moment: Moment) -> Iterator[LayoutFinding]:
        """Yield lines that run through texts, each text once."""
        for text in texts:
            mobject = text.piece.mobject
            if id(mobject) in self._struck or text.opacity < BACKDROP:
                continue
            with contextlib.suppress(Exception):  # a mobject may raise any error
                for stroke in lines_through(text.piece, text.letters, text.box, survey, moment)[:1]:
                    self._struck.add(id(mobject))
                    subject = f"the {type(stroke.whole).__name__}"
                    message = (
                        f"{subject} runs through {self._name(mobject)}; move one of them, or set the text on a ground"
                    )
                    yield moment.finding(LayoutProblem.STRUCK, message)

    def _overlap(self, one: SeenText, other: SeenText, survey: Survey, moment: Moment) -> bool:
        if one.piece.design is not None and one.piece.design is other.piece.design:
            return False
        if self._words(one.piece.mobject) == self._words(other.piece.mobject):
            return False  # a shadow, or a copy about to move
        if len(one.letters) == len(other.letters) and np.allclose(one.letters, other.letters, atol=0.02):
            return False  # the same letters in the same places, as after a Transform of one into the other
        if letters_hidden(one.letters, other.letters) < HIDDEN_LETTERS:
            return False
        with contextlib.suppress(Exception):  # a mobject may raise any error
            return not _is_covered(one, other, survey, moment)
        return False

    def _note_rewritten(self, animations: Iterable[Any]) -> None:
        """Note the new letters of a text.

        A Transform gives it the letters of another one, but not its words.
        """
        for animation in animations:
            self._note_rewritten(getattr(animation, "animations", ()))
            with contextlib.suppress(Exception):
                text, target = animation.mobject, animation.target_mobject
                if words_of(target) not in ("", words_of(text)):
                    self._rewritten[id(text)] = words_of(target)

    def _words(self, text: Mobject) -> str:
        with contextlib.suppress(Exception):
            return self._rewritten.get(id(text)) or words_of(text)
        return ""

    def _name(self, text: Mobject) -> str:
        return named(text, self._words(text), "")


def _height_by_size(text: Any) -> float:
    """Return how high small letters of a formula are by its font size.

    The formula may consist of signs alone.
    """
    with contextlib.suppress(Exception):
        if isinstance(text, Typst | SingleStringMathTex):
            return float(text.font_size) * SMALL_LETTER_OF_A_POINT
    return 0.0


def _fingerprint(piece: Piece) -> tuple[float, ...]:
    parts = piece.parts
    samples = (parts[0], parts[len(parts) // 2], parts[-1])
    numbers = [number for part in samples for number in (*part.points[0], *part.points[-1], opacity_of(part))]
    return (len(parts), *(round(float(number), 4) for number in numbers))


def _measured(piece: Piece, moment: Moment, fingerprint: tuple[float, ...]) -> SeenText:
    opacities = [opacity_of(part) for part in piece.parts]
    seen = [part for part, opacity in zip(piece.parts, opacities, strict=True) if opacity >= FAINTEST]
    boxes = moment.view.boxes(seen or piece.parts)
    letters = boxes[np.isfinite(boxes).all(axis=1)]
    return SeenText(piece, letters, united(letters), max(opacities), fingerprint)


def _sticks_out(text: SeenText, moment: Moment) -> Overhang | None:
    frame = moment.view.frame
    out = overhang(text.box, frame)
    return None if out is None or out.by <= OVERHANG_SHARE * frame.height else out


def _cut(name: str, box: SceneBox, out: Overhang, moment: Moment) -> LayoutFinding:
    frame = moment.view.frame
    too_large = box.width > frame.width or box.height > frame.height
    remedy = "scale it down or break it into lines" if too_large else f"scale it down or move it {out.edge.away}"
    message = f"{name} is cut off at the {out.edge} edge by {out.by:.2f} units; {remedy}"
    return moment.finding(LayoutProblem.OFF_FRAME, message)


def _is_covered(one: SeenText, other: SeenText, survey: Survey, moment: Moment) -> bool:
    """Return whether something opaque hides what the lower one has below the upper one."""
    lower, upper = sorted((one, other), key=lambda text: (text.piece.mobject.z_index, text.piece.place))
    shared = shared_box(lower.box, upper.box)
    own = {id(part) for part in (*lower.piece.parts, *upper.piece.parts)}
    low = (lower.piece.mobject.z_index, lower.piece.place)
    high = (upper.piece.mobject.z_index, upper.piece.place)
    between = [
        mobject
        for place, mobject in enumerate(survey.drawn)
        if low < (mobject.z_index, place) < high and id(mobject) not in own and hides_what_is_below(mobject)
    ]
    return any(box.covers(shared, slack=0.02) for box in moment.view.each_box(between))
