"""Plug-ins: a scene kind, a format, a voice and stages of a package outside of Callsheet."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from typer.testing import CliRunner

from callsheet.cli import checks
from callsheet.cli.main import app
from callsheet.errors import InvalidRequest, PluginUnusable
from callsheet.fence.job import FenceLimits
from callsheet.model.content import CONTENT_MODELS, TemplateName, content_model, content_models, template_of
from callsheet.model.film.document import DocumentKind
from callsheet.model.film.look import Look
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.requests.storyboard import Storyboard
from callsheet.model.requests.video import SceneBrief
from callsheet.plugins import PluginKind, all_plugins, plugins_of
from callsheet.settings import Settings
from callsheet.sources.documents.document_reader import read_document
from callsheet.sources.request_files import load_request
from callsheet.speech.catalogue import voice_catalogue
from callsheet.speech.narrator import open_narrator
from callsheet.stage.template_lengths import expected_s
from callsheet.stage.template_source import fill_template
from tasks.plugin_stages import _change_storyboard
from tests.plugin_packages import EXAMPLE, installed, write_example, write_package

SIGNPOST = {"place": "The mill", "ways": [{"to": "The lake", "minutes": 25}]}
HIKE = EXAMPLE / "around_the_lake.trail"


@pytest.fixture
def example(tmp_path: Path) -> Iterator[None]:
    """The package of examples/plugins, installed."""
    write_example(tmp_path / "site")
    with installed(tmp_path / "site"):
        yield


def storyboard() -> Storyboard:
    """A storyboard of one scene."""
    line = {"text": "The Moon pulls.", "at": "title"}
    scene = {"name": "Moon", "template": "title", "content": {"title": "Moon"}, "narration": [line]}
    return Storyboard.model_validate({"title": "Moon", "scenes": [scene]})


async def changed(plugin_name: str, given: Storyboard) -> Storyboard:
    """What a storyboard stage makes of a storyboard."""
    [plugin] = [each for each in plugins_of(PluginKind.STORYBOARD_STAGE) if each.name == plugin_name]
    return await _change_storyboard.task.fn(plugin.name, plugin.package, plugin.version, given)


def test_a_package_brings_one_plugin_of_each_kind(example):
    """Its entry points are found, with its version, and the doctor lists them."""
    found = {plugin.kind: f"{plugin.name} {plugin.package} {plugin.version}" for plugin in all_plugins()}
    assert set(found) == set(PluginKind)
    assert found[PluginKind.TEMPLATE] == "signpost callsheet-trail 0.1.0"
    assert [checks._plugin(plugin).state for plugin in all_plugins()] == ["ok"] * len(PluginKind)
    assert checks._plugin(all_plugins()[0]).found == "a template of callsheet-trail 0.1.0"


def test_a_scene_kind_of_a_package_is_a_template_like_ours(example, tmp_path: Path):
    """Request files are checked with its content model, forms and commands list it, and iterating gives ours alone."""
    file = tmp_path / "film.yaml"
    content = "    place: The mill\n    ways: [{to: Lake, minutes: %s}]\n"
    film = f"title: Hike\nscenes:\n- name: Post\n  template: signpost\n  content:\n{content}"
    file.write_text(film % 25, encoding="utf-8")
    content = load_request(file).scenes[0].filled()
    assert (template_of(content), expected_s(content) > 2) == (TemplateName("signpost"), True)
    file.write_text(film % "soon", encoding="utf-8")
    with pytest.raises(InvalidRequest, match=r"ways.0.minutes.*must be a whole number"):
        load_request(file)
    assert "signpost" in SceneBrief.model_json_schema()["$defs"]["TemplateName"]["enum"]
    assert "A signpost: a place" in CliRunner().invoke(app, ["templates"]).stdout
    assert "signpost" not in {*TemplateName, *CONTENT_MODELS}


def test_a_new_version_of_a_package_is_another_scene(tmp_path: Path):
    """The source of a scene names the package and its version: it is the key of the kept clip."""
    sources = []
    for version in ("0.1.0", "0.2.0"):
        write_example(tmp_path / version, version)
        with installed(tmp_path / version):
            content = content_model(TemplateName("signpost")).model_validate(SIGNPOST)
            sources.append(fill_template("Post", content, Look()).code.source)
    assert "from the template signpost of callsheet-trail 0.1.0." in sources[0]
    assert "from callsheet_trail.scene import SignpostScene" in sources[0]
    assert sources[1] == sources[0].replace("0.1.0", "0.2.0")


async def test_a_format_of_a_package_is_read_behind_the_fence(example, tmp_path: Path):
    """Its own first bytes tell it, and what it refuses is one sentence."""
    limits = FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots")
    opened = await read_document(HIKE, HIKE.name, Path(mkdtemp(dir=tmp_path)), limits)
    assert (opened.document.kind, opened.document.title) == (DocumentKind("trail"), "Around the lake")
    assert [block.kind for block in opened.document.blocks][:3] == ["heading", "paragraph", "paragraph"]
    wrong = tmp_path / "wrong.trail"
    wrong.write_text("#trail Wrong\n10 The mill\n", encoding="utf-8")
    with pytest.raises(InvalidRequest, match="line 2 is no place"):
        await read_document(wrong, wrong.name, Path(mkdtemp(dir=tmp_path)), limits)


def test_a_voice_of_a_package_speaks(example, tmp_path: Path):
    """It is in the catalogue under its name, its words have times, and its version is in the key of the sentence."""
    assert voice_catalogue().voice("tap", "de").provider == "tap"
    narrator = open_narrator(Settings(home=tmp_path))
    choice = VoiceChoice(voice="tap")
    spoken = asyncio.run(narrator.speak("The mill has turned.", "en", choice, tmp_path / "out.wav"))
    assert (spoken.voice.name, len(spoken.words), spoken.passed_over) == ("tap", 4, ())
    digest = narrator._providers["tap"].digest(voice_catalogue().voice("tap", "en"))
    assert digest.startswith("callsheet-trail 0.1.0 ")


def test_a_voice_of_a_package_may_fail_and_the_film_may_not(tmp_path: Path):
    """The next voice speaks, and the sentence says why."""
    source = (EXAMPLE / "callsheet_trail/voice.py").read_text(encoding="utf-8")
    modules = {"hoarse": source.replace("word_s, gap_s = ", "raise OSError('no breath')\n        word_s, gap_s = ")}
    points = {"callsheet.voices": {"hoarse": "hoarse:TapVoice"}}
    write_package(tmp_path / "site", "callsheet-hoarse", "1.0", points, modules)
    with installed(tmp_path / "site"):
        choice = VoiceChoice(voice="tap", next_voices=("espeak-en-gb",))
        narrator = open_narrator(Settings(home=tmp_path))
        spoken = asyncio.run(narrator.speak("The mill.", "en", choice, tmp_path / "out.wav"))
    assert spoken.voice.provider == "espeak"
    assert "voice “hoarse” of callsheet-hoarse 1.0 failed: OSError: no breath" in spoken.passed_over[0]


async def test_a_stage_of_a_package_changes_the_storyboard(example):
    """It gets the storyboard as a value and returns another one, with a scene of its package's kind."""
    longer = await changed("trail-end", storyboard())
    assert [scene.template for scene in longer.scenes] == ["title", "signpost"]
    assert longer.briefs()[1].filled() == content_models()[TemplateName("signpost")].model_validate(
        {"place": "Moon", "ways": [{"to": "Home", "minutes": 5}]}
    )


FAULTS = {
    "names that are ours": ("callsheet.templates", "title", "faulty:CONTENT", "Callsheet has a template “title”"),
    "no module": ("callsheet.templates", "wall", "nowhere:WALL", "can't be used: ModuleNotFoundError"),
    "no content model": ("callsheet.templates", "wall", "faulty:CONTENT", "must be a subclass of"),
    "no reader": ("callsheet.sources", "wall", "faulty", "faulty needs the functions `recognises` and `read`"),
    "no voices": ("callsheet.voices", "wall", "faulty:CONTENT", "needs `voices`"),
    "no function": ("callsheet.film_stages", "wall", "faulty:CONTENT", "it must be a function"),
    "a name with spaces": ("callsheet.film_stages", "the wall", "faulty:stage", "needs a name of small letters"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plugin_that_can_not_be_used_gets_one_sentence(fault: str, tmp_path: Path):
    """It names the package and its version, and what to do; nothing else is affected."""
    group, name, target, sentence = FAULTS[fault]
    modules = {"faulty": "CONTENT = {}\n\n\ndef stage(value):\n    return 5\n"}
    write_package(tmp_path / "site", "callsheet-faulty", "1.0", {group: {name: target}}, modules)
    with installed(tmp_path / "site"):
        [plugin] = all_plugins()
        check = checks._plugin(plugin)
        assert content_models() == CONTENT_MODELS
        assert voice_catalogue().voice("heart", "en").name == "heart"
    assert (check.state, check.remedy) == ("missing", "pip uninstall callsheet-faulty")
    assert check.found.startswith(f"The {plugin.kind.in_words} “{name}” of callsheet-faulty 1.0 ")
    assert sentence in check.found
    assert check.found.endswith(". Update the package, or uninstall it")


def test_the_first_of_two_packages_has_the_name(tmp_path: Path):
    """The doctor says who has taken it."""
    for package in ("callsheet-b", "callsheet-a"):
        write_package(tmp_path / "site", package, "1.0", {"callsheet.film_stages": {"wall": "faulty:stage"}})
    with installed(tmp_path / "site"):
        assert [plugin.package for plugin in plugins_of(PluginKind.FILM_STAGE)] == ["callsheet-a"]
        assert "has a name that callsheet-a has taken" in checks._plugin(all_plugins()[1]).found


async def test_a_stage_that_returns_no_storyboard_gets_one_sentence(tmp_path: Path):
    """The run ends with it."""
    modules = {"counting": "def count(storyboard):\n    return len(storyboard.scenes)\n"}
    points = {"callsheet.storyboard_stages": {"count": "counting:count"}}
    write_package(tmp_path / "site", "callsheet-counting", "1.0", points, modules)
    with installed(tmp_path / "site"), pytest.raises(PluginUnusable, match="it returned int, and no Storyboard"):
        await changed("count", storyboard())
