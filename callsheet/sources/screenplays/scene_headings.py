"""Headings of scenes: interior or exterior, place, time of day, number."""

import re

from callsheet.model.film.screenplay import Inside, SceneHeading

_BOTH = (
    r"INT\.?\s{0,2}/\s{0,2}EXT|EXT\.?\s{0,2}/\s{0,2}INT|I\s?/\s?E|E\s?/\s?I|ИНТ\.?\s?/\s?НАТ|INNEN\s?/\s?AU(?:SS|ß)EN"
)
_INTERIOR = r"INTÉRIEUR|INTERIOR|INT|INNEN|ИНТ"
_EXTERIOR = r"EXTÉRIEUR|EXTERIOR|EXT|EST|AU(?:SS|ß)EN|НАТ|ЭКСТ"
_BEGINNINGS = (
    (re.compile(rf"(?:{_BOTH})(?:[./:]\s*|\s+)", re.IGNORECASE), Inside.BOTH),
    (re.compile(rf"(?:{_INTERIOR})(?:[./:]\s*|\s+)", re.IGNORECASE), Inside.INTERIOR),
    (re.compile(rf"(?:{_EXTERIOR})(?:[./:]\s*|\s+)", re.IGNORECASE), Inside.EXTERIOR),
    (re.compile(r"(?:内景|室内|屋内|内)[.。．、:：\s]\s*"), Inside.INTERIOR),
    (re.compile(r"(?:外景|室外|屋外|外)[.。．、:：\s]\s*"), Inside.EXTERIOR),
)
_NUMBER = re.compile(r"#([^#\n]{1,30})#$")
_DASH = re.compile(r"\s+[-–—]{1,2}\s+|\s*[—–]\s*|\s*[－―]\s*")
_TIME = re.compile(
    r"\b(?:days?|nights?|morning|noon|afternoon|evening|midnight|midday|dawn|dusk|sunrise|sunset|twilight|daybreak|"
    r"magic hour|golden hour|later|earlier|continuous|continuing|same|moments|then|now|present|"
    r"tag|nacht|morgen|abend|mittag|dämmerung|jour|nuit|matin|soir|aube|crépuscule|d[ií]a|noche|mañana|tarde|"
    r"giorno|notte|mattina|sera|dia|noite|manhã|день|ночь|утро|вечер|рассвет|\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m)\b"
    r"|^(?:日|夜|朝|夕|昼|夕方|深夜|白天|晚上|清晨|黄昏|傍晚)",
    re.IGNORECASE,
)


def begins_scene(text: str) -> bool:
    """Return whether a line begins as the heading of a scene does."""
    return any(beginning.match(text) for beginning, _ in _BEGINNINGS)


def is_certain_heading(text: str) -> bool:
    """Return whether the beginning of a heading is written in capitals, or in a script without them."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return begins_scene(text) and not any(sign.islower() for sign in first)


def scene_heading(text: str, line: int, page: int | None, scene_number: str = "") -> SceneHeading:
    """Return the heading in a text. Its number stands there between `#`, or is given."""
    text = text.strip()
    if found := _NUMBER.search(text):
        text, scene_number = text[: found.start()].rstrip(), found[1].strip()
    begun = ((inside, beginning.match(text)) for beginning, inside in _BEGINNINGS)
    inside, rest = next(((inside, text[match.end() :]) for inside, match in begun if match), (Inside.UNKNOWN, text))
    dashes = list(_DASH.finditer(rest))
    place, time = rest, ""
    if dashes and _TIME.search(rest[dashes[-1].end() :]):
        place, time = rest[: dashes[-1].start()], rest[dashes[-1].end() :]
    elif "," in rest and _TIME.fullmatch(rest.rpartition(",")[2].strip()):
        place, _, time = rest.rpartition(",")
    return SceneHeading.model_construct(
        kind="heading",
        text=text,
        inside=inside,
        place=place.strip(" .-–—"),
        time=time.strip(),
        scene_number=scene_number,
        line=line,
        page=page,
    )
