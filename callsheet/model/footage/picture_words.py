"""The prompts for pictures that this machine understands, as examples in four languages: for forms, help and docs.

The readers in `callsheet.footage` read each example as the thing in front of it; tests check that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LANGUAGES = ("English", "German", "French", "Spanish")


@dataclass(frozen=True)
class Phrase:
    """One thing that can be asked for: its name, and a prompt for it in each of `LANGUAGES`."""

    what: str
    examples: tuple[str, str, str, str]


MOVES = (
    Phrase("zoom in", ("zoom in", "heranzoomen", "zoom avant", "acercar")),
    Phrase("zoom out", ("zoom out", "herauszoomen", "zoom arrière", "alejar")),
    Phrase("pan left", ("pan left", "nach links schwenken", "panoramique vers la gauche", "paneo a la izquierda")),
    Phrase(
        "pan right",
        ("pan from left to right", "von links nach rechts", "de gauche à droite", "de izquierda a derecha"),
    ),
    Phrase("pan up", ("tilt up", "nach oben schwenken", "panoramique vers le haut", "paneo hacia arriba")),
    Phrase("pan down", ("tilt down", "nach unten schwenken", "panoramique vers le bas", "paneo hacia abajo")),
    Phrase("hold still", ("hold still", "Standbild", "plan fixe", "plano fijo")),
)
EDITS = (
    Phrase("crop", ("crop 20%", "20% zuschneiden", "recadrer de 20%", "recortar 20%")),
    Phrase("crop to a ratio", ("crop to 16:9", "auf 16:9 zuschneiden", "recadrer en 16:9", "recortar a 16:9")),
    Phrase("warmth", ("warmer", "wärmer", "plus chaud", "más cálido")),
    Phrase("brightness", ("brighter", "heller", "plus lumineux", "más luminoso")),
    Phrase("contrast", ("more contrast", "mehr Kontrast", "plus de contraste", "más contraste")),
    Phrase("saturation", ("more colour", "kräftigere Farben", "plus de couleurs", "más colorido")),
    Phrase("black and white", ("black and white", "schwarz-weiß", "noir et blanc", "blanco y negro")),
    Phrase("sepia", ("sepia", "Sepia", "sépia", "sepia")),
    Phrase("vintage", ("vintage", "nostalgisch", "rétro", "antiguo")),
    Phrase("cinematic", ("cinematic", "filmisch", "cinématographique", "cinematográfico")),
    Phrase("night", ("night", "Nacht", "nuit", "noche")),
    Phrase("blur", ("blur", "weichzeichnen", "flou", "borroso")),
    Phrase(
        "blur around the middle",
        ("blur the background", "Hintergrund unscharf", "arrière-plan flou", "fondo desenfocado"),
    ),
    Phrase("sharpen", ("sharpen", "schärfer", "plus net", "más nítido")),
    Phrase("sketch", ("sketch", "Bleistiftzeichnung", "dessin au crayon", "dibujo a lápiz")),
    Phrase("poster", ("poster", "Plakat", "affiche", "cartel")),
    Phrase("pixels", ("pixels", "verpixeln", "mosaïque", "mosaico")),
    Phrase("grain", ("grain", "Filmkorn", "grain", "grano")),
    Phrase("invert", ("invert", "Negativ", "inverser", "invertir")),
    Phrase("caption", ("caption “Home”", "Titel “Heim”", "légende “Chez nous”", "título “Casa”")),
    Phrase("background", ("red background", "roter Hintergrund", "fond rouge", "fondo rojo")),
    Phrase("rotate", ("rotate 90° left", "um 90° nach links drehen", "tourner de 90° à gauche", "girar 90°")),
    Phrase("mirror", ("mirror", "spiegeln", "miroir", "espejo")),
    Phrase("flip", ("flip vertically", "vertikal spiegeln", "retourner verticalement", "voltear verticalmente")),
    Phrase("vignette", ("vignette", "Vignette", "vignettage", "viñeta")),
    Phrase("frame", ("white frame", "weißer Rahmen", "cadre blanc", "marco blanco")),
)


def in_english(phrases: Iterable[Phrase]) -> str:
    """Return the English examples in a row."""
    return ", ".join(phrase.examples[0] for phrase in phrases)


MOVES_IN_WORDS = f"This machine understands {in_english(MOVES)}, also in German, French and Spanish."
EDITS_IN_WORDS = f"This machine understands {in_english(EDITS)}, also in German, French and Spanish."


def markdown_table() -> str:
    """Return every example, as a table for the documentation."""
    rows = [f"| {phrase.what} | {' | '.join(phrase.examples)} |" for phrase in (*MOVES, *EDITS)]
    return "\n".join([f"| what | {' | '.join(LANGUAGES)} |", f"|{' --- |' * (1 + len(LANGUAGES))}", *rows])
