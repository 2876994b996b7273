"""Catalogues: what a folder lists, and what is refused."""

import os
from datetime import UTC, datetime

import pytest

from callsheet.errors import InvalidRequest
from callsheet.settings import Settings
from callsheet.storage.catalogue import open_catalogue


def test_a_folder_lists_request_files_at_any_depth(tmp_path):
    """With the time of their last change; media, manifests and what is hidden are left out."""
    for name in (
        "one.yaml",
        "deep/er/Two.YML",
        "deep/video.mp4",
        "deep/video.json",
        ".git/three.yaml",
        "folder.yaml/x",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        os.utime(path, (0, 0))
    catalogue = open_catalogue(str(tmp_path), Settings())
    files = {file.name: file.changed_at for file in catalogue.files()}
    assert files == dict.fromkeys(["one.yaml", "deep/er/Two.YML"], datetime(1970, 1, 1, tzinfo=UTC))
    with catalogue.opened("deep/er/Two.YML") as path:
        assert path.read_text(encoding="utf-8") == "deep/er/Two.YML"


def test_a_catalogue_has_one_name_however_it_is_written(tmp_path, monkeypatch):
    """Its runs are found again from another working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lessons").mkdir()
    assert open_catalogue("lessons/", Settings()).where == str(tmp_path / "lessons")


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("/nowhere", "catalogue: there is no folder “/nowhere” on this machine"),
        ("s3://", "catalogue: “s3://” names no bucket; write s3://bucket/prefix"),
    ],
)
def test_what_is_no_catalogue_is_refused(where, sentence):
    """In one sentence that names the field."""
    with pytest.raises(InvalidRequest) as refusal:
        open_catalogue(where, Settings())
    assert str(refusal.value) == sentence
