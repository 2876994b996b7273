"""Scene code from a language model: written from a brief, and repaired from findings.

A question about a repair shows the part of the source around each finding: its function, and the lines near it.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from callsheet.errors import LEAST_WINDOW, ContextTooSmall, NothingWritten
from callsheet.model.film.look import FontName
from callsheet.model.film.scenes import Finding, Origin, OriginKind, SceneCode
from callsheet.model.run.attempts import Draft, Feedback
from callsheet.model.run.cost import ModelCall
from callsheet.model.run.writing import SceneWriting
from callsheet.writing.extraction import scene_source
from callsheet.writing.fixes import fixed
from callsheet.writing.learned import Server
from callsheet.writing.prompts import prompt
from callsheet.writing.splicing import is_part, spliced
from callsheet.writing.writer import ModelAnswer, Writer

USUAL_DURATION = "between 10 and 25 seconds"
NARRATED_DURATION = "as its narration is"
FINDINGS_AT_MOST = 20
FINDING_CHARACTERS = 600
LOG_CHARACTERS = 3000
LINES_AROUND = 6
"""Lines shown before and after a line with a finding."""
# Width of a letter at font_size 32, measured over English and German sentences: 0.20 to 0.22 units, and in the typeface
# for code 0.27. Sora is wide, too.
LETTER_UNITS = {**dict.fromkeys(FontName, 0.22), FontName.SORA: 0.24, FontName.JETBRAINS_MONO: 0.27}
ALL_RULES_TOKENS = 8_000
"""Context below which the rules are sent in their short form: all of them have 3,700 tokens, an answer 2,000."""
SAID_CHARACTERS = 160
STEM_LETTERS = 5
"""Words with so many equal first letters count as one word: “circular” and Circle."""
_USUAL = frozenset(
    {
        "Arrow",
        "Axes",
        "Circle",
        "Create",
        "Dot",
        "FadeIn",
        "FadeOut",
        "Group",
        "Indicate",
        "LaggedStart",
        "Line",
        "MathTypst",
        "NumberLine",
        "Rectangle",
        "ReplacementTransform",
        "RoundedRectangle",
        "Scene",
        "Square",
        "Text",
        "Transform",
        "VGroup",
        "Write",
    }
)
_NAMED_COLOURS = ("background", "text", "muted", "accent")


async def write_scene(writing: SceneWriting, writer: Writer, attempt: int = 1, hint: str = "") -> Draft:
    """Have the scene's code written; `attempt` counts from 1, for people.

    `hint` says what was wrong with the answer to this question before. Raises NothingWritten for an answer without
    code, and the errors of `Writer.ask`.
    """
    return await _draft(_Task(writing, writer, f"scene code, attempt {attempt}", hint), _brief(writing))


async def repair_scene(
    writing: SceneWriting, code: SceneCode, trouble: Feedback, writer: Writer, attempt: int, hint: str = ""
) -> Draft:
    """Have `code` corrected; `attempt` counts from 1 and the first writing, for people.

    The question holds each finding once, with its line; the lines around it in their function; the end of the log; and
    the whole source, once. If the findings lie in functions, the model is asked for the changed functions alone, which
    are put into the source. The files beside the code stay with it. Raises as `write_scene` does.
    """
    task = _Task(writing, writer, f"scene code, attempt {attempt}", hint, known=code.source)
    draft = await _draft(task, _repair(writing, code, trouble, of_functions=not hint))
    return draft.model_copy(update={"code": draft.code.model_copy(update={"files": code.files})})


@dataclass(frozen=True)
class _Task:
    """The task of a model."""

    writing: SceneWriting
    writer: Writer
    purpose: str
    hint: str = ""
    known: str = ""
    """The code that is to be corrected."""


async def _draft(task: _Task, question: str) -> Draft:
    """Return the answer as code.

    A service that reads too little for all rules is asked once more with the short ones.
    """
    writer = task.writer
    server = Server(writer.base_url or "", writer.model, writer.learned_dir)
    window = writer.context_tokens or server.learned().window
    if window is not None and window < ALL_RULES_TOKENS:
        return await _ask(task, question, window)
    try:
        return await _ask(task, question, None)
    except (ContextTooSmall, NothingWritten) as error:
        # A question that was refused costs nothing; an answer that was cut off was paid for.
        highest = ALL_RULES_TOKENS if isinstance(error, NothingWritten) else math.inf
        if error.window is None or not LEAST_WINDOW <= error.window < highest:
            raise
        window, first = error.window, error.call if isinstance(error, NothingWritten) else None
    if window < ALL_RULES_TOKENS:
        server.learn(server.learned().model_copy(update={"window": window}))
    try:
        draft = await _ask(task, question, window)
    except NothingWritten as error:
        raise NothingWritten(
            error.purpose, error.reason, error.answer, _sum(first, error.call), error.hint, error.window
        ) from None
    return draft.model_copy(update={"call": _sum(first, draft.call)})


def _sum(first: ModelCall | None, second: ModelCall | None) -> ModelCall | None:
    """Return the cost of both calls, as one call."""
    if first is None or second is None:
        return first or second
    prices = (first.price_usd, second.price_usd)
    return second.model_copy(
        update={
            "input_tokens": first.input_tokens + second.input_tokens,
            "output_tokens": first.output_tokens + second.output_tokens,
            "price_usd": None if None in prices else sum(price or 0.0 for price in prices),
        }
    )


async def _ask(task: _Task, question: str, window: int | None) -> Draft:
    """Ask one question. `window` is given if the rules must be short."""
    writing, rules = task.writing, scene_rules(task.writing) if window is None else short_scene_rules(task.writing)
    if task.hint:
        question = f"{question}\n\n{prompt('again', hint=task.hint)}"
    answer = await task.writer.ask(task.purpose, rules, question, has_shorter_form=window is None)
    source = scene_source(answer.text)
    if task.known and (source is None or is_part(source)):
        source = spliced(task.known, answer.text) or source
    if source is None:
        raise _nothing(task, answer)
    found = fixed(source, writing.name, writing.stage.successors)
    origin = Origin(kind=OriginKind.MODEL, maker=task.writer.model, note=answer.doubt)
    code = SceneCode(
        scene_name=writing.name, class_name=found.class_name, source=found.source, origin=origin, take=writing.take
    )
    return Draft(code=code, call=answer.call, fixes=found.fixes)


def _nothing(task: _Task, answer: ModelAnswer) -> NothingWritten:
    """Return the error for an answer without code."""
    said = " ".join(answer.text.split())
    said = said if len(said) <= SAID_CHARACTERS else f"{said[:SAID_CHARACTERS]}…"
    if answer.doubt:
        reason, hint = f"{answer.doubt}; its answer begins “{said}”", ""
    elif answer.is_thought:
        reason = f"the model answered with its thoughts alone, and there is no Python code in them; they begin “{said}”"
        hint = "Your last answer was nothing but thoughts."
    else:
        reason = f"its answer holds no Python code with a Manim scene; it begins “{said}”"
        hint = "Your last answer held no Python block."
    return NothingWritten(task.purpose, reason, answer.beginning, answer.call, hint, answer.window)


def scene_rules(writing: SceneWriting) -> str:
    """Return the instructions, the same for all scenes of a video.

    Services charge less for a known beginning.
    """
    width, height = writing.profile.frame_units
    constants = _constants(writing)
    more = [f'"{colour}" ({use})' for use, colour in writing.colours.items() if use not in _NAMED_COLOURS]
    return prompt(
        "scene",
        manim_version=writing.stage.manim_version,
        constants=constants,
        width=_units(width),
        height=_units(height),
        half_width=_units(width / 2),
        half_height=_units(height / 2),
        line_characters=str(int((width - 1) / LETTER_UNITS[writing.look.text_font])),
        more_colours=f"; where more must be told apart, {', '.join(more)}" if more else "",
        mathematics=prompt(f"mathematics_{'latex' if writing.stage.has_latex else 'typst'}"),
        names=prompt("names", names=", ".join(writing.stage.names)) if writing.stage.names else "",
        example_search=prompt("example_search", constants=constants),
        example_slope=prompt("example_slope", constants=constants),
    )


def short_scene_rules(writing: SceneWriting) -> str:
    """Return the same in half as many tokens, for models that read 4,096.

    They have one example, and names that fit the brief.
    """
    width, height = writing.profile.frame_units
    return prompt(
        "scene_short",
        manim_version=writing.stage.manim_version,
        half_width=_units(width / 2),
        half_height=_units(height / 2),
        line_characters=str(int((width - 1) / LETTER_UNITS[writing.look.text_font])),
        mathematics=prompt(f"mathematics_{'latex' if writing.stage.has_latex else 'typst_short'}"),
        names=", ".join(fitting_names(writing)),
        example_search=prompt("example_search", constants=_constants(writing)),
    )


def fitting_names(writing: SceneWriting) -> tuple[str, ...]:
    """Return names of classes that most scenes need, and of those in the words of the brief.

    All these classes exist.
    """
    words = {word[:STEM_LETTERS] for word in re.findall(r"[a-z]{4,}", f"{writing.prompt} {writing.name}".lower())}

    def fits(name: str) -> bool:
        parts = re.findall(r"[A-Z][a-z]{3,}", name)
        return name in _USUAL or any(part.lower()[:STEM_LETTERS] in words for part in parts)

    return tuple(filter(fits, writing.stage.names))


def _constants(writing: SceneWriting) -> str:
    named = {name: writing.colours[name] for name in _NAMED_COLOURS}
    return prompt("constants", font=writing.look.text_font.family, **named)


def _units(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")


def _brief(writing: SceneWriting) -> str:
    context = prompt("context", context=writing.context) if writing.context else ""
    usual = NARRATED_DURATION if writing.narration else USUAL_DURATION
    duration = f"about {writing.duration_s:g} seconds" if writing.duration_s else usual
    files = prompt("files", files=", ".join(writing.files)) if writing.files else ""
    lines = "\n".join(f"- {' '.join(line.split())}" for line in writing.narration)
    narration = prompt("narration", lines=lines) if lines else ""
    return prompt(
        "brief",
        name=writing.name,
        duration=duration,
        prompt=writing.prompt,
        narration=narration,
        files=files,
        context=context,
    )


def _repair(writing: SceneWriting, code: SceneCode, trouble: Feedback, *, of_functions: bool) -> str:
    findings = tuple(dict.fromkeys(trouble.findings))[:FINDINGS_AT_MOST]
    spans = _function_spans(code.source)
    are_in_functions = of_functions and all(any(start <= each.line <= end for start, end in spans) for each in findings)
    part = excerpt(code.source, (finding.line for finding in findings))
    log = trouble.log_tail.strip()[-LOG_CHARACTERS:]
    return prompt(
        "repair",
        name=writing.name,
        findings="\n".join(f"- {_sentence(finding)}" for finding in findings),
        place=prompt("repair_place", excerpt=part) if part else "",
        log=prompt("repair_log", log=log) if log else "",
        answer=prompt("repair_functions" if are_in_functions else "repair_whole"),
        source=code.source.rstrip("\n"),
        brief=_brief(writing),
    )


def _sentence(finding: Finding) -> str:
    sentence = " ".join(str(finding).split())
    return sentence if len(sentence) <= FINDING_CHARACTERS else f"{sentence[:FINDING_CHARACTERS]}…"


def excerpt(source: str, lines: Iterable[int]) -> str:
    """Return the lines around `lines`, numbered; `>` marks `lines`.

    Each line is shown in its function, with the line that opens the function.

    A line outside the source is left out. Without any line, there is nothing to show.
    """
    text = source.split("\n")
    marked = {line for line in lines if 1 <= line <= len(text)}
    shown = sorted({number for line in marked for number in _around(line, _function_spans(source), len(text))})
    return "\n".join(_numbered(text, shown, marked))


def _around(line: int, spans: list[tuple[int, int]], last: int) -> set[int]:
    """Return numbers of the lines to show for `line`.

    They are the lines near it, within the innermost function around it.
    """
    holding = [span for span in spans if span[0] <= line <= span[1]]
    start, end = max(holding, default=(1, last))
    return {start, *range(max(start, line - LINES_AROUND), min(end, line + LINES_AROUND) + 1)}


def _function_spans(source: str) -> list[tuple[int, int]]:
    """Return the first and last line of every function; none if the source can't be parsed."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [(node.lineno, node.end_lineno or node.lineno) for node in functions]


def _numbered(text: list[str], shown: list[int], marked: set[int]) -> Iterator[str]:
    for before, number in zip([None, *shown], shown, strict=False):
        if before is not None and number > before + 1:
            yield "     …"
        yield f"{'>' if number in marked else ' '} {number:3} {text[number - 1]}"
