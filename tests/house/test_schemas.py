"""The parameter forms are part of what users see: they change on purpose, or not at all.

After a change that is meant: `PYTHONPATH=. python tests/house/test_schemas.py` writes the files again.
"""

import json
from pathlib import Path

import pytest
from prefect.utilities.callables import parameter_schema

from flows.backfill import backfill_videos
from flows.explainer import explain_document
from flows.history import report_history
from flows.image_pairs import animate_image_pairs
from flows.image_video import image_to_video
from flows.movie import make_movie
from flows.scene import generate_scene
from flows.video import generate_video

SCHEMAS = Path(__file__).parent / "schemas"
FLOWS = {
    "generate-scene": generate_scene,
    "generate-video": generate_video,
    "image-to-video": image_to_video,
    "animate-image-pairs": animate_image_pairs,
    "explain-document": explain_document,
    "script-to-movie": make_movie,
    "report-history": report_history,
    "backfill-videos": backfill_videos,
}


def written(flow):
    """The schema that the server shows as a form."""
    return json.dumps(parameter_schema(flow).model_dump(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", FLOWS)
def test_a_parameter_form_only_changes_on_purpose(name):
    """A schedule or a script of a user may rely on it."""
    assert written(FLOWS[name]) == (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FLOWS)
def test_what_may_be_left_out_of_a_form_asks_for_nothing(name):
    """Prefect's form can't be sent while a field of a value is empty that the value needs, though nobody wants it."""
    schema = json.loads(written(FLOWS[name]))
    models = schema.get("definitions", {})
    asked_for = [
        f"{model}.{field}"
        for model, shape in (("", schema), *models.items())
        for field, value in shape.get("properties", {}).items()
        if field not in shape.get("required", ())
        and models.get(value.get("$ref", "").rpartition("/")[2], {}).get("required")
    ]
    assert asked_for == []


if __name__ == "__main__":
    for name, flow in FLOWS.items():
        (SCHEMAS / f"{name}.json").write_text(written(flow), encoding="utf-8")
