"""The edit of a film as files: an OpenTimelineIO file, and a folder with the clips and sounds that it names."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import av
import srt

from callsheet.disk import whole_file, write_whole
from callsheet.errors import MediaUnfit
from callsheet.media.command import file_url
from callsheet.media.edit_list import MUSIC_RATE_HZ, EditMedia, edit_media, edit_of
from callsheet.model.film.captions import Cue
from callsheet.model.film.media import StoredObject
from callsheet.model.run.manifest import Manifest

EDIT_SUFFIX, FOLDER_SUFFIX = ".otio", ".edit"
Opened = Callable[[str], AbstractContextManager[Path]]


def write_edit(opened: Opened, manifest: Manifest, film: Path) -> Path:
    """Write the edit beside the file of the film; return its path.

    `opened` gives a local file with the content of a stored object. The edit names its files by their place beside it,
    so the folder can be moved.

    Raises:
        MediaLost: the store does not have the files any more.
        MediaUnfit: the music can't be read.
        OSError: they can't be written there.
    """
    folder = film.with_suffix(FOLDER_SUFFIX)
    folder.mkdir(exist_ok=True)
    files = edit_media(manifest)
    for name, stored in files.items():
        _copy(opened, stored, folder / name)
    places = {stored.key: folder / name for name, stored in files.items()}
    media = EditMedia(
        urls={key: quote(f"{folder.name}/{place.name}") for key, place in places.items()},
        music_samples=_samples(places[manifest.music.sound.stored.key]) if manifest.music else 0,
    )
    edit = film.with_suffix(EDIT_SUFFIX)
    write_whole(edit, edit_of(manifest, _cues(opened, manifest.subtitles), media).to_json_string(indent=2))
    return edit


def _copy(opened: Opened, stored: StoredObject, file: Path) -> None:
    """Copy a stored object. A file of its name and size is a copy of it: the name holds its digest."""
    if file.is_file() and file.stat().st_size == stored.size_bytes:
        return
    with opened(stored.key) as source, whole_file(file) as part:
        shutil.copyfile(source, part)


def _samples(music: Path) -> int:
    """Return the length of stored music in samples, from its header. Raises MediaUnfit if there is none."""
    with av.open(file_url(music), format="flac") as container:
        track = container.streams.audio[0]
        if not track.duration or not track.time_base:
            raise MediaUnfit(music.name, "music with its length", "none")
        return round(track.duration * track.time_base * MUSIC_RATE_HZ)


def _cues(opened: Opened, subtitles: StoredObject | None) -> tuple[Cue, ...]:
    """Return the captions of the film, from its SubRip file."""
    if subtitles is None:
        return ()
    with opened(subtitles.key) as path:
        return tuple(
            Cue(
                start_ms=round(each.start.total_seconds() * 1000),
                end_ms=round(each.end.total_seconds() * 1000),
                text=each.content,
            )
            for each in srt.parse(path.read_text(encoding="utf-8"))
        )
