"""kill -9 while a film is read, spoken, filmed and mixed: it is made, and nothing finished is made again."""

import os
import signal

import pytest

from callsheet import client
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.movie import MovieRequest
from tests.durability.plant import completed, happens, plant, process_of
from tests.homes import prepared

SCRIPT = """Title: {title}

INT. KITCHEN - NIGHT

ANNA holds a lamp in {title}.

ANNA
Who put out the light in {title}?

BEN
I did, for {title}.
"""
TEXT = """# {title}

{title} is a lamp that burns all night. It was lit a hundred years ago.

## Oil

The keeper of {title} fills it each evening with a litre of oil.
"""
EACH_ONCE = ("speak-sentence-", "film-shot-", "render-scene-", "mix-narration-", "merge-clips-")


@pytest.fixture
def works(tmp_path_factory):
    """A plant for each test: the same silent shot of two films would be filmed once."""
    home = tmp_path_factory.mktemp("home")
    with prepared(home, tmp_path_factory), plant(home) as made:
        yield made


def reached(works, stage):
    """A condition that is true as soon as this stage of the next run is under way."""
    was = {step: works.made(step) for step in EACH_ONCE}
    scratch = works.home / "scratch"
    conditions = {
        "read": lambda: [*scratch.glob("screenplay-*"), *scratch.glob("document-*")],
        "speak": lambda: works.made("speak-sentence-") > was["speak-sentence-"],
        "film": lambda: works.made("film-shot-") > was["film-shot-"],
        "render": works.renders,
        "mix": lambda: works.made("merge-clips-") > was["merge-clips-"],
        "publish": lambda: works.made("mix-narration-") > was["mix-narration-"],
    }
    return conditions[stage]


async def survives(works, stage, request):
    """Kill the run at a stage, and count what was made."""
    before, manifests = works.kept(), works.published()[1]
    condition = reached(works, stage)
    run = await client.start(request)
    pid = await process_of(run)
    await happens(condition)
    finished = works.kept().items() - before.items()
    os.kill(pid, signal.SIGKILL)
    await completed(run, within_s=300)
    assert finished <= works.kept().items(), "a finished step was done again"
    assert works.published()[1] == manifests + 1
    manifest = await client.result(run)
    heard = [each.spoken.sentence for scene in manifest.scenes for each in scene.speech]
    made = works.kept().keys() - before.keys()
    counts = {step: sum(name.startswith(step) for name in made) for step in EACH_ONCE}
    assert counts["speak-sentence-"] == len(heard)
    assert counts["mix-narration-"] == counts["merge-clips-"] == 1
    await happens(lambda: not works.fenced() and not works.leftovers(), within_s=10)
    return manifest, counts


def some(stages, short):
    """The stages; those that are not `short` are long."""
    return [pytest.param(stage, marks=[] if stage in short else [pytest.mark.long]) for stage in stages]


class TestFilmsOfScreenplays:
    """Read, spoken, filmed, mixed, published."""

    @pytest.mark.parametrize("stage", some(["read", "speak", "film", "mix", "publish"], {"film"}))
    async def test_a_run_survives(self, works, stage):
        """Each shot is filmed once, and each utterance is spoken once."""
        title = f"Lamp at {stage}"
        request = MovieRequest(title=title, script=SCRIPT.format(title=title), profile="draft")
        manifest, counts = await survives(works, stage, request)
        assert counts["film-shot-"] == len(manifest.scenes)


class TestFilmsOfDocuments:
    """Read, spoken, rendered, mixed, published."""

    @pytest.mark.parametrize("stage", some(["read", "speak", "render", "mix", "publish"], {"speak"}))
    async def test_a_run_survives(self, works, stage):
        """Each scene is rendered once, and each sentence is spoken once."""
        title = f"Lamp at {stage}"
        request = ExplainerRequest(title=title, text=TEXT.format(title=title), profile="draft", length_s=20)
        manifest, counts = await survives(works, stage, request)
        assert counts["render-scene-"] == len(manifest.scenes)
