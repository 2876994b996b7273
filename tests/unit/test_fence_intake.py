"""What leaves the fence is checked on the way, however it is cut up."""

import os
import struct
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.fence.intake import MAX_EVENT_BYTES, FileRefused, FileRule, Intake
from callsheet.fence.protocol import EVENT, FILE, HEADER, Outbox

RULES = {"clip.mp4": FileRule(max_bytes=1000, magic_offset=4, magic=b"ftyp"), "note.txt": FileRule(1000, 0, b"")}
CLIP = b"\0\0\0\x18ftypisom"


def intake(folder: Path) -> tuple[Intake, list[dict]]:
    """An intake for `folder`, and the events that it passes on."""
    heard: list[dict] = []
    return Intake(os.open(folder, os.O_DIRECTORY), RULES, heard.append), heard


def file_frame(name: bytes, content: bytes, length: int | None = None) -> bytes:
    """A file as the other side may send it, with whatever length it claims."""
    return HEADER.pack(FILE, len(name), len(content) if length is None else length) + name + content


def event_frame(content: bytes) -> bytes:
    """An event as the other side may send it."""
    return HEADER.pack(EVENT, 0, len(content)) + content


@given(content=st.binary(max_size=300), cuts=st.lists(st.integers(0, 400), max_size=8))
def test_pieces_of_any_size_give_the_same_files_and_events(tmp_path_factory, content, cuts):
    """A pipe cuts where it likes."""
    folder = tmp_path_factory.mktemp("in")
    reading, writing = os.pipe()
    (folder / "sent").write_bytes(content)
    outbox = Outbox(writing)
    outbox.say("begun", number=1)
    outbox.send("note.txt", folder / "sent")
    outbox.say("done")
    os.close(writing)
    stream = b"".join(iter(lambda: os.read(reading, 4096), b""))
    os.close(reading)
    receiver, heard = intake(folder)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for start, end in pairwise(edges):
        receiver.feed(stream[start:end])
    receiver.finish()
    assert (folder / "note.txt").read_bytes() == content
    assert heard == [{"event": "begun", "number": 1}, {"event": "done"}]


@given(noise=st.binary(min_size=HEADER.size, max_size=200))
def test_noise_is_refused_or_waits_for_more(tmp_path_factory, noise):
    """Whatever comes, nothing but Refused is raised, and no file appears that the job did not ask for."""
    folder = tmp_path_factory.mktemp("in")
    receiver, _ = intake(folder)
    try:
        receiver.feed(noise)
        receiver.finish()
    except FileRefused:
        pass
    assert {path.name for path in folder.iterdir()} <= RULES.keys()


@pytest.mark.parametrize("name", [b"../evil", b"/etc/passwd", b"evil.mp4", b"", b"clip.mp4\n", b"-i.mp4", b"\xff"])
def test_a_file_that_nobody_asked_for_is_refused(tmp_path: Path, name: bytes):
    """Names are those of the job, to the letter."""
    receiver, _ = intake(tmp_path)
    with pytest.raises(FileRefused, match="the job did not ask for"):
        receiver.feed(file_frame(name, CLIP))
    assert not list(tmp_path.iterdir())


def test_a_file_comes_once(tmp_path: Path):
    """A second one can't replace what was checked."""
    receiver, _ = intake(tmp_path)
    receiver.feed(file_frame(b"clip.mp4", CLIP))
    with pytest.raises(FileRefused, match="the job did not ask for"):
        receiver.feed(file_frame(b"clip.mp4", CLIP))


def test_a_file_does_not_follow_a_link(tmp_path: Path):
    """Files are created new; what has their name already is left alone."""
    (tmp_path / "clip.mp4").symlink_to("elsewhere")
    receiver, _ = intake(tmp_path)
    with pytest.raises(FileExistsError):
        receiver.feed(file_frame(b"clip.mp4", CLIP))
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_too_large_is_refused_before_a_byte_of_it_is_kept(tmp_path: Path):
    """The claim alone is enough."""
    receiver, _ = intake(tmp_path)
    with pytest.raises(FileRefused, match=r"made a clip\.mp4 of more than"):
        receiver.feed(file_frame(b"clip.mp4", b"", length=100 << 30))


def test_a_file_is_what_its_name_says(tmp_path: Path):
    """A playlist is no MP4, whatever it is called."""
    receiver, _ = intake(tmp_path)
    with pytest.raises(FileRefused, match="no such file inside"):
        receiver.feed(file_frame(b"clip.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"))


def test_half_a_file_is_refused(tmp_path: Path):
    """A process that was killed has sent what it had."""
    receiver, _ = intake(tmp_path)
    receiver.feed(file_frame(b"clip.mp4", CLIP, length=500))
    with pytest.raises(FileRefused, match="in the middle"):
        receiver.finish()
    assert receiver.files == []


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"event": 1}', b'"event"', b"[" * 100_000, b"\xff"])
def test_an_event_is_an_object_with_a_name(tmp_path: Path, content: bytes):
    """Anything else is not passed on."""
    receiver, heard = intake(tmp_path)
    with pytest.raises(FileRefused):
        receiver.feed(event_frame(content))
    assert heard == []


def test_nobody_is_talked_to_death(tmp_path: Path):
    """Events have a size."""
    receiver, _ = intake(tmp_path)
    with pytest.raises(FileRefused, match="more events than are allowed"):
        receiver.feed(struct.pack(">cBQ", EVENT, 0, MAX_EVENT_BYTES + 1))
