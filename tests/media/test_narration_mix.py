"""The sound of a film that speaks: measured in the samples that players hear."""

from fractions import Fraction
from pathlib import Path
from wave import open as open_wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.errors import MediaUnfit
from callsheet.media.music import import_music
from callsheet.media.narration_mix import PlacedSound, mix_narration, music_envelope
from callsheet.media.tracks import add_tracks
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

STORED = StoredObject(key="music", sha256="", size_bytes=1, media_type="audio/flac")
VOICE_RATE_HZ = 24_000


def write_wav(path: Path, samples: np.ndarray, rate_hz: int = VOICE_RATE_HZ) -> Path:
    """A mono file of 16 bits."""
    with open_wave(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def babble(length_s: float, seed: int = 1) -> np.ndarray:
    """Something as loud and as lively as speech: noise in syllables, below 4 kHz."""
    random = np.random.default_rng(seed)
    at_s = np.arange(round(length_s * VOICE_RATE_HZ)) / VOICE_RATE_HZ
    noise = np.convolve(random.normal(0, 0.2, len(at_s)), np.ones(6) / 6, "same")
    return noise * np.clip(np.sin(2 * np.pi * 4 * at_s), 0, 1)


def sentence(folder: Path, start_s: float, length_s: float, seed: int = 1) -> PlacedSound:
    """A sentence that is heard from its first to its last sample."""
    path = write_wav(folder / f"{seed}.wav", babble(length_s, seed))
    return PlacedSound(path, start_s, (start_s, start_s + length_s))


def bed(folder: Path, frequency_hz: float = 3_000, loudness_lufs: float = -20.0) -> tuple[Path, MusicBed]:
    """A steady tone as music, so that its level can be read in every moment."""
    source = write_wav(folder / "tone.wav", 0.3 * np.sin(2 * np.pi * frequency_hz * np.arange(72_000) / 24_000))
    path = folder / "music.flac"
    sound = Sound(stored=STORED, **import_music(source, path, "music.file"))
    return path, MusicBed(sound=sound, loudness_lufs=loudness_lufs, fade_out_s=1)


def level_db(samples: np.ndarray, start_s: float, end_s: float) -> float:
    """Root mean square of a stretch."""
    part = samples[round(start_s * SAMPLE_RATE_HZ) : round(end_s * SAMPLE_RATE_HZ)]
    return float(20 * np.log10(np.sqrt(np.mean(part.astype(float) ** 2)) + 1e-9))


def test_the_mix_has_the_loudness_and_the_length_of_a_film(tmp_path: Path):
    """-16 LUFS within one, no peak above -1.5 dBTP, and as many samples as the pictures last."""
    sentences = [sentence(tmp_path, 0.6, 3, 1), sentence(tmp_path, 5.0, 4, 2)]
    length_s = Fraction(10 * 30 + 1, 30)
    mixed = mix_narration(length_s, sentences, bed(tmp_path), None, tmp_path / "mix.m4a")
    assert mixed.measured.loudness_lufs == pytest.approx(-16, abs=1)
    assert mixed.measured.true_peak_dbtp <= -1.5
    assert mixed.music_under_speech_lufs == -31
    assert mixed.length_s == pytest.approx(float(length_s), abs=1 / SAMPLE_RATE_HZ)
    assert abs(len(samples_of(tmp_path / "mix.m4a")) - length_s * SAMPLE_RATE_HZ) <= SAMPLE_RATE_HZ / 60
    assert [path.name for path in tmp_path.glob("mix*")] == ["mix.m4a"]


@pytest.mark.parametrize("start_s", [0.0, 0.5, 3.98765])
def test_a_sentence_begins_at_its_sample(tmp_path: Path, start_s: float):
    """Where a click was put, it is heard, to a fifth of a millisecond, at any rate of the voice."""
    silence = np.zeros(VOICE_RATE_HZ)
    silence[2_400] = 0.9
    spoken = PlacedSound(write_wav(tmp_path / "click.wav", silence), start_s, None)
    mix_narration(Fraction(6), [spoken], None, None, tmp_path / "mix.m4a")
    heard = int(np.argmax(np.abs(samples_of(tmp_path / "mix.m4a"))))
    assert abs(heard - round((start_s + 0.1) * SAMPLE_RATE_HZ)) <= 10


def test_a_sentence_may_be_spoken_twice(tmp_path: Path):
    """The same file at two places: it is heard from both starts, and is silent between."""
    first = sentence(tmp_path, 0.5, 1.0)
    again = PlacedSound(first.path, 3.0, (3.0, 4.0))
    mix_narration(Fraction(6), [first, again], None, None, tmp_path / "mix.m4a")
    sound = samples_of(tmp_path / "mix.m4a")
    assert level_db(sound, 0.5, 1.5) == pytest.approx(level_db(sound, 3.0, 4.0), abs=0.5)
    assert level_db(sound, 1.8, 2.8) < level_db(sound, 0.5, 1.5) - 40


def test_music_makes_way_for_speech_and_comes_back(tmp_path: Path):
    """Eleven decibels lower while a voice speaks, also in a pause of half a second; back before the end."""
    silent = [
        PlacedSound(write_wav(tmp_path / "a.wav", np.zeros(48_000)), start_s, (start_s, start_s + 2))
        for start_s in (3.0, 5.5)
    ]
    mix_narration(Fraction(12), silent, bed(tmp_path), None, tmp_path / "mix.m4a")
    heard = samples_of(tmp_path / "mix.m4a")
    usual = level_db(heard, 1.0, 2.4)
    assert level_db(heard, 3.1, 7.4) == pytest.approx(usual - 11, abs=0.5)
    assert level_db(heard, 8.6, 10.5) == pytest.approx(usual, abs=0.5)
    assert level_db(heard, 11.95, 12) < usual - 20


def test_nothing_clicks(tmp_path: Path):
    """A tone that is cut into sentences, repeated music and a film's end: no step between two samples."""
    at_s = np.arange(VOICE_RATE_HZ) / VOICE_RATE_HZ
    abrupt = write_wav(tmp_path / "abrupt.wav", 0.3 * np.cos(2 * np.pi * 200 * at_s))
    sentences = [PlacedSound(abrupt, start_s, (start_s, start_s + 1)) for start_s in (0.7, 1.9, 3.5)]
    mix_narration(Fraction(4), sentences, bed(tmp_path, 300), None, tmp_path / "mix.m4a")
    heard = samples_of(tmp_path / "mix.m4a")
    steps = np.abs(np.diff(heard))
    assert steps.max() < 3 * 2 * np.pi * 300 / SAMPLE_RATE_HZ * np.abs(heard).max()
    assert abs(heard[-1]) < 0.01


def test_the_sound_of_the_clips_stays_where_it_is(tmp_path: Path):
    """Its tone is heard beside the voice."""
    profile = tiny_profile(64, 36)
    film = tmp_path / "film.mp4"
    write_clip(film, profile, 4 * profile.frame_rate, numbered(profile, 1), tone(Fraction(4), 5_000, 0.2))
    mix_narration(Fraction(4), [sentence(tmp_path, 1, 2)], None, film, tmp_path / "mix.m4a")
    spectrum = np.abs(np.fft.rfft(samples_of(tmp_path / "mix.m4a")[:SAMPLE_RATE_HZ]))
    assert spectrum[5_000] > 50 * np.median(spectrum)


def test_a_sentence_that_is_no_sound_is_named(tmp_path: Path):
    """By its file."""
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    with pytest.raises(MediaUnfit, match=r"broken\.wav"):
        mix_narration(Fraction(1), [PlacedSound(broken, 0, None)], None, None, tmp_path / "mix.m4a")


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), max_size=20), st.floats(-30, -1))
def test_the_envelope_is_low_in_every_moment_of_speech(lengths: list[tuple[float, float]], under_db: float):
    """It never jumps, never exceeds the music's level, and is at it where speech is far away."""
    spans = [(start_s, start_s + length_s) for start_s, length_s in lengths]
    times, gains = music_envelope(spans, under_db)
    assert times == sorted(times)
    assert all(under_db <= gain <= 0 for gain in gains)
    for start_s, end_s in spans:
        assert np.interp(np.linspace(start_s, end_s, 9), times, gains) == pytest.approx(under_db, abs=1e-6)
    assert np.interp(200, times, gains) == 0


def test_a_film_takes_the_mix_as_its_sound(tmp_path: Path):
    """The same packets of pictures, the mix in place of the film's own track, and both as long as each other."""
    profile = tiny_profile(64, 36)
    film, mix, out = (tmp_path / name for name in ("film.mp4", "mix.m4a", "out.mp4"))
    write_clip(film, profile, 4 * profile.frame_rate, numbered(profile, 1), tone(Fraction(4), 5_000, 0.2))
    mix_narration(Fraction(4), [sentence(tmp_path, 1, 2)], None, None, mix)
    add_tracks(film, Fraction(4), True, None, None, out, mix)
    assert frame_hashes(out) == frame_hashes(film)
    assert np.array_equal(samples_of(out), samples_of(mix))
    assert decoding_warnings(out) == ""
