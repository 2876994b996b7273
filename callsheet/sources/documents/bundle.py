"""A document and the pictures that it names, as one file: a run on another machine reads it from the store.

A bundle is a zip file. The same document with the same pictures always has the same bytes, and so the same key.

    mimetype         what the file is, first and not compressed
    bundle.json      the picture of each address, and why others are left out
    document         the document as it was given
    pictures/…       each picture once, by its digest
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import MAX_NAME_CHARACTERS, MAX_PICTURE_BYTES, MAX_PICTURES, MAX_SOURCE_BYTES
from callsheet.sources.documents.prose_builder import one_line
from callsheet.sources.documents.zip_parts import ZipParts

MAX_PATH_CHARACTERS = 1000
"""Of the address of a picture; a letter of Chinese takes nine, as addresses spell it."""
MIMETYPE = b"application/x-callsheet-document+zip"
_MIMETYPE, _CONTENTS, _DOCUMENT = "mimetype", "bundle.json", "document"
_BEGINNING_BYTES = 30
"""Of a zip file, before the name of its first part."""
_MAX_CONTENTS_BYTES = 1_000_000
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name: the same for each part."""
_PLAIN_FILE = 0o644 << 16
_DAMAGED = "it is a document with pictures that Callsheet has stored, and is damaged; give the document again"


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds. `left_out` says why a picture is not in it, by its address."""

    document: bytes
    pictures: Mapping[str, bytes]
    """The pictures by the addresses that the document names them by."""
    left_out: Mapping[str, str]


def write_bundle(target: Path, document: Path, pictures: Mapping[str, Path], left_out: Mapping[str, str]) -> None:
    """Write a document and its pictures, by their addresses, into `target`.

    Of the pictures that are left out, the first are named, as many as a document may have.
    """
    files = {address: path.read_bytes() for address, path in pictures.items()}
    names = {address: f"pictures/{hashlib.sha256(content).hexdigest()}" for address, content in files.items()}
    reasons = [each for each in left_out.items() if len(each[0]) <= MAX_PATH_CHARACTERS][:MAX_PICTURES]
    contents = json.dumps({"pictures": names, "left_out": dict(reasons)}, sort_keys=True, ensure_ascii=False)
    parts = [(_MIMETYPE, MIMETYPE), (_CONTENTS, contents.encode()), (_DOCUMENT, document.read_bytes())]
    parts += sorted({names[address]: content for address, content in files.items()}.items())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system, info.external_attr = 3, _PLAIN_FILE
            archive.writestr(info, content)


def is_bundle(content: bytes) -> bool:
    """Return whether a file begins as a bundle does."""
    begins = _MIMETYPE.encode() + MIMETYPE
    return content.startswith(b"PK\x03\x04") and content[_BEGINNING_BYTES:].startswith(begins)


def read_bundle(content: bytes) -> Bundle:
    """Return what a bundle holds. A picture that is missing in it is missing in the answer, too.

    Raises:
        InvalidRequest: it is damaged.
    """
    parts = ZipParts(content)
    if _DOCUMENT not in parts.names:
        raise InvalidRequest(_DAMAGED)
    try:
        contents = json.loads(parts.read(_CONTENTS, _MAX_CONTENTS_BYTES))
        names, left_out = (_texts(contents[field]) for field in ("pictures", "left_out"))
    except (ValueError, TypeError, LookupError, RecursionError):
        raise InvalidRequest(_DAMAGED) from None
    sizes = {name: parts.sizes.get(name, 0) for name in names.values()}
    files = {name: parts.read(name, MAX_PICTURE_BYTES) for name, size in sizes.items() if 0 < size <= MAX_PICTURE_BYTES}
    return Bundle(
        parts.read(_DOCUMENT, MAX_SOURCE_BYTES),
        {address: files[name] for address, name in names.items() if name in files},
        {address: one_line(reason)[:MAX_NAME_CHARACTERS] for address, reason in left_out.items()},
    )


def _texts(fields: object) -> dict[str, str]:
    """Return fields by addresses. Raises TypeError if they are none, or more than a document may have."""
    if not isinstance(fields, dict) or not all(isinstance(each, str) for each in fields.values()):
        raise TypeError
    if len(fields) > MAX_PICTURES or any(len(address) > MAX_PATH_CHARACTERS for address in fields):
        raise TypeError
    return fields
