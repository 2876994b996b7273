"""Prompts for a camera, read by a small vocabulary in four languages: the understood parts, and the others.

Directions are the camera's: from left to right is a pan to the right. A direction is where the camera moves to, unless
a word for “from” stands before it. A movement in the picture is no move of the camera: “clouds drift left” is not
understood, because this machine can't move clouds.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from callsheet.footage.plain_words import plain, word_set, words_of


class Move(StrEnum):
    """A move of the camera, named from the camera's side.

    When it pans left, things move to the right.
    """

    ZOOM_IN = "zoom in"
    ZOOM_OUT = "zoom out"
    LEFT = "pan left"
    RIGHT = "pan right"
    UP = "pan up"
    DOWN = "pan down"
    STILL = "hold still"


OPPOSITE = {
    Move.ZOOM_IN: Move.ZOOM_OUT,
    Move.ZOOM_OUT: Move.ZOOM_IN,
    Move.LEFT: Move.RIGHT,
    Move.RIGHT: Move.LEFT,
    Move.UP: Move.DOWN,
    Move.DOWN: Move.UP,
}
ACROSS = (Move.LEFT, Move.RIGHT)
_DIRECTIONS: dict[str, Move] = {
    word: move
    for move, words in (
        (Move.LEFT, "left leftward leftwards lefthand links linke linken gauche izquierda izquierdo"),
        (Move.RIGHT, "right rightward rightwards righthand rechts rechte rechten droite derecha derecho"),
        (Move.UP, "up upward upwards top above upper oben hoch hinauf herauf rauf aufwarts aufwaerts haut arriba"),
        (
            Move.DOWN,
            "down downward downwards bottom below lower unten hinunter herunter runter abwarts abwaerts bas abajo",
        ),
    )
    for word in words.split()
}
_FROM = word_set("from off starting von vom aus ab depuis de du des desde del")
_TO = word_set("to toward towards into till until nach zu zum zur bis gen vers a au jusqu hacia hasta al")
_BETWEEN = word_set(
    "the far very extreme its his her picture image s side corner edge hand der die das den dem ganz weit bild "
    "bildes la le les l el los cote coin lado esquina extremo"
)
"""What may stand between “from” or “to” and a direction."""
_WAYS = "|".join(_DIRECTIONS)
_NOT_A_WAY = re.compile(
    r"\b(?:slow\w*|calm\w*|set\w*|count\w*) down\b|\b(?:speed\w*|wak\w*|light\w*|clos\w*)[ -]up\b|\bup close\b"
)
_CAMERA = re.compile(
    r"\b(?:pan(?:s|ning|ned)?|tilt\w*|zoom\w*|\w*zoom(?:en|t|er|e)?|dolly|truck\w*|crane\w*|pedestal|ken burns|"
    r"kamera\w*|camera\w*|camara|\w*schwenk\w*|panoram\w*|panea\w*|paneo|travelling|barrido|shot|view|lens)\b"
)
"""Words for acts of cameras alone, and for the camera itself."""
_GOES = re.compile(
    r"\b(?:mov\w*|slid\w*|track\w*|drift\w*|glid\w*|sweep\w*|scroll\w*|travel\w*|swing\w*|wip\w*|push\w*|pull\w*|"
    r"\w*fahr\w*|\w*gleit\w*|wander\w*|zieh\w*|beweg\w*|wisch\w*|gliss\w*|deplac\w*|balay\w*|boug\w*|incline\w*|"
    r"neig\w*|"
    r"desplaz\w*|muev\w*|mover|desliz\w*|inclina\w*|rotat\w*from)\b"
)
_OVER = re.compile(r"\b(?:pan(?:s|ning)?|\w*schwenk\w*|panoramique|panea\w*|paneo|sideways|seitwarts|lateral\w*)\b")
_ASCENDS = re.compile(
    r"\b(?:ris(?:e|es|ing)|ascend\w*|lift\w*|crane|boom|steig\w*|mont(?:e|er|ez)|sub(?:e|ir|iendo))\b"
)
_DESCENDS = re.compile(r"\b(?:descend\w*|lower(?:s|ing)|sink\w*|senk\w*|baj(?:a|ar|ando))\b")
_TILTS = re.compile(r"\b(?:tilt\w*|neig\w*|inclin\w*)\b")
_AWAY = rf"away(?! from (?:the )?(?:{_WAYS})\b)"
_OUT = re.compile(
    rf"\bzoom\w*[ -](?:\w+ ){{0,2}}(?:out|back|away|outwards?|heraus|hinaus|raus|aus|weg|zuruck|zurueck|arriere|atras|"
    rf"afuera|alejamiento)\b|\bpull\w*[ -](?:\w+ ){{0,2}}(?:back|out|away)\b|"
    rf"\b(?:dolly|track|truck|mov|fly|pan)\w*[ -](?:\w+ ){{0,2}}(?:out|backwards?|back|{_AWAY})\b|\breveal\w*|"
    rf"\bwiden\w*|\b\w*(?:aus|weg|zuruck)zoom\w*|\b(?:zuruck|weg)(?:fahr|zieh)\w*|\bruckwarts\b|\baufzieh\w*|\bentfern\w*|"
    rf"\b(?:fahr|zieh|geh)\w* (?:\w+ ){{0,3}}(?:zuruck|zurueck|weg)\b|\bdezoom\w*|\btravelling (?:en )?arriere\b|"
    rf"\brecul\w*|\beloign\w*|\balej\w*|\bretroced\w*|\bhacia (?:atras|afuera)\b"
)
_IN = re.compile(
    rf"\bzoom\w*|\bpush\w*[ -]?(?:in|forward|toward\w*)\b|\bpunch in\b|\bken burns\b|"
    rf"\b(?:dolly|track|truck|mov|fly|com|get|go)\w*[ -](?:\w+ ){{0,2}}(?:in|into|forwards?|closer|nearer)\b|"
    rf"\b(?:dolly|track|truck|mov|fly|go)\w* (?:\w+ ){{0,1}}towards?\b(?! (?:the |its )?(?:far |very )?(?:{_WAYS})\b)|"
    rf"\bcloser\b|\bnearer\b|\bclose[- ]?ups?\b|\bapproach\w*|\b\w*(?:ein|heran|ran|rein)zoom\w*|\bheranfahr\w*|"
    rf"\bnaher\b|\bnaeher\b|\bann?ahe?r\w*|\bvorwarts\b|\bzufahr\w*|\bfahr\w* (?:\w+ ){{0,3}}(?:heran|ran|vor)\b|"
    rf"\btravelling (?:en )?avant\b|\brapproch\w*|\bapproch\w*|\bavanc\w*|\bplus pres\b|\bacerc\w*|\baproxim\w*|"
    rf"\bavanz\w*|\bmas cerca\b|\bhacia adelante\b"
)
_STILL = re.compile(
    r"\b(?:(?:hold|stay|remain|stand|keep)\w*(?: \w+)? still|static|motionless|no (?:camera )?(?:motion|"
    r"movement)|freez\w*|locked[- ]?(?:off|down)|fixed (?:camera|shot)|tripod|stillsteh\w*|steht? still|"
    r"unbewegt|bewegungslos|statisch\w*|(?:ohne|keine) (?:kamera)?bewegung|standbild|feste?n? kamera|immobile|"
    r"statique|(?:plan|camera) fixe|sans (?:aucun )?mouvement|camara (?:fija|quieta)|plano fijo|estatic\w*|"
    r"inmovil|sin movimiento)\b"
)
_NEGATION = re.compile(
    r"\b(?:no|not|don't|dont|never|without|kein\w*|ohne|nicht|sans|pas|aucun\w*|sin|nunca)\b(?! too\b| so\b)"
)
_LEADS = re.compile(r"\b(?:from|to|towards?|nach|von|vers|hacia|desde)\b")
"""Without one of these a direction beside a zoom belongs to a thing: “zoom in on the left eye”."""
_MIDDLE = re.compile(r"\b(?:cent(?:re|er)|middle|iris|radial|circle|mitte|kreis\w*|milieu|cercle|centro|circulo)\b")
_OTHERS = re.compile(r"\b(?:dolly zoom|zolly|vertigo|hitchcock)\b")
_PIECES = re.compile(
    r"[,;.:!?\n]+|\b(?:and|then|while|before|after|with|und|dann|danach|während|et|puis|ensuite|avec|y|luego|después|"
    r"mientras|con)\b",
    re.IGNORECASE,
)
_FILLERS = (
    word_set(
        "the a an to of in on over at into from it its please let make camera cameras view shot frame lens we you "
        "should must will be is slow slowly gentle gently subtle subtly slight slightly soft softly calm calmly very "
        "quite fast quick quickly rapid rapidly dramatic dramatically strong strongly dynamic dynamically smooth "
        "smoothly steady steadily across picture image photo more bit little not too so die der das den dem ein eine "
        "einen kamera bild foto bitte langsam langsame sanft sanfte leicht schnell rasch ruhig nach von sich soll im "
        "ins auf uber ganz sehr etwas le la les l un une des du de d camera s se lent lente lentement doux doucement "
        "rapide rapidement vite image photo vers el los las una camara lento lenta lentamente suave suavemente rapido "
        "rapida rapidamente imagen foto hacia e t"
    )
    | _FROM
    | _TO
    | _BETWEEN
    | _DIRECTIONS.keys()
)
_GENTLE = re.compile(
    r"\b(?:slow\w*|gentl[ey]|subtl[ey]|slight(?:ly)?|soft(?:ly)?|calm(?:ly)?|not (?:too|so) fast|langsam\w*|sanft\w*|"
    r"leicht\w*|lent(?:e|ement)?|dou(?:x|ce|cement)|lent[oa]|lentamente|suave(?:mente)?)\b"
)
_BRISK = re.compile(
    r"\b(?:fast|quick(?:ly)?|rapid(?:ly)?|dramatic(?:ally)?|strong(?:ly)?|dynamic(?:ally)?|schnell\w*|rasch\w*|stark|"
    r"dynamisch\w*|rapide(?:ment)?|vite|rapid[oa]|rapidamente)\b"
)


@dataclass(frozen=True)
class MoveReading:
    """The reading of a prompt: the moves, and the parts that mean nothing here or conflict."""

    moves: tuple[Move, ...]
    not_understood: tuple[str, ...]


def read_moves(prompt: str) -> MoveReading:
    """Return the moves that a prompt asks for, none if it asks for none.

    It never raises, whatever the prompt says.
    """
    found: list[Move] = []
    not_understood: list[str] = []
    is_negated, is_moving = False, False
    for piece in _PIECES.split(prompt):
        clause = _NOT_A_WAY.sub(" ", plain(piece))
        if _NEGATION.search(clause) and (_CAMERA.search(clause) or _GOES.search(clause)) and not _STILL.search(clause):
            is_negated = True
            continue
        moves = _moves_of(clause, goes_on=is_moving)
        is_moving = bool(moves) or (is_moving and not _means_something(clause))
        possible = [move for move in moves if OPPOSITE.get(move) not in found]
        found += [move for move in possible if move not in found]
        if len(possible) < len(moves) or (not moves and _means_something(clause)):
            not_understood.append(" ".join(piece.split()))
    if Move.STILL in found or (is_negated and not found):
        return MoveReading((Move.STILL,), tuple(not_understood))
    return MoveReading(tuple(sorted(found, key=list(Move).index)), tuple(not_understood))


def strength_of(prompt: str) -> float:
    """Return the strength of the camera's moves; 1 is the usual one."""
    words = plain(prompt)
    if _GENTLE.search(words):
        return 0.6
    return 1.7 if _BRISK.search(words) else 1.0


def ways_in(clause: str) -> list[Move]:
    """Return where a clause leads, across and down.

    It leads to the last direction with a word for “to”, or away from its “from”.
    """
    words = words_of(_NOT_A_WAY.sub(" ", plain(clause)))
    marked = [(_DIRECTIONS[word], _mark(words[:place])) for place, word in enumerate(words) if word in _DIRECTIONS]
    ways: list[Move] = []
    for axis in (ACROSS, (Move.UP, Move.DOWN)):
        on_axis = [(way, mark) for way, mark in marked if way in axis]
        to = [way for way, mark in on_axis if mark == "to"]
        plain_ways = [way for way, mark in on_axis if not mark]
        away = [OPPOSITE[way] for way, mark in on_axis if mark == "from"]
        ways += to[-1:] or plain_ways[:1] or away[:1]
    return ways


def read_edge(prompt: str) -> tuple[Move | None, bool, tuple[str, ...]]:
    """Return where an edge between two pictures runs.

    The other two values are whether it runs out from the middle, and the parts without a meaning here.
    """
    way: Move | None = None
    is_from_the_middle = False
    not_understood = []
    for piece in _PIECES.split(prompt):
        clause = plain(piece)
        is_of_the_edge = _LEADS.search(clause) or _GOES.search(clause) or _CAMERA.search(clause)
        ways = ways_in(clause) if is_of_the_edge or not _means_something(clause) else []
        way = way or next(iter(ways), None)
        is_from_the_middle = is_from_the_middle or _MIDDLE.search(clause) is not None
        if not ways and not _MIDDLE.search(clause) and _means_something(clause):
            not_understood.append(" ".join(piece.split()))
    return way, is_from_the_middle, tuple(not_understood)


def _moves_of(clause: str, goes_on: bool) -> list[Move]:
    """Return the moves of one clause.

    If `goes_on`, the clause before it has the verb: “pan left and up”.
    """
    if _STILL.search(clause):
        return [Move.STILL]
    zoom = next(((move, match) for move, words in _ZOOMS if (match := words.search(clause))), None)
    verbs = [match for words in (_CAMERA, _GOES, _ASCENDS, _DESCENDS) if (match := words.search(clause))]
    begins = min((match.start() for match in (*verbs, *(zoom[1:] if zoom else ()))), default=None)
    if begins is None:
        is_whole_way = len(re.findall(rf"\b(?:{_WAYS})\b", clause)) > 1
        return ways_in(clause) if (goes_on or is_whole_way) and not _means_something(clause) else []
    is_done_by_another = not _CAMERA.search(clause) and _means_something(clause[:begins])
    if is_done_by_another or _OTHERS.search(clause):
        return []
    if zoom:
        return [zoom[0], *(ways_in(clause) if _LEADS.search(clause) else ())]
    return _way_of(clause)


def _way_of(clause: str) -> list[Move]:
    """Return where a clause leads that has a verb of the camera, and no zoom."""
    ways = ways_in(clause)
    if not ways:
        return next((move for words, move in _WITHOUT_A_WAY if words.search(clause)), [])
    is_leaning_horizon = _TILTS.search(clause) is not None and ways[0] in ACROSS
    return [] if is_leaning_horizon else ways


_ZOOMS = ((Move.ZOOM_OUT, _OUT), (Move.ZOOM_IN, _IN))
_WITHOUT_A_WAY: tuple[tuple[re.Pattern[str], list[Move]], ...] = (
    (_DESCENDS, [Move.DOWN]),
    (_ASCENDS, [Move.UP]),
    (_OVER, [Move.RIGHT]),
)
"""Moves without a direction: an ascent is up, a descent is down, and a pan is to the right, as eyes read."""


def _mark(before: list[str]) -> str:
    """Return whether the words before a direction say “from” or “to” of it."""
    for word in reversed(before):
        if word in _FROM:
            return "from"
        if word in _TO:
            return "to"
        if word not in _BETWEEN and word not in _DIRECTIONS:
            return ""
    return ""


def _means_something(clause: str) -> bool:
    return any(word not in _FILLERS and not word.isdigit() for word in words_of(clause))
