"""Music by mood: a loop without a seam, which says who composed it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.media.moods import import_mood, loop_samples
from callsheet.model.film.sound import Mood, Music
from callsheet.model.requests.explainer import ExplainerRequest
from callsheet.model.requests.video import VideoRequest
from tests.synthetic import SAMPLE_RATE_HZ, samples_of


@pytest.mark.parametrize("mood", [Mood.CALM, Mood.ENERGETIC])
def test_a_piece_of_a_mood_repeats_without_a_seam(tmp_path: Path, mood: Mood):
    """From its last sample to its first one is no larger step than within the piece."""
    measured, credit = import_mood(mood, tmp_path / "loop.flac")
    heard = samples_of(tmp_path / "loop.flac")
    steps = np.abs(np.diff(heard))
    assert abs(heard[0] - heard[-1]) <= steps.max()
    assert 15 < len(heard) / SAMPLE_RATE_HZ < 35
    assert -25 < measured["loudness_lufs"] < -8
    assert "composed by a machine" in credit


@given(st.integers(20 * SAMPLE_RATE_HZ, 40 * SAMPLE_RATE_HZ), st.integers(60, 180))
def test_a_loop_is_whole_bars_and_leaves_room_for_its_seam(samples: int, tempo: int):
    """To the sample."""
    loop, seam = loop_samples(samples, tempo)
    bars = loop * tempo / (240 * SAMPLE_RATE_HZ)
    assert abs(bars - round(bars)) < 1e-3
    assert 0 < seam < loop
    assert loop + seam <= samples + 1


def test_none_is_no_music():
    """The word for a film without music, alone or as its file."""
    titled = {"title": "Quiet", "topic": "Snow"}
    assert VideoRequest.model_validate({**titled, "music": "none"}).music is None
    assert ExplainerRequest.model_validate({"text": "# Snow", "music": {"file": "none"}}).music is None
    assert VideoRequest.model_validate({**titled, "music": "calm"}).music == Music(file="calm")


def test_a_word_stands_for_music():
    """A mood or a file alone."""
    assert Music.model_validate("calm") == Music(file="calm")
    assert Music.model_validate({"file": "song.mp3", "fade_out_s": 1}).fade_out_s == 1
