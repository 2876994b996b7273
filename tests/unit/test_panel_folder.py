"""Panels of a person: which picture is for which shot, and what is refused."""

import pytest
from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.sources.panel_folder import panels_in, panels_of_shots

NAMES = ("1.1", "1.2", "2.1", "12")


def folder_of(tmp_path, *names):
    """A folder with small pictures of these names."""
    for name in names:
        Image.new("RGB", (32, 18), "#777777").save(tmp_path / name)
    return tmp_path


def test_a_picture_is_named_after_its_shot_or_its_number(tmp_path):
    """With a word before it or without; other files are left out, and named."""
    folder = folder_of(tmp_path, "1.1.png", "Shot 02.jpg", "panel_3.png", "12.webp")
    (folder / "notes.txt").write_text("Not a picture.")
    found = panels_in(folder)
    files = {name: path.name for name, path in found.panels.items()}
    assert files == {"1.1": "1.1.png", "02": "Shot 02.jpg", "3": "panel_3.png", "12": "12.webp"}
    assert "notes.txt" in found.remarks[0]
    assert panels_of_shots(files, NAMES) == {
        "1.1": "1.1.png",
        "1.2": "Shot 02.jpg",
        "2.1": "panel_3.png",
        "12": "12.webp",
    }


@pytest.mark.parametrize(
    ("panels", "said"),
    [
        ({"cover": "a"}, "“cover” is neither the name nor the number of a shot; there are 1.1, 1.2, 2.1, 12"),
        ({"0": "a"}, "“0” is neither"),
        ({"5": "a"}, "“5” is neither"),
        ({"1.2": "a", "2": "b"}, "shot 1.2 has two pictures; keep one"),
    ],
)
def test_a_picture_that_fits_no_shot_is_one_sentence(panels, said):
    """It names the picture, and what to do."""
    with pytest.raises(InvalidRequest, match=said) as refused:
        panels_of_shots(panels, NAMES)
    assert str(refused.value).startswith("panels: ")


@pytest.mark.parametrize(
    ("names", "said"),
    [((), "has no pictures; name them after their shots"), (("shot 1.png", "panel 1.png"), "are both for shot 1")],
)
def test_a_folder_that_can_not_be_taken_is_one_sentence(tmp_path, names, said):
    """A folder without pictures, and two pictures for one shot."""
    with pytest.raises(InvalidRequest, match=said):
        panels_in(folder_of(tmp_path, *names))
