"""Scene code from a language model: written from a brief, and repaired from what was found in it."""

from __future__ import annotations

from callsheet.errors import NothingWritten
from callsheet.model.attempts import Draft, Trouble
from callsheet.model.look import FontName
from callsheet.model.scenes import Finding, Origin, OriginKind, SceneCode
from callsheet.model.writing import SceneWriting
from callsheet.writing.excerpt import excerpt
from callsheet.writing.extraction import scene_source
from callsheet.writing.prompts import prompt
from callsheet.writing.writer import ANSWER_KEPT_CHARACTERS, Writer

USUAL_DURATION = "between 10 and 25 seconds"
FINDINGS_AT_MOST = 20
FINDING_CHARACTERS = 600
LOG_CHARACTERS = 3000
# Width of a letter at font_size 32, measured over English and German sentences: 0.20 to 0.22 units, and in the typeface
# for code 0.27.
LETTER_UNITS = {FontName.INTER: 0.22, FontName.NOTO_SERIF: 0.22, FontName.JETBRAINS_MONO: 0.27}
_NAMED_COLOURS = ("background", "text", "muted", "accent")


async def write_scene(writing: SceneWriting, writer: Writer) -> Draft:
    """Have the scene's code written.

    Raises NothingWritten for an answer without code, and what `Writer.ask` raises.
    """
    return await _draft(writing, _brief(writing), "scene code, attempt 1", writer)


async def repair_scene(writing: SceneWriting, code: SceneCode, trouble: Trouble, writer: Writer, attempt: int) -> Draft:
    """Have `code` mended; `attempt` counts from 1 and the first writing, for people.

    What is sent: each finding once, with its line; the lines around it in their function; the end of the log; the
    whole source, once. The files beside the code stay with it. Raises as `write_scene` does.
    """
    draft = await _draft(writing, _repair(writing, code, trouble), f"scene code, attempt {attempt}", writer)
    return draft.model_copy(update={"code": draft.code.model_copy(update={"files": code.files})})


async def _draft(writing: SceneWriting, question: str, purpose: str, writer: Writer) -> Draft:
    answer = await writer.ask(purpose, scene_rules(writing), question)
    source = scene_source(answer.text)
    if source is None:
        reason = "its answer holds no Python code with a Manim scene"
        raise NothingWritten(purpose, reason, answer.text[:ANSWER_KEPT_CHARACTERS], answer.call)
    origin = Origin(kind=OriginKind.MODEL, maker=writer.model)
    code = SceneCode(scene_name=writing.name, class_name="", source=source, origin=origin, take=writing.take)
    return Draft(code=code, call=answer.call)


def scene_rules(writing: SceneWriting) -> str:
    """The instructions, the same for all scenes of a video: services charge less for a beginning that they know."""
    width, height = writing.profile.frame_units
    constants = _constants(writing)
    return prompt(
        "scene",
        manim_version=writing.stage.manim_version,
        constants=constants,
        width=_units(width),
        height=_units(height),
        half_width=_units(width / 2),
        half_height=_units(height / 2),
        line_characters=str(int((width - 1) / LETTER_UNITS[writing.look.font])),
        more_colours=_more_colours(writing.colours),
        mathematics=prompt(f"mathematics_{'latex' if writing.stage.has_latex else 'typst'}"),
        names=prompt("names", names=", ".join(writing.stage.names)) if writing.stage.names else "",
        example_search=prompt("example_search", constants=constants),
        example_slope=prompt("example_slope", constants=constants),
    )


def _constants(writing: SceneWriting) -> str:
    named = {name: writing.colours[name] for name in _NAMED_COLOURS}
    return prompt("constants", font=writing.look.font.family, **named)


def _units(length: float) -> str:
    return f"{length:.2f}".rstrip("0").rstrip(".")


def _more_colours(colours: dict[str, str]) -> str:
    more = [f'"{colour}" ({use})' for use, colour in colours.items() if use not in _NAMED_COLOURS]
    return f"; where more must be told apart, {', '.join(more)}" if more else ""


def _brief(writing: SceneWriting) -> str:
    context = prompt("context", context=writing.context) if writing.context else ""
    duration = f"about {writing.duration_s:g} seconds" if writing.duration_s else USUAL_DURATION
    files = prompt("files", files=", ".join(writing.files)) if writing.files else ""
    return prompt("brief", name=writing.name, duration=duration, prompt=writing.prompt, files=files, context=context)


def _repair(writing: SceneWriting, code: SceneCode, trouble: Trouble) -> str:
    findings = tuple(dict.fromkeys(trouble.findings))[:FINDINGS_AT_MOST]
    part = excerpt(code.source, (finding.line for finding in findings))
    log = trouble.log_tail.strip()[-LOG_CHARACTERS:]
    return prompt(
        "repair",
        name=writing.name,
        findings="\n".join(f"- {_sentence(finding)}" for finding in findings),
        place=prompt("repair_place", excerpt=part) if part else "",
        log=prompt("repair_log", log=log) if log else "",
        source=code.source.rstrip("\n"),
        brief=_brief(writing),
    )


def _sentence(finding: Finding) -> str:
    sentence = " ".join(str(finding).split())
    return sentence if len(sentence) <= FINDING_CHARACTERS else f"{sentence[:FINDING_CHARACTERS]}…"
