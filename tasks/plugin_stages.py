"""Stages of other packages: one after the storyboard is written, another after the film is published.

Each is one function of a package that a person has installed on this machine. It runs in the worker, not behind the
fence.
"""

from typing import Any

from callsheet.errors import CallsheetError, PluginUnusable
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.run.manifest import Manifest
from callsheet.model.run.writing import WrittenStoryboard
from callsheet.plugins import Plugin, PluginKind, checked_stage, plugin_named, plugins_of
from callsheet.threads import in_a_thread
from tasks import policies
from tasks.step import step


async def with_stages(written: WrittenStoryboard) -> WrittenStoryboard:
    """Return the storyboard as the storyboard stages change it, one after the other, by their names.

    Raises:
        PluginUnusable: a stage can't be loaded, fails, or returns no storyboard.
    """
    storyboard = written.storyboard
    for plugin in plugins_of(PluginKind.STORYBOARD_STAGE):
        storyboard = await _change_storyboard(plugin.name, plugin.package, plugin.version, storyboard)
    return written.model_copy(update={"storyboard": storyboard})


async def run_film_stages(manifest: Manifest) -> None:
    """Run the film stages, one after the other, by their names.

    Raises:
        PluginUnusable: a stage can't be loaded, or fails. The film is published in any case.
    """
    for plugin in plugins_of(PluginKind.FILM_STAGE):
        await _take_film(plugin.name, manifest)


@step(policies.CHANGING_STORYBOARD, name="storyboard-stage", run_name="storyboard-stage {name}")
async def _change_storyboard(name: str, package: str, version: str, storyboard: Storyboard) -> Storyboard:
    """Run one stage. Its package and version are inputs, so another version runs again."""
    plugin = _installed(PluginKind.STORYBOARD_STAGE, name)
    changed = await _run(plugin, storyboard)
    if not isinstance(changed, Storyboard):
        raise PluginUnusable(str(plugin), f"failed: it returned {type(changed).__name__}, and no Storyboard")
    return Storyboard.model_validate(changed.model_dump(mode="json", exclude_unset=True))


@step(policies.TAKING_FILM, name="film-stage", run_name="film-stage {name}")
async def _take_film(name: str, manifest: Manifest) -> None:
    await _run(_installed(PluginKind.FILM_STAGE, name), manifest)


def _installed(kind: PluginKind, name: str) -> Plugin:
    plugin = plugin_named(kind, name)
    if plugin is None:
        raise PluginUnusable(f"{kind.in_words} “{name}”", "is not installed any more")
    return plugin


async def _run(plugin: Plugin, value: Any) -> Any:
    try:
        return await in_a_thread(plugin.load(checked_stage), value)
    except CallsheetError:
        raise
    except Exception as error:  # whatever code of another package raises
        raise PluginUnusable(str(plugin), f"failed: {type(error).__name__}: {error}") from error
