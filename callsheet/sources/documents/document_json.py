"""Reads a document that Callsheet has written as JSON, e.g. by `callsheet read --json`; people may have changed it."""

import json

from pydantic import TypeAdapter, ValidationError

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import Block
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.text_source import text_of_bytes

_BLOCK: TypeAdapter[Block] = TypeAdapter(Block)


def read(source: bytes, blocks: BlockList) -> None:
    """Add the blocks of a document. Pictures stay by their address; their bytes are not in it.

    Raises:
        InvalidRequest: it is no JSON, or has a block that is none.
    """
    try:
        given = json.loads(text_of_bytes(source))
    except ValueError as error:
        raise InvalidRequest(f"it is no valid JSON: {error}") from None
    blocks.title, language = str(given.get("title") or ""), given.get("language")
    blocks.language = language if isinstance(language, str) else None
    for number, block in enumerate(given["blocks"], start=1):
        if isinstance(block, dict):  # a picture is not at hand, so its digest means nothing
            block.pop("digest", None)
            block.pop("media_type", None)
        try:
            blocks.add(_BLOCK.validate_python(block))
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            name = ".".join(map(str, problem["loc"])) or "it"
            raise InvalidRequest(f"block {number} is not one that Callsheet writes: {name}: {problem['msg']}") from None
