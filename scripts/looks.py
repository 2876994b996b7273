"""The looks of every template: `make looks` reviews each in every theme and format, with five contents.

It rehearses the scenes and renders nothing. Known faults stand in tests/stage/known_faults.json, by template, measure
and format with their worst value. A fault that is not there, or a worse value, fails. So does a known fault that is
gone: write the file again with --write, which makes docs/review_figures.md, too.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from callsheet.errors import ContentTooLong
from callsheet.formulas import UnsettableError
from callsheet.model.content import CONTENT_MODELS, Content, TemplateName, TextKind
from callsheet.model.film.look import Look, ThemeName
from callsheet.model.film.profile import ProfileName, RenderProfile
from callsheet.model.film.trace import SceneTrace
from callsheet.review.geometry import review_scene
from callsheet.review.measures import MEASURES, MeasureName, Review

ROOT = Path(__file__).parents[1]
KNOWN_FAULTS = ROOT / "tests/stage/known_faults.json"
FIGURES = ROOT / "docs/review_figures.md"
FORMATS = {
    "landscape": RenderProfile(name=ProfileName.HD, width=640, height=360, frame_rate=15),
    "portrait": RenderProfile(name=ProfileName.PORTRAIT, width=360, height=640, frame_rate=15),
    "square": RenderProfile(name=ProfileName.SQUARE, width=360, height=360, frame_rate=15),
}
"""Small pictures with the proportions of the profiles: lengths are shares of the frame."""
CONTENTS = ("short", "usual", "long", "other script", "formulas")
LONGER = (3.0, 2.0, 1.5, 1.2)
"""Factors by which the long content is longer than the example, tried in this order until it fits."""
# Values within this share of each other are the same: type is set a little differently on other machines.
SAME = 0.02
ARABIC = "الضوء يغذي الأوراق والنبات يصنع السكر من الماء والهواء كل يوم في هدوء تام تحت الشمس "
CHINESE = "光照在叶子上植物用水和空气制造糖分每天都在阳光下安静地生长并且释放出氧气"
FORMULA = "$a^2 + b^2 = c^2$"
_HELD = frozenset(
    {"kind", "shape", "sky", "trend", "name", "language", "expression", "path", "source", "target", "first", "last"}
)
COLUMNS = {
    MeasureName.FILL: ("least fill", "{:.0%}"),
    MeasureName.STILL_S: ("longest still (s)", "{:.1f}"),
    MeasureName.STILL_SHARE: ("most frames still", "{:.0%}"),
    MeasureName.WORDS_IN_VIEW: ("most words in view", "{:.0f}"),
    MeasureName.WORDS_OF_TEXT: ("longest text (words)", "{:.0f}"),
    MeasureName.WORD_S: ("least s a word", "{:.2f}"),
    MeasureName.TYPE_PX: ("smallest type (px)", "{:.0f}"),
    MeasureName.CONTRAST: ("least contrast", "{:.1f}"),
    MeasureName.OVERFLOW_PX: ("overflow (px)", "{:.0f}"),
    MeasureName.OVERLAP: ("overlap (letters)", "{:.1f}"),
    MeasureName.LAYOUT: ("layout remarks", "{:.0f}"),
    MeasureName.EDGE_SHARE: ("least edge distance", "{:.1%}"),
    MeasureName.BLANK_SHARE: ("most time empty", "{:.0%}"),
    MeasureName.HUES: ("most hues", "{:.0f}"),
    MeasureName.HIERARCHY: ("largest by usual type", "{:.1f}"),
    MeasureName.EDGES: ("edges an element", "{:.2f}"),
    MeasureName.IMBALANCE: ("imbalance", "{:.2f}"),
    MeasureName.LARGE_MOTION: ("large motion", "{:.0%}"),
    MeasureName.EARLY_SHARE: ("there after a quarter", "{:.0%}"),
    MeasureName.LATE_NEWS: ("least new late", "{:.0f}"),
    MeasureName.SCENE_S: ("longest scene (s)", "{:.0f}"),
}


@dataclass(frozen=True)
class Case:
    """One scene of the review."""

    template: TemplateName
    content: str
    format: str
    theme: ThemeName

    def __str__(self) -> str:
        return f"{self.template}, {self.content}, {self.format}, {self.theme}"


Faults = dict[str, dict[str, dict[str, float]]]
"""The worst value by template, measure and format."""


def main() -> int:
    """Review the cases; print the worst figures and what is not known; return 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the known faults and the table of figures again")
    parser.add_argument("--all", action="store_true", help="review all contents in all themes, not the usual one alone")
    parser.add_argument("--only", type=TemplateName, nargs="*", default=list(TemplateName), help="templates to review")
    options = parser.parse_args()
    cases = [case for case in all_cases() if case.template in options.only and (options.all or _is_first(case))]
    context = get_context("spawn")
    with ProcessPoolExecutor(max_workers=os.cpu_count(), mp_context=context, initializer=_quieten) as workers:
        reviews: dict[Case, Review | None] = {}
        for case, review in zip(cases, workers.map(reviewed, cases, chunksize=5), strict=True):
            reviews[case] = review
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{len(reviews)} of {len(cases)} scenes\033[K")
    done = {case: review for case, review in reviews.items() if review is not None}
    sys.stdout.write(table(done))
    found, known = faults_of(done), read_known()
    if options.write:
        write(done, {name: rows for name, rows in known.items() if name not in options.only} | found)
        return 0
    wrong = [*unknown(found, known), *gone(found, {name: known.get(name, {}) for name in options.only})]
    sys.stdout.write("".join(f"{sentence}\n" for sentence in wrong))
    return 1 if wrong else 0


def _quieten() -> None:
    """Leave out Manim's warnings: a motion may be shorter than a frame at this rate."""
    logging.getLogger("manim").setLevel(logging.ERROR)


def all_cases() -> Iterator[Case]:
    """Yield every template in every content, format and theme."""
    for template in TemplateName:
        for content in CONTENTS:
            for name in FORMATS:
                for theme in ThemeName:
                    yield Case(template, content, name, theme)


def reviewed(case: Case) -> Review | None:
    """Return the review of one scene; None if the template has no room or no place for such a content."""
    scene = traced(case)
    return review_scene(scene) if scene else None


def traced(case: Case) -> SceneTrace | None:
    """Rehearse one scene; return its trace, or None as `reviewed` does."""
    from manim import tempconfig

    from callsheet.stage.configure import configure
    from callsheet.stage.rehearsal.performance import rehearse
    from callsheet.stage.rehearsal.trace import TraceRecorder
    from callsheet.stage.templates import scene_class

    profile, before = FORMATS[case.format], Path.cwd()
    for content in contents(case):
        members = {"content": content, "look": Look(theme=case.theme)}
        with tempconfig({}), TemporaryDirectory() as folder:
            configure(profile)
            os.chdir(folder)
            try:
                scene = type("Reviewed", (scene_class(case.template),), members)()
                recorder = TraceRecorder(scene, profile, most_pictures=0)
                facts = rehearse(scene, profile, recorder)
            except (ContentTooLong, UnsettableError):
                continue
            finally:
                os.chdir(before)
        return recorder.trace(facts.layout).model_copy(update={"name": str(case)})
    return None


def contents(case: Case) -> Iterator[Content]:
    """Yield contents of the case's kind, the most demanding first."""
    example = CONTENT_MODELS[case.template].example()
    texts = {
        path: (kind, text)
        for path, kind, text in example.texts()
        if text and kind is not TextKind.DRAWING and not _is_held(path)
    }
    free = {path: text for path, (kind, text) in texts.items() if kind is not TextKind.FORMULA}
    prose = {path: text for path, (kind, text) in texts.items() if kind is TextKind.PROSE}
    match case.content:
        case "short":
            changes = [{path: _closed(" ".join(text.split()[:2])) for path, text in free.items()}]
        case "long":
            changes = [{path: _repeated(text, factor * len(text)) for path, text in free.items()} for factor in LONGER]
        case "other script":
            script = CHINESE if case.format == "portrait" else ARABIC
            share = 0.4 if case.format == "portrait" else 1.0
            changes = [{path: _repeated(script, share * len(text)) for path, text in free.items()}]
        case "formulas":
            changes = [{path: f"{text} {FORMULA}" for path, text in prose.items()}] if prose else []
        case _:
            changes = [{}]
    for crowd in (True, False) if case.content == "long" else (False,):
        for change in changes:
            try:
                yield _with_texts(example, change, crowd)
            except ValidationError:
                continue


def write(reviews: dict[Case, Review], faults: Faults) -> None:
    """Write the known faults; write the page of figures if every template was reviewed."""
    KNOWN_FAULTS.write_text(json.dumps(faults, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if {case.template for case in reviews} == set(TemplateName):
        FIGURES.write_text(page(reviews), encoding="utf-8")


def faults_of(reviews: dict[Case, Review]) -> Faults:
    """Return the worst values that are faults."""
    found: Faults = defaultdict(lambda: defaultdict(dict))
    for case, review in reviews.items():
        for each in review.faults:
            by_format = found[case.template][each.measure]
            worst = MEASURES[each.measure].worst([by_format.get(case.format, each.value), each.value])
            by_format[case.format] = worst
    return {template: {name: dict(values) for name, values in found[template].items()} for template in found}


def read_known() -> Faults:
    """Return the known faults."""
    known: Faults = json.loads(KNOWN_FAULTS.read_text(encoding="utf-8")) if KNOWN_FAULTS.exists() else {}
    return known


def unknown(found: Faults, known: Faults) -> list[str]:
    """Return a sentence for each fault that is not known, or has become worse."""
    return [
        f"{template}, {name}, {in_format}: {value:g} is a fault that is not known"
        + (f" (known: {before:g})" if before is not None else "")
        for template, name, in_format, value in _rows(found)
        if (before := known.get(template, {}).get(name, {}).get(in_format)) is None or _is_worse(name, value, before)
    ]


def gone(found: Faults, known: Faults) -> list[str]:
    """Return a sentence for each known fault that is there no more, or has become less: the list must shrink, too."""
    return [
        f"{template}, {name}, {in_format}: the known fault ({before:g}) is less or gone; run scripts/looks.py --write"
        for template, name, in_format, before in _rows(known)
        if (value := found.get(template, {}).get(name, {}).get(in_format)) is None or _is_worse(name, before, value)
    ]


def table(reviews: dict[Case, Review]) -> str:
    """Return the worst figure of each measure and template as text, with its case."""
    lines = []
    for template in TemplateName:
        lines.append(f"{template}\n")
        for name in COLUMNS:
            figures = [each for case, review in reviews.items() if case.template is template for each in review.figures]
            values = [(each.value, each.scene) for each in figures if each.measure is name]
            if values:
                worst = MEASURES[name].worst([value for value, _ in values])
                where = next(scene for value, scene in values if value == worst)
                mark = " " if MEASURES[name].is_good(worst) else "!"
                lines.append(f"  {mark} {name:<16} {COLUMNS[name][1].format(worst):>8}   {where}\n")
    return "".join(lines)


def page(reviews: dict[Case, Review]) -> str:
    """Return docs/review_figures.md: the worst figures by template, and the usual ones by format."""
    names = list(COLUMNS)
    lines = [
        "# Figures of all templates",
        "",
        f"`scripts/looks.py --write` made this page from {len(reviews)} scenes: every template in every format with",
        "short, usual and long content, another script and formulas, and with the usual content in every theme.",
        "[The page of the review](review.md) says what the measures mean.",
        "",
        "## The worst figure of each template",
        "",
        "| template | " + " | ".join(COLUMNS[name][0] for name in names) + " |",
        "| --- |" + " ---: |" * len(names),
    ]
    for template in TemplateName:
        chosen = [review for case, review in reviews.items() if case.template is template]
        lines.append(_table_row(template, names, [_worst(chosen, name) for name in names]))
    lines += [
        "",
        "## The median of each format",
        "",
        "The median goes over all templates with the usual content.",
        "",
        "| format | " + " | ".join(COLUMNS[name][0] for name in names) + " |",
        "| --- |" + " ---: |" * len(names),
    ]
    for in_format in FORMATS:
        chosen = [each for case, each in reviews.items() if case.format == in_format and case.content == "usual"]
        lines.append(_table_row(in_format, names, [_median(chosen, name) for name in names]))
    return "\n".join(lines) + "\n"


def _table_row(title: str, names: Iterable[MeasureName], values: Iterable[float | None]) -> str:
    cells = [
        "–" if value is None else COLUMNS[name][1].format(value) for name, value in zip(names, values, strict=True)
    ]
    return f"| {title} | " + " | ".join(cells) + " |"


def _values(reviews: Iterable[Review], name: MeasureName) -> list[float]:
    return [figure.value for review in reviews for figure in review.figures if figure.measure is name]


def _worst(reviews: Iterable[Review], name: MeasureName) -> float | None:
    values = _values(reviews, name)
    return MEASURES[name].worst(values) if values else None


def _median(reviews: Iterable[Review], name: MeasureName) -> float | None:
    values = _values(reviews, name)
    return median(values) if values else None


def _rows(faults: Faults) -> Iterator[tuple[str, str, str, float]]:
    for template, by_measure in faults.items():
        for name, by_format in by_measure.items():
            for in_format, value in by_format.items():
                yield template, name, in_format, value


def _is_worse(name: str, value: float, than: float) -> bool:
    measure = MEASURES[MeasureName(name)]
    margin = SAME * max(abs(value), abs(than))
    return abs(value - than) > margin and measure.worst([value, than]) == value


def _is_first(case: Case) -> bool:
    """Return whether a case is reviewed without --all: themes differ in colours alone, which any content shows."""
    return case.content == "usual" or case.theme is next(iter(ThemeName))


def _is_held(path: str) -> bool:
    """Return whether the field takes only certain words; a number at the end is one of a list of names."""
    field = path.rsplit(".", maxsplit=1)[-1]
    return field in _HELD or field.isdecimal()


def _repeated(text: str, length: float) -> str:
    """Return the text again and again, up to this length, without a word that is cut."""
    repeated = (text.strip() + " ") * (1 + int(length / len(text)))
    cut = repeated[: max(2, round(length))]
    whole = (cut if " " not in cut or repeated[len(cut)] == " " else cut.rpartition(" ")[0]).strip() or cut.strip()
    return _closed(whole)


def _closed(text: str) -> str:
    """Return the text without a formula that is cut."""
    return text.rpartition("$")[0].strip() or "words" if text.count("$") % 2 else text


def _doubled(items: list[Any]) -> list[Any]:
    """Return the items twice; the second ones name other things."""
    renamed = [
        {key: f"{value}2" if key in ("name", "source", "target") else value for key, value in item.items()}
        if isinstance(item, dict)
        else item
        for item in items
    ]
    return [*items, *renamed]


def _with_texts(example: Content, texts: dict[str, str], crowd: bool) -> Content:
    values = example.model_dump(mode="json", exclude_defaults=True)
    for path, text in texts.items():
        container: Any = values
        *steps, last = path.split(".")
        for step in steps:
            container = container[int(step) if isinstance(container, list) else step]
        container[int(last) if isinstance(container, list) else last] = text
    if crowd:
        values = {name: _doubled(value) if isinstance(value, list) else value for name, value in values.items()}
    if "path" in values:
        values["path"] = str(ROOT / values["path"])
    return type(example).model_validate(values)


if __name__ == "__main__":
    sys.exit(main())
