"""Names of ours that other packages add to: a plug-in's name is taken wherever one of ours is."""

from enum import StrEnum
from typing import Self

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from callsheet.plugins import PluginKind, plugin_named, plugins_of


class OpenName(StrEnum):
    """The base of such names.

    The members are Callsheet's own, and iterating gives these alone. Another name is looked for among the plug-ins when
    it is asked for; so requests without one never look.
    """

    @classmethod
    def brought_by(cls) -> PluginKind:
        """Return which plug-ins add names."""
        raise NotImplementedError

    @classmethod
    def all_names(cls) -> tuple[Self, ...]:
        """Return ours, then those of plug-ins."""
        theirs = (cls(plugin.name) for plugin in plugins_of(cls.brought_by()))
        return tuple(dict.fromkeys((*cls, *theirs)))

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or plugin_named(cls.brought_by(), value) is None:
            return None
        name = str.__new__(cls, value)
        name._name_, name._value_ = value.upper().replace("-", "_"), value
        known: Self = cls._value2member_map_.setdefault(value, name)  # type: ignore[assignment]
        return known

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe every name that is taken: a server refuses what its form does not list."""
        described = handler(schema)
        handler.resolve_ref_schema(described)["enum"] = [name.value for name in cls.all_names()]
        return described
