"""Music under a film, and captions in it: measured in the files that come out."""

import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from callsheet.errors import InvalidRequest
from callsheet.media import music
from callsheet.media.music import import_music
from callsheet.media.probe import probe_video
from callsheet.media.tracks import add_tracks, gain_db
from callsheet.model.film.caption_files import webvtt
from callsheet.model.film.captions import cues_between
from callsheet.model.film.media import StoredObject
from callsheet.model.film.sound import MusicBed, Sound
from tests.synthetic import (
    SAMPLE_RATE_HZ,
    decoding_warnings,
    frame_hashes,
    numbered,
    samples_of,
    tiny_profile,
    tone,
    write_clip,
)

PROFILE = tiny_profile(64, 36)
FILM_S = 4
STORED = StoredObject(key="music", sha256="", size_bytes=1, media_type="audio/flac")


def piece(path: Path, length_s: float, volume: float = 0.5) -> Path:
    """A chord of so many seconds, in the format of the file's name."""
    tones = f"aevalsrc={volume}*(sin(440*2*PI*t)+sin(660*2*PI*t))/2:d={length_s}:s=44100"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", tones, str(path)], check=True)
    return path


def bed(folder: Path, source: Path, loudness_lufs: float = -20.0, fade_out_s: float = 1.0) -> tuple[Path, MusicBed]:
    """The music taken in."""
    path = folder / "taken-in.flac"
    sound = Sound(stored=STORED, **import_music(source, path, "music.file"))
    return path, MusicBed(sound=sound, loudness_lufs=loudness_lufs, fade_out_s=fade_out_s)


def film(path: Path, has_sound: bool = False) -> Path:
    """Four seconds of numbered pictures."""
    sound = tone(Fraction(FILM_S), 1_000, 0.25) if has_sound else None
    write_clip(path, PROFILE, FILM_S * PROFILE.frame_rate, numbered(PROFILE, 1), sound)
    return path


def loudness_lufs(path: Path) -> float:
    """Integrated loudness, as ffmpeg measures it."""
    argv = ["ffmpeg", "-nostdin", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(argv, capture_output=True, check=True, text=True).stderr
    return float(told.rpartition("I:")[2].split()[0])


def subtitles_of(path: Path) -> str:
    """What a player reads from the subtitle track."""
    argv = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", "0:s:0", "-f", "webvtt", "-"]
    return subprocess.run(argv, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("name", ["short.mp3", "short.m4a", "short.wav", "short.flac", "short.ogg", "long.mp3"])
def test_music_is_as_long_and_as_loud_as_it_was_asked_to_be(tmp_path: Path, name: str):
    """Repeated or cut, in every format; the pictures are the same packets."""
    source = piece(tmp_path / name, 1.3 if name.startswith("short") else 9)
    out = tmp_path / "out.mp4"
    add_tracks(film(tmp_path / "film.mp4"), Fraction(FILM_S), False, bed(tmp_path, source, fade_out_s=0), None, out)
    assert frame_hashes(out) == frame_hashes(tmp_path / "film.mp4")
    assert probe_video(out, PROFILE)["has_audio"]
    heard = samples_of(out)
    assert abs(len(heard) - FILM_S * SAMPLE_RATE_HZ) <= 1024
    assert loudness_lufs(out) == pytest.approx(-20, abs=0.7)
    assert decoding_warnings(out) == ""


def test_music_fades_out_at_the_end(tmp_path: Path):
    """Nothing is heard in the last moment, and before the fade it is as loud as ever."""
    source = piece(tmp_path / "m.wav", 1)
    out = tmp_path / "out.mp4"
    add_tracks(film(tmp_path / "film.mp4"), Fraction(FILM_S), False, bed(tmp_path, source, fade_out_s=2), None, out)
    level = [np.sqrt(np.mean(part**2)) for part in np.array_split(samples_of(out)[: FILM_S * SAMPLE_RATE_HZ], 40)]
    assert level[10] == pytest.approx(level[2], rel=0.1)
    assert level[-1] < 0.12 * level[2]
    assert level[25] > level[32] > level[38]


def test_a_peak_is_never_too_high(tmp_path: Path):
    """Music that can't be made that loud without distortion stays quieter."""
    _, laid = bed(tmp_path, piece(tmp_path / "m.wav", 2), loudness_lufs=-10)
    spiky = laid.model_copy(update={"sound": laid.sound.model_copy(update={"true_peak_dbtp": -1.5})})
    assert gain_db(spiky) == 0.5
    assert gain_db(laid) == pytest.approx(-10 - laid.sound.loudness_lufs, abs=0.01)


def test_the_film_s_own_sound_stays(tmp_path: Path):
    """Both tones are in what is heard."""
    source = piece(tmp_path / "m.wav", 1)
    out = tmp_path / "out.mp4"
    add_tracks(film(tmp_path / "film.mp4", has_sound=True), Fraction(FILM_S), True, bed(tmp_path, source), None, out)
    spectrum = np.abs(np.fft.rfft(samples_of(out)[:SAMPLE_RATE_HZ]))
    assert all(spectrum[hertz] > 50 * np.median(spectrum) for hertz in (440, 1_000))


def test_captions_are_a_subtitle_track(tmp_path: Path):
    """The words and their times, and nothing of them is taken for styling."""
    cues = cues_between("{\\an8}Tom & <b>Jerry</b> --> über alles", 15, 99, 30)
    words = tmp_path / "c.vtt"
    words.write_text(webvtt(cues), encoding="utf-8")
    out = tmp_path / "out.mp4"
    add_tracks(film(tmp_path / "film.mp4", has_sound=True), Fraction(FILM_S), True, None, words, out)
    read = subtitles_of(out)
    assert "00:00.500 --> 00:03.233" in read
    assert "｛＼an8｝Tom & <b>Jerry</b> --> über alles" in read
    assert frame_hashes(out) == frame_hashes(tmp_path / "film.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.vtt", "film.mp4", "out.mp4"]


def test_what_is_taken_in_again_is_the_same_file(tmp_path: Path):
    """A stored sound that is given by its key keeps its key."""
    once, twice = tmp_path / "1.flac", tmp_path / "2.flac"
    first = import_music(piece(tmp_path / "m.mp3", 2), once, "music.file")
    assert import_music(once, twice, "music.file") == first
    assert once.read_bytes() == twice.read_bytes()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no file"),
        (b"#EXTM3U\nfile:///etc/passwd\n", f"it is no {music.FORMATS}"),
        (b"fLaC" + bytes(400), "the file is damaged"),
        ("aevalsrc=0:d=2", "it is silent"),
        ("sine=440:d=0.2", "it is shorter than 0.5 seconds"),
    ],
)
def test_a_file_that_is_no_music_is_refused(tmp_path: Path, content: bytes | str | None, sentence: str):
    """In a sentence, with the field; a playlist is never followed."""
    source = tmp_path / "given.wav"
    if isinstance(content, bytes):
        source.write_bytes(content)
    elif content:
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", content, str(source)], check=True)
    with pytest.raises(InvalidRequest, match=rf"music\.file: .*{sentence}"):
        import_music(source, tmp_path / "out.flac", "music.file")
