"""Templates of other packages: a content model each, which names its scene class.

Nothing is imported here that imports Manim: the module of the model must not, either.
"""

from functools import cache
from typing import Any

from callsheet.errors import PluginUnusable
from callsheet.model.content.base import Content, TemplateName
from callsheet.plugins import Plugin, PluginKind, plugin_named, plugins_of

EDITABLE = "is installed with `-e`, and the fence shows no such package: install it without"


@cache
def template_plugin(name: str) -> Plugin | None:
    """Return the plug-in behind a template; None for a template of ours."""
    return None if name in set(TemplateName) else plugin_named(PluginKind.TEMPLATE, name)


@cache
def plugin_content(plugin: Plugin) -> type[Content]:
    """Return the content model of a plug-in's template.

    Raises:
        PluginUnusable: its name is one of ours, it can't be imported, or it is no content model with a scene.
    """

    def check(found: Any) -> type[Content]:
        if plugin.name in set(TemplateName):
            raise ValueError(f"Callsheet has a template “{plugin.name}”")
        if plugin.is_editable:
            raise ValueError(f"it {EDITABLE}")
        if not (isinstance(found, type) and issubclass(found, Content)):
            raise ValueError(f"{plugin.target} must be a subclass of callsheet.model.content.Content")
        module, colon, name = found.SCENE.partition(":")
        if not (colon and module and name.isidentifier() and getattr(found, "SUMMARY", "")):
            raise ValueError(f"{found.__name__} needs SUMMARY, and SCENE as “package.module:SceneClass”")
        found.example()
        return found

    return plugin.load(check)


def plugin_contents() -> dict[TemplateName, type[Content]]:
    """Return the content models of all plug-ins that can be used."""
    found = {}
    for plugin in plugins_of(PluginKind.TEMPLATE):
        try:
            model = plugin_content(plugin)
        except PluginUnusable:
            continue  # `callsheet doctor` says why
        found[TemplateName(plugin.name)] = model
    return found
