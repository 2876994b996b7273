"""The inner side of `screenplay_reader`: runs behind the fence, parses one screenplay, and tells what is in it."""

import json
import re
from pathlib import Path
from typing import Any

from callsheet.errors import InvalidRequest
from callsheet.fence.protocol import Outbox
from callsheet.model.film.document import DocumentKind
from callsheet.model.film.screenplay import ScreenplayFormat
from callsheet.sources.documents.first_bytes import kind_of
from callsheet.sources.documents.text_source import text_of_bytes
from callsheet.sources.screenplays.script_builder import ScriptBuilder

SOURCE_FILE = "source"
RESULT_FILE = "screenplay.json"
_SNIFFED_BYTES = 4096
_TEXTS = {
    DocumentKind.PLAIN_TEXT,
    DocumentKind.MARKDOWN,
    DocumentKind.RESTRUCTURED_TEXT,
    DocumentKind.VIDEO_PLAN,
}
_FOUNTAIN_SIGNS = re.compile(r"\[\[|/\*|\A\s*title:|^ *@\w|^ *\.\w[^.\n]*$", re.MULTILINE | re.IGNORECASE)
_INDENTED_CUE = re.compile(r"^(?P<cue>(?: {12,60}|\t{2,6})[^a-z\s][^a-z\n]{0,50})\n(?: {5,50}|\t{1,5})\S", re.MULTILINE)


def main(order: dict[str, Any], outbox: Outbox) -> int:
    """Return 0: whether the screenplay can be read is told."""
    script = ScriptBuilder(on_progress=lambda number: outbox.say("read", parts=number))
    try:
        kind = read(Path(SOURCE_FILE).read_bytes(), script)
    except InvalidRequest as error:
        outbox.say("refused", sentence=str(error.args[0]))
        return 0
    except (MemoryError, RecursionError):
        outbox.say("refused", sentence="reading it takes too much memory; give a part of it")
        return 0
    except Exception as error:  # whatever a damaged file makes a library raise
        outbox.say("damaged", error=f"{type(error).__name__}: {error}"[:500])
        return 0
    screenplay = {
        "kind": kind.value,
        "title_page": [each.model_dump(mode="json") for each in script.title_page],
        "parts": [part.model_dump(mode="json") for part in script.parts],
        "left_out": [each.model_dump(mode="json") for each in script.left_out],
        "source_words": script.source_words,
    }
    result = Path(RESULT_FILE)
    result.write_text(json.dumps(screenplay), encoding="utf-8")
    outbox.send(RESULT_FILE, result)
    outbox.say("done")
    return 0


def read(content: bytes, script: ScriptBuilder) -> ScreenplayFormat:
    """Add what a screenplay holds, and return its format.

    Raises:
        InvalidRequest: it is no screenplay; the sentence says what to do.
    """
    beginning = content[:_SNIFFED_BYTES]
    if b"<FinalDraft" in beginning:
        from callsheet.sources.screenplays import final_draft

        final_draft.read(content, script)
        kind = ScreenplayFormat.FINAL_DRAFT
    elif b"%PDF-" in beginning[:1024]:
        from callsheet.sources.screenplays import typed_pdf

        typed_pdf.read(content, script)
        kind = ScreenplayFormat.PDF
    else:
        kind = _read_text(content, script)
    if not any(part.kind in {"heading", "character"} for part in script.parts):
        raise InvalidRequest(
            "there is no scene and no speech in it; begin scenes with INT. or EXT., and write names in capitals above "
            "what they say"
        )
    return kind


def _read_text(content: bytes, script: ScriptBuilder) -> ScreenplayFormat:
    kind = kind_of(content)
    if kind not in _TEXTS:
        raise InvalidRequest(f"it is a document ({kind.value}); export the screenplay as Fountain, FDX or PDF")
    text = text_of_bytes(content)
    if _INDENTED_CUE.search(text) and not _FOUNTAIN_SIGNS.search(text):
        from callsheet.sources.screenplays import typed_page

        typed_page.read(text, script)
        return ScreenplayFormat.PLAIN_TEXT
    from callsheet.sources.screenplays import fountain

    fountain.read(text, script)
    return ScreenplayFormat.FOUNTAIN
