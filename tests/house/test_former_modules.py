"""A module that has moved is found under its former name: stored results and people's own code name it so."""

import base64
import json
import pickle
import tarfile
from importlib import import_module
from pathlib import Path

import pytest

from callsheet.model.former_modules import FORMER_MODULES

EARLIER = Path(__file__).parents[1] / "durability/earlier/state.tar.xz"


def pickled_value(result):
    """Prefect writes the value alone for a flow, and a record with the value for a step."""
    return json.loads(result)["result"].encode() if result.startswith(b"{") else result


@pytest.mark.parametrize("former", sorted(FORMER_MODULES))
def test_a_module_that_has_moved_is_the_same_module(former):
    """It is imported once, whichever name comes first, and knows itself by its present name."""
    present = f"callsheet.model.{FORMER_MODULES[former]}"
    module = import_module(f"callsheet.model.{former}")
    assert module is import_module(present)
    assert (module.__name__, module.__spec__.name) == (present, present)


def test_every_result_of_an_earlier_version_is_read():
    """Version 94399cf wrote them; each is a value of today's classes."""
    with tarfile.open(EARLIER) as archive:
        results = [archive.extractfile(each).read() for each in archive if each.isfile() and "/results/" in each.name]
    values = [pickle.loads(base64.decodebytes(pickled_value(result))) for result in results]
    kinds = {type(value).__name__ for value in values}
    assert len(values) > 10
    assert {"Clip", "StoredObject", "Submitted"} <= kinds
