"""A speech service on the network: what it sends, what it refuses, and what becomes of the sentence."""

from pathlib import Path

import pytest

from callsheet.errors import (
    CallsheetError,
    DownloadTruncated,
    MediaUnfit,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
)
from callsheet.model.film.narration import OnVoiceFailure, SpokenSentence, Timing, VoiceChoice
from callsheet.speech.hibari import Hibari
from callsheet.speech.narrator import Narrator
from callsheet.speech.openai_speech import OpenAISpeech
from tests.fakes.speech_server import SECONDS_A_LETTER, SpeechServer

TEXT = "It has 3 parts."
SPOKEN = "It has three parts."
KEY = "sk-test-key"
LOCAL = Hibari()
"""One for all tests: it keeps its model."""
FAULTS: dict[str, type[CallsheetError]] = {
    "dead-key": ProviderRefused,
    "forbidden": ProviderRefused,
    "unknown-model": ProviderRefused,
    "rate-limited": RateLimited,
    "quota": QuotaExhausted,
    "server-error": ProviderUnavailable,
    "bad-gateway": ProviderUnavailable,
    "hung-up": DownloadTruncated,
    "half": DownloadTruncated,
    "mp3": MediaUnfit,
    "page": MediaUnfit,
    "nothing": MediaUnfit,
    "silence": MediaUnfit,
    "slow": ProviderTimeout,
}


async def spoken_by(server: SpeechServer, out: Path, is_last_try: bool = True, **choice: object) -> SpokenSentence:
    """The sentence, spoken by the service, or by what takes over."""
    asked = VoiceChoice.model_validate({"voice": "openai-nova", "on_failure": OnVoiceFailure.FAIL, **choice})
    narrator = Narrator([OpenAISpeech(server.url, KEY, "test-voice", timeout_s=1), LOCAL])
    return await narrator.speak(TEXT, "en", asked, out, is_last_try=is_last_try)


@pytest.mark.parametrize("reply", ["good", "streamed"])
async def test_a_service_speaks(tmp_path: Path, reply: str):
    """It is sent speakable text; the silence at both ends of its sound is cut off, and words are estimated."""
    with SpeechServer(reply) as server:
        sentence = await spoken_by(server, tmp_path / "out.wav", speed=1.25)
    assert server.asked == [
        {"model": "test-voice", "input": SPOKEN, "voice": "nova", "response_format": "wav", "speed": 1.25}
    ]
    assert server.keys == [f"Bearer {KEY}"]
    assert sentence.length_s == pytest.approx(len(SPOKEN) * SECONDS_A_LETTER, abs=0.15)
    assert (sentence.timing, [word.text for word in sentence.words]) == (Timing.ESTIMATED, TEXT.split())


async def test_any_voice_of_a_service_may_be_named(tmp_path: Path):
    """Servers have voices that the catalogue can't know."""
    with SpeechServer() as server:
        sentence = await spoken_by(server, tmp_path / "out.wav", voice="openai:af_sky+af_bella")
    assert server.asked[0]["voice"] == "af_sky+af_bella"
    assert sentence.voice is not None
    assert sentence.voice.name == "openai:af_sky+af_bella"


@pytest.mark.parametrize("reply", FAULTS)
async def test_a_service_that_fails_fails_as_its_answer_says(tmp_path: Path, reply: str):
    """Each as its class, asked once, and the key in no message."""
    with SpeechServer(reply) as server, pytest.raises(FAULTS[reply]) as raised:
        await spoken_by(server, tmp_path / "out.wav")
    assert type(raised.value) is FAULTS[reply]
    assert len(server.asked) == 1
    assert KEY not in str(raised.value)


async def test_a_service_says_how_long_to_wait(tmp_path: Path):
    """Its Retry-After goes along."""
    with SpeechServer("rate-limited") as server, pytest.raises(RateLimited) as raised:
        await spoken_by(server, tmp_path / "out.wav")
    assert raised.value.retry_after_s == 7


@pytest.mark.parametrize("reply", ["dead-key", "quota", "server-error", "half", "mp3", "silence"])
async def test_the_next_voice_takes_over(tmp_path: Path, reply: str):
    """A voice of this machine speaks, and the sentence says who spoke and why."""
    with SpeechServer(reply) as server:
        sentence = await spoken_by(server, tmp_path / "out.wav", on_failure=OnVoiceFailure.NEXT_VOICE)
    assert sentence.voice is not None
    assert (sentence.voice.name, sentence.timing) == ("heart", Timing.EXACT)
    assert len(sentence.passed_over) == 1
    assert sentence.passed_over[0].startswith("openai-nova: ")


async def test_silence_takes_over_at_once_if_asked(tmp_path: Path):
    """As long as a voice would take, with times for captions."""
    with SpeechServer("dead-key") as server:
        sentence = await spoken_by(server, tmp_path / "out.wav", on_failure=OnVoiceFailure.SILENT)
    assert sentence.voice is None
    assert [word.text for word in sentence.words] == TEXT.split()
    assert 1 <= sentence.length_s < 3
    assert set((tmp_path / "out.wav").read_bytes()[44:]) == {0}


async def test_what_may_pass_is_tried_again_before_another_voice_speaks(tmp_path: Path):
    """Unless it is the last try, the error reaches the caller; what never passes does not wait."""
    with SpeechServer("server-error") as server, pytest.raises(ProviderUnavailable):
        await spoken_by(server, tmp_path / "out.wav", is_last_try=False, on_failure=OnVoiceFailure.NEXT_VOICE)
    with SpeechServer("dead-key") as server:
        given = {"is_last_try": False, "on_failure": OnVoiceFailure.NEXT_VOICE}
        assert (await spoken_by(server, tmp_path / "out.wav", **given)).passed_over


async def test_a_service_out_of_reach_is_unavailable(tmp_path: Path):
    """Nothing listens there."""
    with SpeechServer() as server:
        pass
    with pytest.raises(ProviderUnavailable):
        await spoken_by(server, tmp_path / "out.wav")
