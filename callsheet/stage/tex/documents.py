"""The document around a text in LaTeX, and the file of its drawing, by the rules of Manim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from manim import config
from manim.utils.tex import TexTemplate
from manim.utils.tex_file_writing import tex_hash

from callsheet.stage.tex.tokens import source_of

_LONGEST_SHOWN = 90


def document_of(expression: str, environment: str | None, template: TexTemplate) -> str:
    """Return the whole document that sets a text."""
    if environment:
        return template.get_texcode_for_expression_in_env(expression, environment)
    return template.get_texcode_for_expression(expression)


def drawing_file(document: str) -> Path:
    """Return the SVG file of a document, in a folder that exists."""
    folder: Any = config.get_dir("tex_dir")
    folder.mkdir(parents=True, exist_ok=True)
    file: Path = folder / f"{tex_hash(document)}.svg"
    return file


def quoted(expression: str) -> str:
    """Return a text as a sentence shows it: as a person has written it, and not too long."""
    shown = " ".join(source_of(expression).split())
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
