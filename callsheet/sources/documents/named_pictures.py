"""The pictures that a text names and does not hold: those in its folder or below it are taken along.

Nothing outside of the folder is taken, by whatever path or link. Each picture is read behind the fence, and comes back
as PNG with nothing but its pixels. A picture that can't be taken is named with the reason; it never stops a film.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote

from callsheet.fence.job import FenceLimits, Job, ResultRule
from callsheet.fence.running import Event, Reason, run
from callsheet.model.film.document import (
    MAX_NAME_CHARACTERS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    Document,
    FigureBlock,
)
from callsheet.sources.documents import picture_child
from callsheet.sources.documents.bundle import MAX_PATH_CHARACTERS
from callsheet.sources.documents.picture_child import result_file, source_file
from callsheet.sources.documents.prose_builder import one_line
from callsheet.sources.picture_files import file_at
from callsheet.threads import in_a_thread

PACKAGES = ("numpy", "pillow", "pydantic", "resvg-py")
"""What the reading of pictures imports; the rest follows from these."""
MAX_GIVEN_BYTES = 200_000_000
"""Of all files of pictures together."""
_SIGNS = re.compile(rb"!\[|<img\b|\b(?:image|figure)::|\"address\":", re.IGNORECASE)
"""What a text that names a picture has somewhere."""
_PACKED = (b"PK\x03\x04", b"%PDF")
"""Beginnings of documents that hold their pictures."""
_OF_THE_WEB = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_END_OF_PATH = re.compile(r"[?#]")
_NOT_GIVEN = "it was not given with the document"
_NO_PATH = "it is no path of a file"
_ABSOLUTE = "it is an absolute path; only pictures in the folder of the document or below it are taken"
_OUTSIDE = "it lies outside of the folder of the document"
_MISSING = "there is no such file"
_NO_FILE = "it is no ordinary file"
_UNREADABLE = "Callsheet may not read it"
_NOTED = 5
"""Pictures that a note names; it counts the others."""


@dataclass(frozen=True)
class NamedPictures:
    """Clean pictures by the addresses that a document names them by, and why others are left out."""

    files: Mapping[str, Path]
    left_out: Mapping[str, str]


def may_name_pictures(content: bytes) -> bool:
    """Return whether a file can be a text that names pictures; its text is not parsed for it."""
    # UTF-16 and UTF-32 are the same signs with zeros between.
    return not content.startswith(_PACKED) and _SIGNS.search(content.replace(b"\0", b"")) is not None


def local_addresses(document: Document) -> list[str]:
    """Return the addresses of pictures that the document does not hold, each once, without those of the web."""
    return list(dict.fromkeys(each for each in _addresses(document) if not _OF_THE_WEB.match(each)))


def picture_notes(document: Document, name: str, left_out: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence on the pictures that a document names and that are left out, and one on those of the web."""
    local = local_addresses(document)
    if local:
        noted = [f"“{each[:100]}” ({left_out.get(each) or _NOT_GIVEN})" for each in local[:_NOTED]]
        yield f"Pictures that “{name}” names are left out: {_listed(noted, len(local))}."
    web = list(dict.fromkeys(each for each in _addresses(document) if _OF_THE_WEB.match(each)))
    if web:
        noted = [f"“{each[:100]}”" for each in web[:1]]
        yield f"Callsheet does not fetch pictures that “{name}” names on the web: {_listed(noted, len(web))}."


def with_pictures(document: Document, pictures: Mapping[str, Path], digests: Mapping[str, str]) -> Document:
    """Return the document with pictures that it names: `digests` by their addresses, `pictures` by their digests."""

    def shown(block: FigureBlock) -> FigureBlock:
        digest = digests.get(block.address) if not block.digest else None
        if digest is None or digest not in pictures:
            return block
        media_type = "image/jpeg" if pictures[digest].suffix == ".jpg" else "image/png"
        return block.model_copy(update={"digest": digest, "media_type": media_type})

    blocks = tuple(shown(block) if isinstance(block, FigureBlock) else block for block in document.blocks)
    return document.model_copy(update={"blocks": blocks})


def find_pictures(document: Path, addresses: Iterable[str]) -> tuple[dict[str, Path], dict[str, str]]:
    """Return the files that addresses name in the folder of a document or below it, and why others name none."""
    folder = document.absolute().parent.resolve()
    found: dict[str, Path] = {}
    left_out: dict[str, str] = {}
    sizes: dict[Path, int] = {}
    for address in addresses:
        named = _file_of(folder, address)
        if isinstance(named, str):
            left_out[address] = named
            continue
        size = named.stat().st_size
        if size > MAX_PICTURE_BYTES:
            left_out[address] = f"it has more than {MAX_PICTURE_BYTES // 1_000_000} MB"
        elif len(found) >= MAX_PICTURES:
            left_out[address] = f"a document takes {MAX_PICTURES} pictures along"
        elif named not in sizes and sum(sizes.values()) + size > MAX_GIVEN_BYTES:
            left_out[address] = f"the pictures of a document may have {MAX_GIVEN_BYTES // 1_000_000} MB together"
        else:
            sizes[named] = size
            found[address] = named
    return found, left_out


async def take_pictures(document: Path, addresses: Sequence[str], folder: Path, limits: FenceLimits) -> NamedPictures:
    """Read the pictures that a document names by paths, and write them into `folder`, an empty scratch folder.

    Raises:
        SetupIncomplete: the fence can't be built on this machine.
        StageUnavailable: the process that reads did not begin.
    """
    found, left_out = await in_a_thread(find_pictures, document, addresses)
    files = list(dict.fromkeys(found.values()))
    if not files:
        return NamedPictures({}, left_out)
    given = {source_file(number): file for number, file in enumerate(files)}
    rules = {result_file(number): ResultRule(MAX_PICTURE_BYTES, b"\x89PNG\r\n\x1a\n") for number in range(len(files))}
    reasons: dict[int, str] = {}

    def listen(event: Event) -> None:
        if event["event"] == "left out" and isinstance(event.get("number"), int):
            reasons[event["number"]] = one_line(str(event.get("reason")))[:MAX_NAME_CHARACTERS]

    job = Job(picture_child.__name__, {"pictures": len(files)}, given, rules, PACKAGES)
    ending = await run(job, limits, folder, listen)
    ended = {
        Reason.TIMEOUT: f"the pictures of the document take more than {limits.timeout_s:g} seconds",
        Reason.MEMORY: f"reading it takes more than {limits.memory_mb:,} MB of memory",
    }.get(ending.reason, "it ends the program that reads it")
    taken = {file: folder / result_file(number) for number, file in enumerate(files)}
    taken = {file: path for file, path in taken.items() if path in ending.files}
    why = {file: reasons.get(number, ended) for number, file in enumerate(files)}
    left_out |= {address: why[file] for address, file in found.items() if file not in taken}
    return NamedPictures({address: taken[file] for address, file in found.items() if file in taken}, left_out)


def _addresses(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, FigureBlock) and not block.digest and block.address:
            yield block.address


def _listed(noted: Sequence[str], count: int) -> str:
    return ", ".join(noted) + (f" and {count - len(noted)} more" if count > len(noted) else "")


def _file_of(folder: Path, address: str) -> Path | str:
    """Return the file in `folder` or below it that an address names, or why it names none."""
    if len(address) > MAX_PATH_CHARACTERS:
        return f"its path has more than {MAX_PATH_CHARACTERS:,} characters"
    reason = _MISSING
    for spelling in _spellings(address):
        if problem := _problem_of_path(folder, spelling):
            return problem
        try:
            file = file_at(folder / spelling).resolve()
            kind = file.stat().st_mode
        except (OSError, ValueError, RuntimeError):  # no such file; a name with a zero; links that lead in a circle
            continue
        if not file.is_relative_to(folder):
            return _OUTSIDE
        if not stat.S_ISREG(kind):
            reason = _NO_FILE
        elif not os.access(file, os.R_OK):
            reason = _UNREADABLE
        else:
            return file
    return reason


def _problem_of_path(folder: Path, spelling: str) -> str:
    """Return why a path is not looked up; empty if it stays in the folder."""
    if PureWindowsPath(spelling).anchor or spelling.lower().startswith("file:"):
        return _ABSOLUTE
    if _SCHEME.match(spelling):
        return _NO_PATH
    return "" if Path(os.path.normpath(folder / spelling)).is_relative_to(folder) else _OUTSIDE


def _spellings(address: str) -> Iterable[str]:
    """Return what an address can mean: as it is, without what stands behind the path, decoded, by Windows' habit."""
    paths = (address, _END_OF_PATH.split(address, maxsplit=1)[0])
    decoded = [each for path in paths for each in (path, unquote(path)) if each.strip("./\\")]
    return dict.fromkeys([*decoded, *(each.replace("\\", "/") for each in decoded)])
