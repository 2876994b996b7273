"""Text of a document in whatever encoding it was written."""

import re

from charset_normalizer import from_bytes

from callsheet.errors import InvalidRequest
from callsheet.sources.text_files import decoded

MAX_TEXT_BYTES = 8_000_000
_SAMPLED_BYTES = 200_000
_NO_TEXT = (
    "it is no text, and no kind of document that is read; "
    "save it as plain text, Markdown, HTML, PDF, DOCX, ODT, EPUB or PPTX"
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def text_of_bytes(content: bytes) -> str:
    """Return the text, its lines ended by a line feed.

    UTF-8, and UTF-16 and UTF-32 with their mark, are read as such. The encoding of anything else is guessed.

    Raises:
        InvalidRequest: it is no text, or too much of it.
    """
    if len(content) > MAX_TEXT_BYTES:
        raise InvalidRequest(f"it is text of more than {MAX_TEXT_BYTES // 1_000_000} MB; give a part of it")
    try:
        text = decoded(content, "it")
    except InvalidRequest:
        text = _guessed(content)
    if "\0" in text:
        raise InvalidRequest(_NO_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(content: bytes) -> str:
    sample = content[:_SAMPLED_BYTES]
    best = None
    if len(_CONTROL.findall(sample)) <= len(sample) // 1000:
        best = from_bytes(sample, threshold=0.3).best()
    if best is None:
        raise InvalidRequest(_NO_TEXT)
    return content.decode(best.encoding, "replace")
