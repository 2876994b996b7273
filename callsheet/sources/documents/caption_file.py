"""Reads caption files, SubRip and WebVTT: what is said becomes paragraphs, each at its second."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise

import srt
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import PlaceUnit
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.prose_builder import one_line, plain
from callsheet.sources.documents.text_source import text_of_bytes

_TAG = re.compile(r"</?(?:[bicuv]|font|lang|ruby|rt)\b[^>]*>|<\d[\d:.]*>|\{\\[^}]*\}", re.IGNORECASE)
_SOUND = re.compile(r"[\[(♪][^\])♪]*[\])♪]|♪+")
_SPEAKER = re.compile(r"(?:>>\s*|-\s+)")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？][”\"')]?$")
_LANGUAGE = re.compile(r"^Language:\s*([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*$", re.MULTILINE)
_BEGINS_SENTENCE = re.compile(r"(?:And|But|So|Because|Then|Now|Und|Aber|Dann) ")
_PAUSE_S = 2.0
"""A silence after which a new paragraph begins, if the sentence has ended."""
_PARAGRAPH_CHARACTERS = 600
_MOST_CHARACTERS = 1_500
"""Captions without any full stop are cut here."""


@dataclass(frozen=True)
class _Said:
    begin_s: float
    end_s: float
    text: str
    voice: str = ""


def read_subrip(source: bytes, blocks: BlockList) -> None:
    """Add what a SubRip file says."""
    try:
        cues = sorted(srt.parse(text_of_bytes(source), ignore_errors=True), key=lambda cue: cue.start)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest("it is no readable SRT file; check its times") from error
    _add(blocks, (_Said(cue.start.total_seconds(), cue.end.total_seconds(), cue.content) for cue in cues))


def read_webvtt(source: bytes, blocks: BlockList) -> None:
    """Add what a WebVTT file says. Notes and styles are not said."""
    text = text_of_bytes(source)
    if language := _LANGUAGE.search(text[:500]):
        blocks.language = language[1]
    try:
        cues = webvtt.from_buffer(StringIO(text)).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise InvalidRequest("it is no readable WebVTT file; check its times") from error
    _add(blocks, (_Said(cue.start_in_seconds, cue.end_in_seconds, cue.text, cue.voice or "") for cue in cues))


def _add(blocks: BlockList, cues: Iterable[_Said]) -> None:
    """Add cues as paragraphs: one ends with a sentence, before a pause, a change of voice, or if it is long."""
    paragraph: list[_Said] = []
    for cue in _cleaned(blocks, cues):
        last = paragraph[-1] if paragraph else None
        if last is not None:
            length = sum(len(each.text) for each in paragraph)
            ends = bool(_ENDS_SENTENCE.search(last.text))
            has_pause = cue.begin_s - last.end_s >= _PAUSE_S
            if (
                (cue.voice != last.voice)
                or (ends and (has_pause or length > _PARAGRAPH_CHARACTERS))
                or length > _MOST_CHARACTERS
            ):
                _end(blocks, paragraph)
                paragraph = []
        paragraph.append(cue)
    if paragraph:
        _end(blocks, paragraph)


def _end(blocks: BlockList, paragraph: list[_Said]) -> None:
    place = at(PlaceUnit.SECOND, int(paragraph[0].begin_s))
    texts = [cue.text for cue in paragraph]
    # Those who write captions leave out the full stop at the end of a cue.
    ended = [
        text + "." if _BEGINS_SENTENCE.match(following) and text[-1].isalnum() else text
        for text, following in pairwise(texts)
    ]
    prose = plain(" ".join([*ended, texts[-1]]))
    if paragraph[0].voice:
        blocks.quote(place, prose, paragraph[0].voice)
    else:
        blocks.paragraph(place, prose)


def _cleaned(blocks: BlockList, cues: Iterable[_Said]) -> Iterator[_Said]:
    """Yield cues without tags and sounds, and without the lines that a rolling caption repeats."""
    shown: list[str] = []
    for cue in cues:
        kept = []
        rows = [one_line(_TAG.sub("", row)) for row in cue.text.splitlines()]
        for row in rows:
            for sound in _SOUND.findall(row):
                blocks.omit(at(PlaceUnit.SECOND, int(cue.begin_s)), "a sound", sound)
            said = _SPEAKER.sub("", one_line(_SOUND.sub(" ", row)))
            if said and row not in shown:
                kept.append(said)
        shown = rows
        if kept:
            yield _Said(cue.begin_s, cue.end_s, " ".join(kept), cue.voice)
