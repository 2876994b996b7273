"""Prompts for edits, read by a small vocabulary: the understood parts become edits, and the rest is named.

No language model is asked. A prompt “warmer, crop to 16:9, caption “Home”” gives exactly these edits. For a prompt that
asks for a dragon, Callsheet says that it can't draw one.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PIL import ImageColor

from callsheet.footage.plain_words import plain, words_of

Colour = tuple[int, int, int]


class EditKind(StrEnum):
    """The edits that this machine can do."""

    CROP = "crop"
    CROP_TO_RATIO = "crop to a ratio"
    WARMTH = "warmth"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"
    SATURATION = "saturation"
    MONOCHROME = "black and white"
    SEPIA = "sepia"
    VINTAGE = "vintage"
    CINEMATIC = "cinematic"
    NIGHT = "night"
    BLUR = "blur"
    BLUR_SURROUNDINGS = "blur around the middle"
    SHARPEN = "sharpen"
    SKETCH = "sketch"
    POSTER = "poster"
    PIXELS = "pixels"
    GRAIN = "grain"
    INVERT = "invert"
    CAPTION = "caption"
    BACKGROUND = "background"
    ROTATE = "rotate"
    MIRROR = "mirror"
    FLIP = "flip"
    VIGNETTE = "vignette"
    FRAME = "frame"


@dataclass(frozen=True)
class Edit:
    """One edit.

    `amount` is 1 for the usual strength, degrees for a rotation, a ratio for a crop to one.
    """

    kind: EditKind
    amount: float = 1.0
    text: str = ""
    colour: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Reading:
    """The reading of a prompt: the edits in order, and the parts without a meaning here."""

    edits: tuple[Edit, ...]
    not_understood: tuple[str, ...]


Reader = Callable[[re.Match[str], float], Edit]

MAX_CAPTION_CHARACTERS = 200
_QUOTED = r"[“\"«„‘']([^”\"»“’']{1,200})[”\"»“’']"
_CAPTION = re.compile(
    rf"(?:\b(?:add|put|write|with|and|the|a|big|large|bold)\s+){{0,8}}"
    rf"\b(?:caption|title|text|words?|label|headline|say(?:s|ing)?|write|"
    rf"beschriftung|titel|schrift|l[ée]gende|titre|texte|título|titulo|leyenda|texto)\b[^“\"«„‘']{{0,24}}{_QUOTED}",
    re.IGNORECASE,
)
_MONOCHROME = re.compile(
    r"\bblack\s*(?:and|&|-and-|’?n’?)\s*white\b|\bb\s*[&/]\s*w\b|"
    r"\bschwarz[ -]?(?:und[ -]?)?wei(?:ß|ss)\w*|\bnoir\s*(?:et|&)\s*blanc\b|\bblanco\s*y\s*negro\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[,;.\n!]+|\b(?:and|then|also|with|und|dann|auch|mit|et|puis|avec|y|luego|con|"
    r"plus(?! (?:de|chaud|net|lumineu|clair|sombre|fonc|froid|vi[fv]|contrast|color)\w*))\b",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(\d{1,3})\s*[:x×/]\s*(\d{1,3})")
_PERCENT = re.compile(r"(\d{1,2})\s*(?:%|percent)")
_DEGREES = re.compile(r"-?\d{1,3}(?:\.\d+)?")
_HEX = re.compile(r"#[0-9a-f]{6}\b|#[0-9a-f]{3}\b", re.IGNORECASE)
_WEAK = re.compile(
    r"\b(slightly|slight|a bit|a little|subtle|subtly|gentle|gently|softly|lightly|touch|etwas|leicht\w*|"
    r"ein (?:wenig|bisschen)|"
    r"un peu|legerement|un poco|ligeramente)\b"
)
_STRONG = re.compile(
    r"\b(very|much|strong|strongly|heavy|heavily|extremely|lots?|a lot|really|super|sehr|stark|viel|tres|"
    r"beaucoup|muy|mucho)\b"
)
_FILLERS = frozenset(
    words_of(
        "make it please the a an to of in on over at into this that picture photo image look be my mach mache es "
        "das bild "
        "foto bitte ein eine der die den dem im auf um zu le la les l un une des de d en image photo rends fais "
        "el los las "
        "una imagen foto por favor haz"
    )
)


_ENDINGS = ("e", "en", "er", "es", "em", "he", "s")
_COLOURS = {
    word: name
    for name, words in (
        ("red", "rot rouge rojo roja"),
        ("blue", "blau bleu azul"),
        ("green", "grun gruen vert verde"),
        ("yellow", "gelb jaune amarillo amarilla"),
        ("black", "schwarz noir negro negra"),
        ("white", "weiss blanc blanco blanca"),
        ("gray", "grau gris"),
        ("brown", "braun marron brun"),
        ("pink", "rosa rose"),
        ("violet", "violett lila morado"),
        ("orange", "orangefarben naranja"),
    )
    for word in words.split()
}
"""CSS's names of the colours in the other languages, without endings."""


def read_prompt(prompt: str) -> Reading:
    """Return the edits that a prompt asks for. It never raises, whatever the prompt says."""
    edits: list[Edit] = []

    def caption(match: re.Match[str]) -> str:
        edits.append(Edit(EditKind.CAPTION, text=" ".join(match[1].split())[:MAX_CAPTION_CHARACTERS]))
        return " , "

    whole = unicodedata.normalize("NFC", prompt)
    rest = _CAPTION.sub(caption, _MONOCHROME.sub(" monochrome ", whole))
    not_understood = []
    looks: list[Edit] = []
    for clause in _CLAUSES.split(re.sub(r"(\d)\.(?=\d)", r"\1·", rest)):  # a decimal point ends no sentence
        found = _edits_in(clause)
        looks += found
        if not found and _means_something(clause):
            not_understood.append(" ".join(clause.split()))
    # Words are set on the finished picture, and a frame is drawn around everything.
    frames = [edit for edit in looks if edit.kind == EditKind.FRAME]
    others = [edit for edit in looks if edit.kind != EditKind.FRAME]
    return Reading((*others, *edits, *frames), tuple(not_understood))


def _edits_in(clause: str) -> list[Edit]:
    """Return the edits of one clause.

    Words that one reader has taken are hidden from the next readers.
    """
    clause = plain(clause)
    strength = 0.5 if _WEAK.search(clause) else 1.7 if _STRONG.search(clause) else 1.0
    found = []
    rest = clause
    for pattern, reader in _READERS:
        match = pattern.search(rest)
        if match:
            found.append((clause.find(match[0]), reader(match, strength)))
            rest = rest[: match.start()] + " " + rest[match.end() :]
    return [edit for _, edit in sorted(found, key=lambda each: each[0])]


def _means_something(clause: str) -> bool:
    return any(word not in _FILLERS for word in words_of(clause))


def colour_in(text: str, otherwise: Colour) -> Colour:
    """Return the first colour that `text` names, by hexadecimal digits or by one of CSS's names."""
    written = _HEX.search(text)
    if written:
        red, green, blue = ImageColor.getrgb(written[0])[:3]
        return red, green, blue
    for word in re.findall(r"[a-z]+", text.lower()):
        # German, French and Spanish give a colour several endings.
        for stem in [word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))]:
            if stem in _COLOURS or stem in ImageColor.colormap:
                red, green, blue = ImageColor.getrgb(_COLOURS.get(stem, stem))[:3]
                return red, green, blue
    return otherwise


def _plain(kind: EditKind, sign: float = 1.0) -> Reader:
    return lambda _, strength: Edit(kind, sign * strength)


def _crop(match: re.Match[str], strength: float) -> Edit:
    if ratio := _RATIO.search(match[0]):
        width, height = int(ratio[1]), int(ratio[2])
        if width and height and 0.1 <= width / height <= 10:
            return Edit(EditKind.CROP_TO_RATIO, width / height)
    if re.search(r"square|quadrat|carre|cuadrad", match[0]):
        return Edit(EditKind.CROP_TO_RATIO, 1.0)
    if percent := _PERCENT.search(match[0]):
        return Edit(EditKind.CROP, min(int(percent[1]), 90) / 100)
    return Edit(EditKind.CROP, 0.15 * strength)


def _rotate(match: re.Match[str], _: float) -> Edit:
    words = match[0].lower()
    if re.search(r"upside|kopf|tete|boca", words):
        return Edit(EditKind.ROTATE, 180.0)
    number = _DEGREES.search(words)
    degrees = float(number[0]) if number else 90.0
    goes_left = re.search(r"\b(?:left|counter|anti|links|gegen|gauche|izquierda)", words) is not None
    return Edit(EditKind.ROTATE, (degrees if goes_left else -degrees) % 360)


def _coloured(kind: EditKind, otherwise: Colour) -> Reader:
    return lambda match, strength: Edit(kind, strength, colour=colour_in(match[0], otherwise))


# Gaps before and between words have at most 80 characters: open ones take time by the square of a prompt's length.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(rf"\b(?:{words})", re.IGNORECASE), reader)
    for words, reader in (
        (
            r"crop.*|(?:in(?:to)? a |make (?:it )?a? ?)?square\b"
            r"|.{0,80}\b(?:zu|be)schneid\w*.*|recadr\w*.*|rogn\w*.*|recort\w*.*|quadrat\w*|carree?\b|cuadrad\w*",
            _crop,
        ),
        (
            r"(?:rotat|turn)\w*\b.{0,80}(?:\d|left|right|clockwise).*|rotat\w*\b.*|(?:turn\w* )?upside[ -]down"
            r"|.{0,80}\bdreh\w*.*|rotier\w*.*|tourn\w*\b.*|pivot\w*.*|gir[ae]\w*\b.*"
            r"|auf den kopf.*|tete en bas|boca abajo",
            _rotate,
        ),
        (
            r"flip\w*\b.{0,80}\bvertical\w*|vertical\w* (?:flip|mirror)\w*"
            r"|vertikal\w* (?:ge)?spiegel\w*|(?:retourn|volte)\w*\b.{0,80}\bvertical\w*",
            _plain(EditKind.FLIP),
        ),
        (
            r"mirror\w*|flip\w*\b.*"
            r"|(?:ge)?spiegel\w*|miroir|espejo|reflej\w*|retourn\w*|volte\w*",
            _plain(EditKind.MIRROR),
        ),
        (
            r"blur\w*\b.{0,80}\b(?:background|surround\w*|edges?|sides?)|(?:background|edges?) blur\w*|bokeh"
            r"|tilt[- ]shift"
            r"|(?:hintergrund\w*|arriere-plan|fond|fondo) (?:\w+ )?(?:un|ver)?(?:scharf|schwomm|flou|desenfoc|"
            r"borros)\w*|unscharf\w* hintergrund|hintergrundunscharfe|(?:flou\w*|desenfoc\w*) (?:de |d\W)?(?:l\W|"
            r"le |el )?(?:arriere-plan|fondo?)",
            _plain(EditKind.BLUR_SURROUNDINGS),
        ),
        (
            r"blur\w*|soft[- ]focus|out of focus|defocus\w*"
            r"|unscharf\w*|verschwomm\w*|weichzeichn\w*|flou\w*|desenfoc\w*|borros\w*|difumin\w*",
            _plain(EditKind.BLUR),
        ),
        (
            r"(?:\S{1,40} ){0,3}(?:back(?:ground|drop)|hintergrund|arriere-plan|fondo?)\b.*",
            _coloured(EditKind.BACKGROUND, (255, 255, 255)),
        ),
        (
            r"(?:\S{1,40} ){0,3}(?:(?:frame|border)s?|(?:bilder)?rahmen|rand|cadre|bordure|marco|borde)\b.*",
            _coloured(EditKind.FRAME, (250, 250, 248)),
        ),
        (
            r"monochrome|gr[ae]y ?scale|desaturate (?:completely|fully)|noir|gr[ae]y"
            r"|grau\w*|monochrom\w*|(?:niveaux de |escala de )?gris(?:es)?\b",
            _plain(EditKind.MONOCHROME),
        ),
        (r"sepia", _plain(EditKind.SEPIA)),
        (
            r"vintage|retro|nostalgi\w*|old (?:film|photo\w*)|polaroid"
            r"|nostalgisch\w*|altmodisch\w*|alte[rs]? (?:film|foto)|ancien\w*|vieill?e? (?:photo|film)|antigu\w*|"
            r"viej\w*",
            _plain(EditKind.VINTAGE),
        ),
        (
            r"cinematic|film[- ]look|movie[- ]look|teal(?: and orange)?|dramatic|moody"
            r"|filmisch\w*|kinofilm\w*|cinematogra\w*|dramatisch\w*|dramati(?:que|co)\w*",
            _plain(EditKind.CINEMATIC),
        ),
        (
            r"night(?:time)?|moonlight|moonlit"
            r"|nachts?\b|mondlicht|nuit|noche|nocturn\w*",
            _plain(EditKind.NIGHT),
        ),
        (
            r"warm\w*|golden(?: hour)?|sunset|sunny|cozy|cosy"
            r"|wae?rm\w*|sonnenuntergang|sonnig\w*|chaud\w*|chaleureu\w*|ensoleill\w*|calid\w*|atardecer|soleado",
            _plain(EditKind.WARMTH),
        ),
        (
            r"cool\w*|cold\w*|icy|wintry|blu(?:er|eish|ish)"
            r"|kalt\w*|kae?lter\w*|kue?hl\w*|eisig\w*|froid\w*|fri[oa]s?\b",
            _plain(EditKind.WARMTH, -1.0),
        ),
        (
            r"bright\w*|light(?:er|en)\w*|more light|expos\w* up"
            r"|hell\w*|aufhell\w*|lumineu\w*|eclairci\w*|clairs?\b|aclar\w*|luminos\w*|mas luz|brillante\w*",
            _plain(EditKind.BRIGHTNESS),
        ),
        (
            r"dark\w*|dim\w*|less light|underexpos\w*"
            r"|dunk\w*|dunkl\w*|abdunk\w*|sombre\w*|fonce\w*|assombri\w*|oscur\w*",
            _plain(EditKind.BRIGHTNESS, -1.0),
        ),
        (
            r"(?:less|low\w*|reduc\w*|decreas\w*)(?: the)? contrast|flat(?:ter)?\b|faded?|matte"
            r"|weniger kontrast|kontrast\w* (?:verringer|reduzier|senk)\w*|kontrastarm\w*|moins de contraste|"
            r"menos contraste",
            _plain(EditKind.CONTRAST, -1.0),
        ),
        (
            r"(?:more |high\w* |increas\w* |strong\w* )?contrast\w*|punch\w*"
            r"|(?:mehr |hohe[rn]? )?kontrast\w*|(?:plus de |mas )contraste",
            _plain(EditKind.CONTRAST),
        ),
        (
            r"desaturat\w*|mute\w*|less colou?r\w*|pale\w*|washed[- ]out"
            r"|entsattig\w*|blass\w*|weniger farbe?n?|moins de couleurs?|desatur\w*|menos color\w*",
            _plain(EditKind.SATURATION, -1.0),
        ),
        (
            r"vivid\w*|vibran\w*|saturat\w*|(?:more )?colou?rful\w*|more colou?r\w*|rich\w* colou?rs?"
            r"|kra(?:e)?ftig\w*(?: farben?)?|bunt\w*|farbenfroh\w*|leuchtend\w*|gesattigt\w*|mehr farbe\w*|"
            r"vives?\b|vif|plus de couleurs?|colore\w*|colorid\w*|viv[oa]s?\b|mas color\w*",
            _plain(EditKind.SATURATION),
        ),
        (
            r"sharp\w*|crisp\w*|clear\w*|detail\w*"
            r"|scha?e?rf\w*|(?:plus )?net(?:te|s)?\b|nettete|nitid\w*|enfoc\w*",
            _plain(EditKind.SHARPEN),
        ),
        (
            r"(?:pencil |line )?sketch\w*|pencil(?: drawing)?|line[- ]art|drawing|charcoal"
            r"|\w*zeichnung|\w*skizze|kohle\w*|dessin\w*|croquis|esquisse|boceto|dibujo\w*",
            _plain(EditKind.SKETCH),
        ),
        (
            r"poster\w*|pop[- ]art|cartoon\w*|comic\w*|flat colou?rs|stencil"
            r"|plakat\w*|karikatur\w*|affiche|bande dessinee|cartel",
            _plain(EditKind.POSTER),
        ),
        (
            r"pixel\w*|mosaic|8[- ]bit"
            r"|verpixel\w*|mosa[ii]k|mosaique|mosaico",
            _plain(EditKind.PIXELS),
        ),
        (
            r"grain\w*|nois[ey]\w*"
            r"|\w*korn\b|kornig\w*|koernig\w*|rauschen|grano",
            _plain(EditKind.GRAIN),
        ),
        (
            r"invert\w*|negative"
            r"|negativ\w*|umkehr\w*|invers\w*",
            _plain(EditKind.INVERT),
        ),
        (
            r"vignett\w*|dark(?:er|en)? (?:corners|edges)"
            r"|vineta\w*|dunkle (?:ecken|rander)",
            _plain(EditKind.VIGNETTE),
        ),
    )
)
