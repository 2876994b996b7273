"""A film that is made with every kind of plug-in, of a package that pip has installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callsheet.model.requests.explainer import ExplainerRequest
from flows.explainer import explain_document
from tests.flows.history import latest_run, task_states
from tests.plugin_packages import EXAMPLE, installed


@pytest.mark.long
async def test_a_film_is_made_with_plugins_of_every_kind(prefect_server, tmp_path: Path):
    """Its document, its last scene and its voice are of the package; both stages run; a second film costs nothing."""
    sources, site = tmp_path / "sources", tmp_path / "site"
    shutil.copytree(EXAMPLE, sources)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", site, sources], check=True)
    hike = str(EXAMPLE / "around_the_lake.trail")
    given = {"document": hike, "profile": "draft", "length_s": 10, "voice": {"voice": "tap"}}
    with installed(site):
        request = ExplainerRequest.model_validate({"title": "Hike", "merge": {"transition": "none"}, **given})
        manifest = await explain_document(request)
        names = [name for name, _ in await task_states((await latest_run("Hike")).id)]
        again = await explain_document(request.model_copy(update={"title": "Hike again"}))
    assert manifest.scenes[-1].origin.maker == "signpost"
    assert manifest.spoken_by == ("tap",)
    assert manifest.versions["callsheet-trail"] == "0.1.0"
    assert {"storyboard-stage trail-end", "film-stage trail-log"} <= set(names)
    assert [scene.clip.stored for scene in again.scenes] == [scene.clip.stored for scene in manifest.scenes]
