"""The inner side of `document_reader`: runs behind the fence, parses one document, and tells what is in it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from callsheet.errors import InvalidRequest
from callsheet.fence.protocol import Outbox
from callsheet.model.film.document import DocumentKind, HeadingBlock
from callsheet.model.film.language import language_of
from callsheet.sources.documents.block_list import PICTURE_SUFFIXES, BlockList, NamesFiles, PictureType
from callsheet.sources.documents.bundle import Bundle, is_bundle, read_bundle
from callsheet.sources.documents.first_bytes import kind_of, reader_of

SOURCE_FILE = "source"
RESULT_FILE = "document.json"
_PICTURES = Path("pictures")
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7a3"),
    ("zh", "\u4e00", "\u9fff"),
    ("hi", "\u0900", "\u097f"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("el", "\u0370", "\u03ff"),
    ("th", "\u0e00", "\u0e7f"),
)
_NEAR_THE_TOP = 4
"""Blocks among which a heading is the title: pictures and links may stand above it."""
_SAMPLED_CHARACTERS = 20_000
_SHARE = 0.2
"""Of the letters, that must be of a script for it to tell the language."""


def picture_file(number: int, media_type: PictureType) -> str:
    """Return the name under which a picture leaves the fence."""
    return f"picture-{number}{PICTURE_SUFFIXES[media_type]}"


def main(order: dict[str, Any], outbox: Outbox) -> int:
    """Return 0: whether the document can be read is told."""
    _PICTURES.mkdir(exist_ok=True)
    blocks = BlockList(
        _PICTURES, address=order["address"], on_progress=lambda number: outbox.say("read", blocks=number)
    )
    blocks.beside = {name: Path(file).read_bytes() for name, file in order["beside"].items()}
    content = Path(SOURCE_FILE).read_bytes()
    kind: DocumentKind | None = None
    bundle = Bundle(content, {}, {})
    try:
        bundle = read_bundle(content) if is_bundle(content) else bundle
        content = bundle.document
        kind = DocumentKind(order["kind"]) if order.get("kind") else kind_of(content)
        outbox.say("kind", kind=kind.value)
        reader_of(kind)(content, blocks)
    except NamesFiles as error:
        sentence = f"it is a list of other files ({', '.join(error.args)[:200]}); give one of them"
        outbox.say("names files", names=error.args, sentence=sentence)
        return 0
    except InvalidRequest as error:
        outbox.say("refused", sentence=str(error.args[0]))
        return 0
    except RecursionError:
        outbox.say("refused", sentence="parts of it are nested too deep; write it flatter")
        return 0
    except MemoryError:
        outbox.say("refused", sentence="reading it takes too much memory; give a part of it")
        return 0
    except Exception as error:  # whatever a damaged file makes a library raise
        outbox.say("damaged", error=f"{type(error).__name__}: {error}"[:500])
        return 0
    _keep_pictures(bundle, blocks, outbox)
    _send(kind, blocks, outbox)
    return 0


def _keep_pictures(bundle: Bundle, blocks: BlockList, outbox: Outbox) -> None:
    """Keep the pictures of a bundle. Tell the digest of each by its address, and that of the document."""
    kept = {address: blocks.keep_picture(content) for address, content in bundle.pictures.items()}
    if kept or bundle.left_out:
        digests = {address: digest for address, digest in kept.items() if digest}
        source = hashlib.sha256(bundle.document).hexdigest()
        outbox.say("bundle", source=source, digests=digests, left_out=dict(bundle.left_out))


def _send(kind: DocumentKind, blocks: BlockList, outbox: Outbox) -> None:
    if not blocks.blocks:
        outbox.say("refused", sentence="there is nothing in it to explain; give a document with text")
        return
    headings = (block.prose.text for block in blocks.blocks[:_NEAR_THE_TOP] if isinstance(block, HeadingBlock))
    document = {
        "title": (blocks.title or next(headings, "")),
        "language": blocks.language or _language_of(blocks),
        "kind": kind.value,
        "blocks": [
            block.model_dump(mode="json", exclude_defaults=True) | {"kind": block.kind} for block in blocks.blocks
        ],
        "omissions": [omission.model_dump(mode="json") for omission in blocks.omissions],
    }
    result = Path(RESULT_FILE)
    result.write_text(json.dumps(document), encoding="utf-8")
    for number, (digest, media_type) in enumerate(blocks.pictures.items()):
        outbox.send(picture_file(number, media_type), _PICTURES / digest)
    outbox.send(RESULT_FILE, result)
    outbox.say("done")


def _language_of(blocks: BlockList) -> str | None:
    """Return the language that letters and small words tell."""
    texts: list[str] = []
    for block in blocks.blocks:
        if block.kind in {"heading", "paragraph", "list", "quote", "narration", "table"}:
            texts += block.texts()
        if sum(map(len, texts)) > _SAMPLED_CHARACTERS:
            break
    letters = [sign for text in texts for sign in text if sign.isalpha()][:_SAMPLED_CHARACTERS]
    for language, first, last in _SCRIPTS:
        if letters and sum(first <= sign <= last for sign in letters) >= _SHARE * len(letters):
            return language
    found = language_of(texts)
    return found.value if found is not None else None
