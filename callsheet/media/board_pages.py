"""Sets a board as PDF pages: fifteen panels a page, each with its size, move, length, action, dialogue and warnings."""

import base64
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from PIL import Image

from callsheet.formulas.typst_pages import literal, pdf_of
from callsheet.media.panels.panel import draw_panel
from callsheet.model.film.screenplay_analysis import CameraShot, GrammarFinding, ScreenplayAnalysis

_MOST_CHARACTERS = 260
_PICTURE_PX = 640
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_FROM_RIGHT, _FROM_LEFT, _END = "\u2067", "\u2066", "\u2069"
"""Around a text that runs in this direction, whatever stands beside it (Unicode RLI, LRI and PDI)."""
_HEAD = """#set page("a4", margin: (x: 14mm, y: 16mm))
#set page(footer: context align(center, text(8pt, counter(page).display())))
#set text(9pt, font: ("DejaVu Sans", "Noto Sans CJK JP"))
#set par(leading: 0.5em)
#let panel(svg, name, facts, action, dialogue, warnings) = block(breakable: false, width: 100%, {
  image(bytes(svg), format: "svg", width: 100%)
  v(-0.9em)
  block(fill: luma(235), inset: 3pt, width: 100%, below: 0.5em, { text(7.5pt)[*#name* #h(0.4em) #facts] })
  if action != "" { text(7.5pt, action); linebreak() }
  for line in dialogue { text(7.5pt, strong(line.at(0)) + [: ] + line.at(1)); linebreak() }
  for line in warnings { text(6.5pt, fill: rgb("#a33"), line); linebreak() }
})
"""


def board_pdf(
    analysis: ScreenplayAnalysis,
    shots: Sequence[CameraShot],
    findings: Sequence[GrammarFinding],
    pictures: Mapping[str, Path] = MappingProxyType({}),
) -> bytes:
    """Return the board as PDF: a heading for each scene, then its panels in three columns.

    `pictures` has the panels that a person gave, by the names of their shots; the others are drawn.
    """
    warnings: dict[str, list[str]] = {}
    for finding in findings:
        warnings.setdefault(finding.shot, []).append(f"{finding.rule}: {finding.sentence}")
    known = {scene.number: scene for scene in analysis.scenes}
    source = [_HEAD, f"#text(18pt, strong({_text(analysis.title)}))\n"]
    for number in dict.fromkeys(shot.scene for shot in shots):
        scene = known.get(number)
        heading = f"{scene.scene_number or scene.number}  {scene.heading}" if scene else f"{number}"
        who = ", ".join(map(_isolated, scene.characters)) if scene else ""
        title = f"strong({_text(heading)}) + h(1em) + {_text(who)}"
        source.append(f"#block(above: 1.4em, sticky: true, text(11pt, {title}))\n")
        panels = [
            _panel(shot, _panel_of(shot, analysis, pictures), analysis, warnings)
            for shot in shots
            if shot.scene == number
        ]
        columns = "columns: (1fr, 1fr, 1fr), column-gutter: 6mm, row-gutter: 4mm"
        source.append(f"#grid({columns}, {', '.join(panels)})\n")
    return pdf_of("".join(source))


def _panel_of(shot: CameraShot, analysis: ScreenplayAnalysis, pictures: Mapping[str, Path]) -> str:
    """Return the panel of a shot as SVG: its picture, whole and on grey, or its drawing."""
    if shot.name not in pictures:
        return draw_panel(shot, analysis)
    with Image.open(pictures[shot.name]) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((_PICTURE_PX, _PICTURE_PX))
    small = io.BytesIO()
    picture.save(small, "JPEG", quality=85)
    data = base64.b64encode(small.getvalue()).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 900"><rect width="1600" height="900" fill="#ddd"/>'
        f'<image href="data:image/jpeg;base64,{data}" width="1600" height="900"/></svg>'
    )


def _text(words: str) -> str:
    """Return words as a Typst string; a full stop behind Arabic or Hebrew stands at its left."""
    return literal(_isolated(words))


def _isolated(words: str) -> str:
    """Return words that run as most of their letters do."""
    from_right = len(_RIGHT_TO_LEFT.findall(words))
    if not from_right:
        return words
    begin = _FROM_RIGHT if 2 * from_right > sum(map(str.isalpha, words)) else _FROM_LEFT
    return f"{begin}{words}{_END}"


def _panel(shot: CameraShot, panel: str, analysis: ScreenplayAnalysis, warnings: Mapping[str, Sequence[str]]) -> str:
    said = {each.number: each for each in analysis.utterances}
    dialogue = [(said[number].character, said[number].text) for number in shot.utterances if number in said]
    move = "" if shot.movement == "still" else f" · {shot.movement}"
    angle = "" if shot.angle == "eye-level" else f" · {shot.angle}"
    pairs = "".join(f"({_text(name)}, {_text(text[:_MOST_CHARACTERS])})," for name, text in dialogue)
    cells = (
        literal(panel),
        literal(shot.name),
        literal(f"{shot.size}{angle}{move} · {shot.length_s:.1f} s"),
        _text("" if dialogue else shot.action[:_MOST_CHARACTERS]),
        f"({pairs})",
        f"({''.join(f'{literal(line)},' for line in warnings.get(shot.name, ()))})",
    )
    return f"panel({', '.join(cells)})"
