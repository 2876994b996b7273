"""The checks of `callsheet doctor`: their findings, and the commands that fix them."""

import asyncio
import re
import shutil
import sys
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from callsheet import embedded
from callsheet.disk import check_home
from callsheet.embedded import postgres
from callsheet.embedded.ports import free_port
from callsheet.embedded.process import output_of
from callsheet.errors import CallsheetError, PluginUnusable, SetupIncomplete
from callsheet.fence.job import FencePolicy
from callsheet.model.content.plugin_templates import plugin_content
from callsheet.plugins import Plugin, PluginKind, all_plugins, checked_stage
from callsheet.settings import Settings
from callsheet.sources.documents.plugin_sources import plugin_reader
from callsheet.speech import espeak
from callsheet.speech.catalogue import voice_catalogue
from callsheet.speech.models import check_models
from callsheet.speech.plugin_voices import plugin_speech
from callsheet.stage import canaries
from callsheet.stage.limits import stage_limits
from callsheet.stage.tex import has_latex

INSTALL_ALL = "make setup"
PACKAGES = ("prefect", "manim", "typst", "av", "pillow")
FONTS = {
    "EB Garamond": "fonts-ebgaramond",
    "Inter": "fonts-inter",
    "JetBrains Mono": "fonts-jetbrains-mono",
    "Lato": "fonts-lato",
    "League Spartan": "fonts-league-spartan",
    "Manrope": "fonts-manrope",
    "Noto Sans": "fonts-noto-core",
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "Quicksand": "fonts-quicksand",
    "Roboto Slab": "fonts-roboto-slab",
    "Sora": "fonts-sora",
    "Symbola": "fonts-symbola",
}
# The scratch files of a full-HD video of many scenes, the database's journal, and some room to move.
NEEDED_SPACE_GB = 2


@dataclass(frozen=True)
class Check:
    """One finding: you must fix what is `missing`; a `note` names a limitation to know."""

    what: str
    state: Literal["ok", "note", "missing"]
    found: str
    remedy: str = ""


def all_checks(settings: Settings) -> list[Check]:
    """Return every check, in the order in which you fix them."""
    return [
        _python(),
        *(_package(name) for name in PACKAGES),
        *(_program(name) for name in ("ffmpeg", "ffprobe")),
        _voices(),
        _espeak(),
        _bubblewrap(),
        _encoder(),
        _latex(),
        *_fence(settings),
        *(_plugin(plugin) for plugin in all_plugins()),
        _postgresql(settings),
        *(_font(family, package) for family, package in FONTS.items()),
        _home(settings.home),
        _space(settings.home),
        *_ports(settings),
    ]


def _python() -> Check:
    return Check("Python", "ok", f"{sys.version.split()[0]}, {sys.prefix}")


def _package(name: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        return Check(name, "missing", "not installed", INSTALL_ALL)


def _program(name: str) -> Check:
    answer = output_of((name, "-version"))
    if answer is None:
        return Check(name, "missing", "not found, or it does not run", "apt-get install ffmpeg")
    return Check(name, "ok", answer.split()[2])


def _voices() -> Check:
    """Read the neural voices and compare their digests."""
    try:
        check_models()
    except SetupIncomplete as error:
        return Check("voices", "missing", str(error), INSTALL_ALL)
    count = sum(voice.provider in ("hibari", "kokoro") for voice in voice_catalogue().voices)
    return Check("voices", "ok", f"{count} neural voices on this machine")


def _espeak() -> Check:
    answer = output_of((espeak.PROGRAM, "--version"))
    found = re.search(r"\d+(?:\.\d+)+", answer or "")
    if found is None:
        return Check(espeak.PROGRAM, "missing", "not found, or it does not run", f"apt-get install {espeak.PROGRAM}")
    return Check(espeak.PROGRAM, "ok", found[0])


def _bubblewrap() -> Check:
    answer = output_of(("bwrap", "--version"))
    if answer is None:
        return Check("bubblewrap", "missing", "not found, or it does not run", "apt-get install bubblewrap")
    return Check("bubblewrap", "ok", answer.split()[1])


def _encoder() -> Check:
    """Check the H.264 encoder of PyAV's own FFmpeg, which encodes every clip."""
    try:
        from av import codecs_available  # imported here, so that the check can report a PyAV that does not load
    except ImportError as error:
        return Check("H.264 encoder", "missing", f"PyAV does not load: {error}", INSTALL_ALL)
    if "libx264" in codecs_available:
        return Check("H.264 encoder", "ok", "libx264 in PyAV")
    return Check("H.264 encoder", "missing", "this build of PyAV has no libx264", INSTALL_ALL)


def _latex() -> Check:
    """Say what sets formulas in scene code; either is enough."""
    if has_latex():
        return Check("LaTeX", "ok", "installed; it sets MathTex and Tex in scene code")
    return Check("LaTeX", "ok", "not installed; Typst sets MathTex and Tex in scene code", "make latex")


def _fence(settings: Settings) -> list[Check]:
    """Run the canary scene, which tries to escape, in the real fence, and report the result."""
    limits = stage_limits(settings)
    in_words = canaries.POLICIES_IN_WORDS[limits.policy]
    if limits.policy is not FencePolicy.REQUIRED:
        return [Check("fence", "note", in_words, "unset CALLSHEET_FENCE")]
    try:
        with TemporaryDirectory() as scratch:
            apart = replace(limits, slots_dir=Path(scratch) / "slots")
            report = asyncio.run(canaries.release_canary(Path(scratch), apart))
    except CallsheetError as error:
        return [Check("fence", "missing", str(error), INSTALL_ALL)]
    if not report.holds:
        return [Check("fence", "missing", report.problem, "see docs/fence.md")]
    return [Check("fence", "ok", in_words), _memory_limit(report)]


def _memory_limit(report: canaries.CanaryReport) -> Check:
    what = "memory limit of scenes"
    if report.memory_limited:
        return Check(what, "ok", "a control group")
    return Check(what, "note", "for each process alone: no control group can be written", "see docs/fence.md")


def _plugin(plugin: Plugin) -> Check:
    """Load it as Callsheet does when it is used."""
    what = f"plug-in {plugin.name}"
    try:
        match plugin.kind:
            case PluginKind.TEMPLATE:
                plugin_content(plugin)
            case PluginKind.SOURCE:
                plugin_reader(plugin)
            case PluginKind.VOICES:
                plugin_speech(plugin)
            case _:
                plugin.load(checked_stage)
    except PluginUnusable as error:
        return Check(what, "missing", str(error), f"pip uninstall {plugin.package}")
    return Check(what, "ok", f"a {plugin.kind.in_words} of {plugin.package} {plugin.version}")


def _postgresql(settings: Settings) -> Check:
    programs = postgres.find_programs(settings.postgres_dir)
    if programs is None:
        return Check("PostgreSQL", "note", "none with pg_trgm; SQLite is used, with few scenes at once", INSTALL_ALL)
    return Check("PostgreSQL", "ok", f"version {programs.parent.name}, {programs}")


def _font(family: str, package: str) -> Check:
    what = f"font {family}"
    matched = output_of(("fc-match", "--format=%{family}", family))
    if matched is None:
        return Check(what, "missing", "fc-match does not run", "apt-get install fontconfig")
    if family not in matched.split(","):
        return Check(what, "missing", f"{matched} is used instead", f"apt-get install {package}")
    return Check(what, "ok", "installed")


def _home(home: Path) -> Check:
    try:
        check_home(home, to_write=True)
    except SetupIncomplete as error:
        return Check("home", "missing", str(error))
    return Check("home", "ok", str(home))


def _space(home: Path) -> Check:
    nearest = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free_gb = shutil.disk_usage(nearest).free / 1e9
    if free_gb < NEEDED_SPACE_GB:
        remedy = f"free {NEEDED_SPACE_GB} GB, or set CALLSHEET_HOME"
        return Check("disk space", "missing", f"{free_gb:.1f} GB free", remedy)
    return Check("disk space", "ok", f"{free_gb:.0f} GB free")


def _ports(settings: Settings) -> list[Check]:
    services = embedded.running(settings)
    if services:
        return [Check("server", "ok", f"running: {services.ui_url}, media at {services.media_url}")]
    wanted = {"Prefect": settings.prefect_port, "media": settings.media_port}
    return [_port(name, port) for name, port in wanted.items()]


def _port(name: str, preferred: int) -> Check:
    port = free_port(preferred)
    if port == preferred:
        return Check(f"port for {name}", "ok", str(port))
    remedy = f"or set CALLSHEET_{name.upper()}_PORT"
    return Check(f"port for {name}", "note", f"{preferred} is in use; Callsheet uses {port} instead", remedy)
