"""Voices of Microsoft Edge's “read aloud”, by the package edge-tts: no key, exact times of words.

The service is unofficial: it may change or refuse without notice. One attempt a call, except that the package asks once
more after a 403, because the service refuses requests of a clock that differs from its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callsheet.errors import (
    DownloadTruncated,
    InvalidRequest,
    MediaUnfit,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from callsheet.media.recordings import import_recording
from callsheet.model.film.narration import Lexicon, Voice
from callsheet.providers.http_errors import passing_fault
from callsheet.speech.provider import Speech, SpokenWord
from callsheet.speech.sound_files import read_wav
from callsheet.speech.text_map import word_places
from callsheet.threads import in_a_thread

SERVICE = "The speech service of Edge"
TICKS_A_SECOND = 10_000_000
_MAX_BYTES = 20_000_000
_CONNECT_S = 10


class EdgeSpeech:
    """Speaks with the voices of Edge."""

    name = "edge"

    def __init__(self, timeout_s: float = 60.0) -> None:
        self._timeout_s = timeout_s

    def digest(self, voice: Voice) -> str:
        """Return nothing more than the voice's name: the service tells no version."""
        return ""

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says. It takes no sounds of the lexicon, only respellings."""
        sound, told = await self._ask(spoken, voice.vendor_id, speed)
        with TemporaryDirectory(dir=folder) as place:
            given, plain = Path(place) / "given.mp3", Path(place) / "plain.wav"
            given.write_bytes(sound)
            try:
                await in_a_thread(import_recording, given, plain, "sound")
            except InvalidRequest:
                raise MediaUnfit(f"What {SERVICE[0].lower()}{SERVICE[1:]} sent", "MP3", "something else") from None
            speech = read_wav(plain.read_bytes(), SERVICE)
        words = _words(spoken, told)
        places = word_places(spoken)
        if places and not any(word.ends_at == places[-1][1] for word in words):
            raise DownloadTruncated(SERVICE, f"{SERVICE} sent a part of the sentence")
        return Speech(speech.samples, speech.sample_rate_hz, words, True) if len(words) == len(places) else speech

    async def _ask(self, spoken: str, name: str, speed: float) -> tuple[bytes, list[Any]]:
        """Return the sound, and the times of words as the service reports them."""
        import edge_tts

        sound, told = bytearray(), []
        with _faults():
            asked = edge_tts.Communicate(
                spoken,
                name,
                rate=f"{round((speed - 1) * 100):+d}%",
                boundary="WordBoundary",
                connect_timeout=_CONNECT_S,
                receive_timeout=max(1, round(self._timeout_s)),
            )
            async for message in asked.stream():
                if message["type"] == "audio":
                    sound += message["data"]
                else:
                    told.append(message)
                if len(sound) > _MAX_BYTES:
                    raise MediaUnfit(SERVICE, f"at most {_MAX_BYTES // 1_000_000} MB of sound", "more")
        return bytes(sound), told


@contextmanager
def _faults() -> Iterator[None]:
    """Raise the errors of the package as ours."""
    import aiohttp
    from edge_tts.exceptions import EdgeTTSException, NoAudioReceived

    try:
        yield
    except ValueError as error:  # the name of the voice has another form
        raise InvalidRequest(f"Edge has no such voice: {error}", "voice") from None
    except NoAudioReceived:
        raise MediaUnfit(SERVICE, "speech", "nothing; check the name of the voice") from None
    except aiohttp.ClientResponseError as error:
        fault = passing_fault(SERVICE, error.status, f"HTTP {error.status}")
        raise fault or ProviderRefused(SERVICE, error.status, f"HTTP {error.status}") from None
    except TimeoutError:
        raise ProviderTimeout(SERVICE, f"{SERVICE} did not answer in time") from None
    except (aiohttp.ClientError, EdgeTTSException, OSError):
        raise ProviderUnavailable(SERVICE, f"{SERVICE} can't be reached, or closed the connection") from None


def _words(spoken: str, told: list[Any]) -> tuple[SpokenWord, ...]:
    """Return the words with times; parts of a word become one."""
    words: list[SpokenWord] = []
    places, place = word_places(spoken), 0
    for each in told:
        found = spoken.find(each["text"], place)
        inside = [span for span in places if span[0] <= found < span[1]] if found >= 0 else []
        if not inside:
            continue
        place = found + len(each["text"])
        start_s = each["offset"] / TICKS_A_SECOND
        word = SpokenWord(*inside[0], start_s, start_s + each["duration"] / TICKS_A_SECOND)
        if words and words[-1].begins_at == word.begins_at:
            word = SpokenWord(*inside[0], words[-1].start_s, word.end_s)
            words.pop()
        words.append(word)
    return tuple(words)
