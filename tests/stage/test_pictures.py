"""The picture of a scene travels by a name made of its content, and is refused before anything is rendered."""

from __future__ import annotations

import re
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from callsheet.errors import SceneRejected
from callsheet.fence.job import FenceLimits
from callsheet.model.content import OutroContent, PeopleContent, PictureContent
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import FILE_NAME_PATTERN, Origin, OriginKind, SceneCode, ValidatedSceneCode
from callsheet.scene_lint import load_catalogue, validate
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings
from callsheet.stage import sandbox
from callsheet.stage.content_pictures import check_pictures
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.frame import frame_for
from callsheet.stage.template_source import fill_template
from callsheet.stage.templates.picture import PictureScene


def test_a_missing_picture_is_refused_by_name(tmp_path: Path) -> None:
    """The sentence names the field and the file."""
    (finding,) = check_pictures(PictureContent(path=str(tmp_path / "gone.png")))
    assert "content.path" in finding.message
    assert "gone.png" in finding.message


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/", "is a folder"), ("x" * 500, "there is no file"), ("https://example.com/picture.png", "there is no file")],
)
def test_what_is_no_file_is_refused(path: str, sentence: str) -> None:
    """A folder, an endless name and an address are no picture files."""
    assert sentence in check_pictures(PictureContent(path=path))[0].message


def test_the_scene_names_its_picture_by_content(picture: Path, tmp_path: Path) -> None:
    """Nothing of the machine that fills the template is in the source; the same picture elsewhere gives the same."""
    elsewhere = tmp_path / "other folder" / "Überblick.PNG"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(picture.read_bytes())
    here, there = (fill_template("A picture", PictureContent(path=str(path)), Look()) for path in (picture, elsewhere))
    (name,) = here.files
    assert here.code == there.code
    assert repr(name) in here.code.source
    assert re.fullmatch(r"picture-[0-9a-f]{12}\.png", name)
    assert re.fullmatch(FILE_NAME_PATTERN, name)
    assert str(tmp_path) not in here.code.source
    assert (here.files[name], there.files[name]) == (picture, elsewhere)


def test_a_relative_path_counts_from_the_working_directory(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What leaves is absolute: the code that opens it may work elsewhere."""
    monkeypatch.chdir(picture.parent)
    assert list(fill_template("A picture", PictureContent(path=picture.name), Look()).files.values()) == [picture]


def test_the_name_ends_as_the_content_is(picture: Path) -> None:
    """A JPEG that is called PNG is a JPEG to everybody after."""
    Image.open(picture).save(picture, format="JPEG")
    (name,) = fill_template("A picture", PictureContent(path=str(picture)), Look()).files
    assert name.endswith(".jpg")


def test_a_scene_without_its_picture_is_rejected_before_it_is_rendered() -> None:
    """Filling the template is where it is found out."""
    with pytest.raises(SceneRejected, match="there is no file"):
        fill_template("A picture", PictureContent(path="nowhere.png"), Look())


def test_another_picture_at_the_same_path_gives_another_scene(picture: Path) -> None:
    """Its digest is in the name; other contents have no files."""
    content = PictureContent(path=str(picture))
    before = fill_template("A picture", content, Look())
    Image.new("RGB", (10, 10)).save(picture)
    assert fill_template("A picture", content, Look()).code.source != before.code.source
    assert fill_template("The end", OutroContent.example(), Look()).files == {}


def test_the_faces_of_people_are_named_by_content(picture: Path) -> None:
    """Two people with one picture need one file; who has none needs none."""
    people = [{"name": "Ada", "path": str(picture)}, {"name": "Bob"}, {"name": "Eve", "path": str(picture)}]
    filled = fill_template("The crew", PeopleContent.model_validate({"people": people}), Look())
    (name,) = filled.files
    assert filled.code.source.count(name) == 2
    assert str(picture) not in filled.code.source


def test_a_missing_face_is_refused_by_its_field(tmp_path: Path, picture: Path) -> None:
    """The sentence says whose it is."""
    people = [{"name": "Ada", "path": str(picture)}, {"name": "Bob", "path": str(tmp_path / "gone.png")}]
    (finding,) = check_pictures(PeopleContent.model_validate({"people": people}))
    assert "content.people.1.path" in finding.message
    assert "gone.png" in finding.message


async def test_a_picture_is_seen_behind_the_fence(picture: Path, tmp_path: Path) -> None:
    """The scene opens it by its name; of the folder in which it lies, nothing is there."""
    content = PictureContent(path=str(picture), zoom=False, duration_s=2)
    filled = fill_template("A picture", content, Look())
    limits = FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots")
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        code = ValidatedSceneCode.model_validate(filled.code.model_dump())
        take = await sandbox.render(code, PROFILES[ProfileName.DRAFT], folder, limits, files=filled.files)
        with av.open(str(take.path)) as container:
            *_, last = container.decode(video=0)
    colours = {tuple(pixel // 128 for pixel in row) for row in last.to_ndarray(format="rgb24").reshape(-1, 3)}
    assert {(1, 0, 0), (0, 0, 1)} <= colours


async def test_a_picture_beside_a_table_is_whole(picture: Path, tmp_path: Path) -> None:
    """A Group holds both, and scales both; the left half is red and the right half blue, as in the file."""
    source = """from manim import *


class Mended(Scene):
    def construct(self):
        table = Table([["1", "2.5"], ["3", "4.75"]], row_labels=[Text("tea"), Text("coffee")])
        both = Group(table, ImageMobject("picture.png").scale_to_fit_height(3)).arrange(RIGHT)
        self.play(FadeIn(both), run_time=0.5)
        self.play(both.animate.scale(0.7), run_time=0.5)
"""
    origin = Origin(kind=OriginKind.CODE, maker="test")
    code = SceneCode(scene_name="Mended", class_name="Mended", source=source, origin=origin)
    checked = validate(code, load_catalogue(Settings().catalogue_dir))
    limits = FenceLimits(timeout_s=60, at_once=2, slots_dir=tmp_path / "slots")
    with scratch_dir(tmp_path / "scratch", "render") as folder:
        take = await sandbox.render(
            checked, PROFILES[ProfileName.DRAFT], folder, limits, files={"picture.png": picture}
        )
        with av.open(str(take.path)) as container:
            *_, last = container.decode(video=0)
    frame = last.to_ndarray(format="rgb24").astype(int)
    red = (frame[..., 0] > 200) & (frame[..., 2] < 60)
    blue = (frame[..., 2] > 200) & (frame[..., 0] < 60)
    assert min(red.sum(), blue.sum()) > 3_000
    assert np.nonzero(red)[1].max() <= np.nonzero(blue)[1].min() + 2


def test_a_picture_keeps_its_proportions_and_its_place_while_it_comes_closer(picture: Path) -> None:
    """The zoom changes what is in the window, never the window."""
    kit = Kit(Look(), frame_for(PROFILES[ProfileName.HD]))
    (page,) = PictureScene.compose(PictureContent(path=str(picture)), kit)
    (window,) = page.standing
    assert window.width / window.height == pytest.approx(2.0, rel=0.01)
    corners = window.points.copy()
    zoom = page.beats[-1].motion.make(1.0)
    zoom.begin()
    zoom.interpolate(1.0)
    assert np.array_equal(window.points, corners)
    assert window.pixel_array.shape == window.seen(1.0).shape
    assert not np.array_equal(window.pixel_array, window.seen(1.0))
