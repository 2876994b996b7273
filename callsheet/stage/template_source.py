"""The source of a real Manim scene, from a template and its content.

Pure text: Manim is not imported here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat

from callsheet.errors import SceneRejected
from callsheet.model.content import Content, TemplateName, compositions, template_of, template_plugin
from callsheet.model.film.look import Look
from callsheet.model.film.narration import WordTime
from callsheet.model.film.scenes import Origin, OriginKind, SceneCode
from callsheet.model.film.speech_plan import SceneSpeech
from callsheet.stage.content_pictures import check_logo, check_pictures, with_logo_by_name, with_pictures_by_name
from callsheet.stage.kit.mathematics import check_mathematics
from callsheet.stage.templates import module_name, scene_class_name

OUR_MODELS = "callsheet.model.content"
_LONGEST_NAME = 40
_SPEECH_IMPORT = "from callsheet.model.film.speech_plan import SceneSpeech\n"

_SOURCE = '''"""{title}, from the template {maker}. To see it: manim -ql FILE {class_name}"""

from {model_module} import {model}
from callsheet.model.film.look import Look
{speech_import}from {module} import {base}


class {class_name}({base}):
    """The scene; what it shows is all in its content."""

    content = {model}.model_validate(
{content}
    )
    look = Look.model_validate({look})
{composition}{speech}'''


@dataclass(frozen=True)
class Filled:
    """The code of a scene, and where the files that it opens lie on this machine, by its names for them."""

    code: SceneCode
    files: Mapping[str, Path]


def fill_template(
    brief_name: str, content: Content, look: Look, speech: SceneSpeech | None = None, composition: str = ""
) -> Filled:
    """Return the scene that shows `content` in `look`, at the times of `speech` if it is spoken.

    It has this `composition`, or the one that suits the content best. Its place in the video is no part of it: a scene
    that only moves keeps its source, and so its clip.

    Raises:
        SceneRejected: a formula in it has no meaning, or its picture can't be read.
    """
    if findings := (*check_mathematics(content), *check_pictures(content), *check_logo(look)):
        raise SceneRejected(brief_name, findings)
    content, files = with_pictures_by_name(content)
    look, logo = with_logo_by_name(look)
    return Filled(_code(brief_name, content, look, speech, composition), {**files, **logo})


def _code(brief_name: str, content: Content, look: Look, speech: SceneSpeech | None, composition: str) -> SceneCode:
    template = template_of(content)
    plugin = template_plugin(template)
    class_name = _class_name(brief_name, template)
    written = pformat(content.model_dump(mode="json", exclude_defaults=True), width=100, sort_dicts=False)
    # The name of the look is not shown, and its opening and close are separate scenes.
    shown = look.model_dump(mode="json", exclude_none=True, exclude={"name": True, "brand": {"intro", "outro"}})
    source = _SOURCE.format(
        title=ascii(brief_name).replace("\\", "/").replace('"', "'"),
        # A new version of a plug-in is another source, and so another clip.
        maker=f"{template} of {plugin.package} {plugin.version}" if plugin else template,
        model_module=type(content).__module__ if plugin else OUR_MODELS,
        class_name=class_name,
        model=type(content).__name__,
        module=module_name(template),
        base=scene_class_name(template),
        content="\n".join(f"        {line}" for line in written.split("\n")),
        look=pformat(shown, sort_dicts=False),
        composition=f'    composition = "{composition}"\n' if composition in compositions(content) else "",
        speech_import=_SPEECH_IMPORT if speech else "",
        speech=_written_speech(speech) if speech else "",
    )
    return SceneCode(scene_name=brief_name, class_name=class_name, source=source, origin=_origin(template))


def _written_speech(speech: SceneSpeech) -> str:
    """Return the speech as source: the times of its lines and of their words, which enter as they are heard."""
    lines = [
        {
            "at": line.at,
            "start_s": line.start_s,
            "end_s": line.end_s,
            **({"words": [_written_word(word) for word in line.words]} if line.words else {}),
        }
        for line in speech.lines
    ]
    times = {"lines": lines, "duration_s": speech.duration_s}
    written = pformat(times, width=120, sort_dicts=False).replace("\n", "\n        ")
    return f"    speech = SceneSpeech.model_validate(\n        {written}\n    )\n"


def _written_word(word: WordTime) -> dict[str, object]:
    """Return a word and its times, to the millisecond."""
    return {**word.model_dump(), "start_s": round(word.start_s, 3), "end_s": round(word.end_s, 3)}


def _class_name(brief_name: str, template: TemplateName) -> str:
    """Return e.g. SceneIntroduction for “Introduction”: letters and digits of ASCII.

    If none are left, the template's name takes their place.
    """
    latin = unicodedata.normalize("NFKD", brief_name).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", latin) or template.split("-")
    return "Scene" + "".join(word[0].upper() + word[1:] for word in words)[:_LONGEST_NAME]


def _origin(template: TemplateName) -> Origin:
    kind = OriginKind.PLACEHOLDER if template is TemplateName.PLACEHOLDER else OriginKind.TEMPLATE
    return Origin(kind=kind, maker=template)
