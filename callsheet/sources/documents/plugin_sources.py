"""Formats of documents that other packages read. They are read behind the fence, as ours are."""

import sys
from functools import cache
from typing import Any, Protocol, cast

from callsheet.errors import InvalidRequest, PluginUnusable
from callsheet.model.content.plugin_templates import EDITABLE
from callsheet.model.film.document import DocumentKind
from callsheet.plugins import Plugin, PluginKind, plugin_named, plugins_of
from callsheet.sources.documents.block_list import BlockList


class PluginReader(Protocol):
    """Reads one format. A module with these two functions is one."""

    def recognises(self, beginning: bytes) -> bool:
        """Return whether a document is of this format, by its first 4,096 bytes."""

    def read(self, source: bytes, blocks: BlockList) -> None:
        """Add the document's blocks, in reading order. An InvalidRequest says what is wrong with the document."""


@cache
def plugin_reader(plugin: Plugin) -> PluginReader:
    """Return the reader of a plug-in.

    Raises:
        PluginUnusable: its name is one of ours, it can't be imported, or it is no reader.
    """

    def check(found: Any) -> PluginReader:
        if plugin.name in set(DocumentKind):
            raise ValueError(f"Callsheet reads a format “{plugin.name}”")
        if plugin.is_editable:
            raise ValueError(f"it {EDITABLE}")
        if not all(callable(getattr(found, each, None)) for each in ("recognises", "read")):
            raise ValueError(f"{plugin.target} needs the functions `recognises` and `read`")
        return cast("PluginReader", found)

    return plugin.load(check)


def reading_plugin(beginning: bytes) -> DocumentKind | None:
    """Return the format of a document that a plug-in recognises; None if none does.

    A plug-in that fails here is passed over: other documents are none of its business.
    """
    for plugin in plugins_of(PluginKind.SOURCE):
        try:
            if plugin_reader(plugin).recognises(beginning):
                return DocumentKind(plugin.name)
        except PluginUnusable as error:
            print(error, file=sys.stderr)  # noqa: T201 - the log of the process behind the fence
        except Exception as error:  # whatever code of another package raises
            print(f"The {plugin} failed: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
    return None


def reader_by_plugin(kind: DocumentKind) -> PluginReader | None:
    """Return the reader of a format that a plug-in brings; None for a format of ours.

    Raises:
        InvalidRequest: the plug-in can't be used.
    """
    plugin = plugin_named(PluginKind.SOURCE, kind)
    try:
        return plugin_reader(plugin) if plugin else None
    except PluginUnusable as error:
        raise InvalidRequest(f"the {error.plugin} {error.reason}") from error


def reader_packages() -> tuple[str, ...]:
    """Return the packages that bring formats."""
    return tuple(dict.fromkeys(plugin.package for plugin in plugins_of(PluginKind.SOURCE)))
