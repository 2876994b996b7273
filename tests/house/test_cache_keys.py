"""A kept value is made again if the code that makes it has changed: keys name all of that code, and its packages."""

from importlib.metadata import packages_distributions

import grimp
import pytest

from tasks import policies

# Imported on the way, and of no consequence for what comes out.
WITHOUT_EFFECT = {
    "callsheet.errors": "it words what went wrong, and then nothing is kept",
    "callsheet.stopping": "it ends work whose result is not wanted any more",
    "callsheet.threads": "it runs the work elsewhere",
    "callsheet.watchdog": "it ends a step that hangs, and then nothing is kept",
    "callsheet.fence.protocol": "it carries what was made, byte by byte",
    "callsheet.timebase": "it turns frames into seconds, exactly",
    "callsheet.model.values": "the base of all values",
    "callsheet.model.open_names": "it finds names; what a plug-in's name brings is among the inputs, with its version",
    "callsheet.plugins": "the same",
    "callsheet.model.field_notes": "it describes the fields in forms",
    "callsheet.model.film.media": "it names what was made; Prefect refuses a kept value of another shape",
    "callsheet.model.footage.jobs": "what is taken of it is among the inputs",
    "callsheet.model.problems": "it words what is wrong with a request",
    "callsheet.model.film.scenes": "what is taken of it is among the inputs",
}
# What a request may hold; what is taken of it is among the inputs.
REQUESTED = {"callsheet.model.requests.video"}
# Clips are no input of the checks, and only reading the names of installed packages takes a package.
UNCHECKED = {"callsheet.model.film.profile", "packaging"}
# Layers and moves of a shot are among the inputs.
DRAWN = {"callsheet.model.film.screenplay_analysis"}
# Imported by the stage's child where it rehearses, and not where it renders.
REHEARSED = {"callsheet.stage.rehearsal", "callsheet.model.film.rehearsal", "callsheet.model.film.trace"}
# What a voice reads is among the inputs, with the lexicon; the doors to programs and services change no sound.
AROUND_SPEECH = REQUESTED | {
    "callsheet.model.film.narration", "callsheet.settings", "callsheet.sources", "callsheet.media",
    "callsheet.providers", "aiohttp", "ffmpeg", "httpx", "yaml",
}  # fmt: skip
# Whose versions say nothing of a picture: they check values.
CHECKERS = {"pydantic", "pydantic-core", "pydantic_core"}

MAKERS = {
    "a validation": (
        ("callsheet.scene_lint", "callsheet.sources.plain_svg"),
        policies.VALIDATION_MODULES, policies.STAGE_PACKAGES, UNCHECKED,
    ),
    "a rehearsal": (
        ("callsheet.stage.child", "callsheet.stage.templates", "callsheet.stage.rehearsal"),
        policies.REHEARSAL_MODULES, policies.STAGE_PACKAGES, set(),
    ),
    "a render": (
        ("callsheet.stage.child", "callsheet.stage.templates"),
        policies.STAGE_MODULES, policies.STAGE_PACKAGES, REHEARSED,
    ),
    "a clip of a provider": (
        ("callsheet.footage.conform",),
        policies.CONFORM_MODULES, policies.MEDIA_PACKAGES, REQUESTED,
    ),
    "a clip of this machine": (
        ("callsheet.footage.local",),
        policies.LOCAL_FOOTAGE_MODULES, policies.MEDIA_PACKAGES, REQUESTED,
    ),
    "a shot of a panel": (
        ("callsheet.footage.panel_camera",),
        policies.LOCAL_FOOTAGE_MODULES, policies.PANEL_PACKAGES, REQUESTED | DRAWN,
    ),
    "a sentence": (
        ("callsheet.speech.narrator",),
        policies.SPEECH_MODULES, policies.SPEECH_PACKAGES, AROUND_SPEECH,
    ),
    "a sheet of pairs": (
        ("callsheet.media.pairs_sheet", "callsheet.footage.pictures"),
        policies.SHEET_MODULES, policies.MEDIA_PACKAGES, REQUESTED,
    ),
    "a film": (
        ("callsheet.media.join", "callsheet.media.tracks", "callsheet.media.stills"),
        policies.MEDIA_MODULES, policies.MEDIA_PACKAGES, REQUESTED,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph("callsheet", include_external_packages=True, exclude_type_checking_imports=True)


def is_within(module: str, packages: set[str]) -> bool:
    """Whether it is one of them, or below one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imported(graph: grimp.ImportGraph, roots: tuple[str, ...], left_out: set[str]) -> set[str]:
    """Everything that is imported on the way from `roots`, packages with all that is below them."""
    found = {each for root in roots for each in (root, *graph.find_descendants(root))}
    ahead = list(found)
    while ahead:
        module = ahead.pop()
        if not module.startswith("callsheet"):
            continue
        new = {each for each in graph.find_modules_directly_imported_by(module) if not is_within(each, left_out)}
        ahead += new - found
        found |= new
    return found


@pytest.mark.parametrize("maker", MAKERS)
def test_a_key_names_all_code_that_makes_the_value(graph, maker):
    """What is not named is imported without any effect on the value, for a reason that is written down."""
    roots, modules, _, left_out = MAKERS[maker]
    ours = {each for each in imported(graph, roots, left_out) if each.startswith("callsheet")}
    named = {*modules, *WITHOUT_EFFECT}
    assert sorted(each for each in ours if not is_within(each, named)) == []


@pytest.mark.parametrize("maker", MAKERS)
def test_a_key_names_all_packages_that_make_the_value(graph, maker):
    """A new version of Pillow may draw another picture."""
    roots, _, packages, left_out = MAKERS[maker]
    installed = packages_distributions()
    theirs = {each for each in imported(graph, roots, left_out) if not each.startswith("callsheet")}
    names = {name.lower() for each in theirs for name in installed.get(each, [])}
    assert sorted(names - {package.lower() for package in packages} - CHECKERS) == []
