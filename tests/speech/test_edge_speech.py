"""The voices of Edge: exact times of words, and each failure as its class."""

from pathlib import Path

import pytest

from callsheet.errors import (
    CallsheetError,
    DownloadTruncated,
    InvalidRequest,
    MediaUnfit,
    ProviderRefused,
    ProviderUnavailable,
    RateLimited,
)
from callsheet.model.film.narration import OnVoiceFailure, SpokenSentence, Timing, VoiceChoice
from callsheet.speech.edge_speech import EdgeSpeech
from callsheet.speech.narrator import Narrator
from tests.fakes.edge_server import edge_server

TEXT = "It has 3 parts."
FAULTS: dict[str, type[CallsheetError]] = {
    "forbidden": ProviderRefused,
    "rate-limited": RateLimited,
    "half": DownloadTruncated,
    "nothing": MediaUnfit,
    "noise": MediaUnfit,
    "nonsense": ProviderUnavailable,
}


async def spoken_by_edge(out: Path, voice: str = "edge:en-GB-SoniaNeural") -> SpokenSentence:
    """The sentence, spoken by the service alone."""
    choice = VoiceChoice(voice=voice, speed=1.2, on_failure=OnVoiceFailure.FAIL)
    return await Narrator([EdgeSpeech(timeout_s=5)]).speak(TEXT, "en", choice, out)


async def test_edge_speaks_with_exact_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It gets speakable text, and its times are those of the written words."""
    async with edge_server("good") as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.url)
        sentence = await spoken_by_edge(tmp_path / "out.wav")
    assert len(server.asked) == 1
    assert "It has three parts." in server.asked[0]
    assert "rate='+20%'" in server.asked[0]
    assert (sentence.timing, [word.text for word in sentence.words]) == (Timing.EXACT, TEXT.split())
    starts = [word.start_s - sentence.words[0].start_s for word in sentence.words]
    assert starts == [pytest.approx(0.3 * number, abs=0.3) for number in range(4)]
    assert sentence.voice is not None
    assert sentence.voice.language == "en-GB"


@pytest.mark.parametrize("reply", FAULTS)
async def test_edge_fails_as_its_answer_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reply: str):
    """Each as its class."""
    async with edge_server(reply) as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", server.url)
        with pytest.raises(FAULTS[reply]) as raised:
            await spoken_by_edge(tmp_path / "out.wav")
    assert type(raised.value) is FAULTS[reply]


async def test_a_name_that_edge_can_not_have_is_refused(tmp_path: Path):
    """Before anything is sent."""
    with pytest.raises(InvalidRequest, match=r"^voice: "):
        await spoken_by_edge(tmp_path / "out.wav", "edge:Sonia")
