"""Pictures and music that a request names, as a file, an address or a stored key.

Callsheet reads each once a run.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from callsheet.errors import InvalidRequest
from callsheet.footage.received import PICTURES
from callsheet.media import music
from callsheet.media.moods import import_mood
from callsheet.model.film.media import StoredObject
from callsheet.model.film.sound import Mood, Music, MusicBed, Sound
from callsheet.scratch import scratch_dir
from callsheet.sources.picture_files import MAX_PICTURE_BYTES
from callsheet.sources.picture_intake import import_picture
from callsheet.storage.keys import GIVEN_PICTURES, digest_in, media_type_of
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.publishing import upload
from tasks.run.pause import all_of
from tasks.step import step


async def take_in_pictures(named: dict[str, str]) -> dict[str, StoredObject]:
    """Check pictures, turn them upright and store them; return them by the names in the request.

    `named` has, for each name, the field that contains it.

    Raises:
        InvalidRequest: pictures can't be taken; the message names every field.
    """
    taken = await all_of(_picture_or_problem(name, field) for name, field in named.items())
    if problems := [str(each) for each in taken if isinstance(each, InvalidRequest)]:
        raise InvalidRequest("; ".join(problems))
    return {name: each for name, each in zip(named, taken, strict=True) if isinstance(each, StoredObject)}


async def _picture_or_problem(file: str, field: str) -> StoredObject | InvalidRequest:
    try:
        return await take_in_picture(file, field)
    except InvalidRequest as problem:
        return problem


@step(policies.TAKING_IN, name="take-in-picture", run_name="take-in-picture {field}")
async def take_in_picture(file: str, field: str) -> StoredObject:
    """Check a picture, turn it upright and store it.

    Raise InvalidRequest about `field` on failure.
    """
    with scratch_dir(wiring.scratch_root(), "picture") as folder:
        try:
            async with _at_hand(file, folder, PICTURES, MAX_PICTURE_BYTES) as path:
                plain = await in_a_thread(import_picture, path, folder, wiring.is_stored_picture)
        except InvalidRequest as error:
            raise InvalidRequest(str(error.args[0]), field) from error
        return await upload(plain, GIVEN_PICTURES, media_type_of(plain.name))


@step(policies.TAKING_IN_MUSIC, name="take-in-music")
async def take_in_music(file: str, field: str) -> Sound:
    """Check a piece of music, or take one of the mood that `file` names; measure and store it.

    Raise InvalidRequest about `field` on failure.
    """
    with scratch_dir(wiring.scratch_root(), "music") as folder:
        plain = folder / "music.flac"
        if file in tuple(Mood):
            measured, credit = await in_a_thread(import_mood, file, plain)
            return Sound(stored=await upload(plain, "music", "audio/flac"), credit=credit, **measured)
        try:
            async with _at_hand(file, folder, music.MEDIA_TYPES, music.MAX_BYTES) as path:
                measured = await in_a_thread(music.import_music, path, plain, field)
        except InvalidRequest as error:
            raise InvalidRequest(str(error.args[0]), field) from error
        return Sound(stored=await upload(plain, "music", "audio/flac"), **measured)


async def take_in_music_bed(music: Music) -> MusicBed:
    """Take in a film's music; return it as it is laid under the film."""
    sound = await take_in_music(music.file, "music.file")
    return MusicBed(sound=sound, loudness_lufs=music.loudness_lufs, fade_out_s=music.fade_out_s)


@asynccontextmanager
async def _at_hand(named: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> AsyncIterator[Path]:
    """Yield a local file with the named content."""
    if named.startswith(("http://", "https://")):
        yield await wiring.fetch_file(named, folder, media_types, max_bytes)
    elif digest_in(named):
        async with wiring.opened_key(named) as path:
            yield path
    else:
        yield Path(named)
