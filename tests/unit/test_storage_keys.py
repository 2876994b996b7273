"""Keys: which names are allowed, and how content names itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.sources.scene_files import _KINDS, _Kind
from callsheet.storage.keys import SUFFIXES, checked_key, checked_prefix, content_key, digest_in, is_key, media_type_of

SHA256 = "ab" + "0123456789" * 6 + "cd"


def test_a_content_key_carries_its_digest() -> None:
    """The key is enough to check the content, without a question to anybody."""
    key = content_key("clips", SHA256, "video/mp4")
    assert key == f"clips/ab/{SHA256}.mp4"
    assert digest_in(key) == SHA256


@pytest.mark.parametrize("media_type", SUFFIXES)
def test_a_file_is_of_the_type_that_its_name_says(media_type: str) -> None:
    """Type to suffix and suffix to type are the same table, in capital and small letters."""
    assert media_type_of(f"some.picture{SUFFIXES[media_type]}") == media_type
    assert media_type_of(f"SOME.PICTURE{SUFFIXES[media_type].upper()}") == media_type


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.name)
def test_every_kind_of_file_that_a_scene_takes_can_be_stored(kind: _Kind) -> None:
    """What is let in beside scene code never fails for its name later, whatever its letters."""
    for suffix in kind.suffixes:
        for name in (f"a{suffix}", f"A{suffix.upper()}", f"a{suffix.title()}"):
            assert is_key(content_key("scene-files", SHA256, media_type_of(name)))


@pytest.mark.parametrize("name", ["picture", "picture.bmp", ".png", "picture.png.zip"])
def test_a_file_of_unknown_type_is_refused_by_name(name: str) -> None:
    """The sentence says which are known."""
    with pytest.raises(InvalidRequest, match=r"can't be stored by its content; use one of \.mp4, \.jpg"):
        media_type_of(name)


@pytest.mark.parametrize(
    "key", [f"videos/ab/{SHA256}.manifest.json", f"clips/cd/{SHA256}.mp4", f"clips/ab/{SHA256[:-1]}.mp4", "a/b"]
)
def test_a_key_that_is_not_made_of_content_carries_no_digest(key: str) -> None:
    """A manifest beside a video has the video's digest in its name, but not its content."""
    assert digest_in(key) is None


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../secret",
        "clips/../../secret",
        "clips/..",
        "clips//a",
        "clips/a/",
        ".incoming/a",
        "Clips/a",
        "clips/a b",
        "clips/a\\b",
        "clips/a\n",
        "clips/ä",
        "clips/%2e%2e",
        "a\0b",
        "a" * 201,
        "a/" * 256 + "a",
    ],
)
def test_a_key_that_could_leave_the_store_or_change_on_the_way_is_refused(key: str) -> None:
    """The refusal names the field and says what may be used."""
    with pytest.raises(InvalidRequest, match=r"^key: .* can't name a stored file; use a-z"):
        checked_key(key)


@given(st.text(alphabet="ab./-_\\A é\0", max_size=30))
def test_no_allowed_key_climbs_out(key: str) -> None:
    """An allowed key has no empty and no dotted segment, whatever was tried."""
    if is_key(key):
        assert all(segment and not segment.startswith(".") for segment in key.split("/"))


def test_a_prefix_is_the_beginning_of_a_key_or_nothing() -> None:
    """Half a name and a whole folder both select keys."""
    assert [checked_prefix(prefix) for prefix in ("", "clips/", "clips/a")] == ["", "clips/", "clips/a"]
    with pytest.raises(InvalidRequest):
        checked_prefix("../")


def test_content_of_an_unknown_media_type_is_refused() -> None:
    """Without a suffix the file could not be served."""
    with pytest.raises(InvalidRequest, match=r"media_type: “video/x-odd” can't be stored"):
        content_key("clips", SHA256, "video/x-odd")
