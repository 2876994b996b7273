"""A voice is heard over HTTP before it speaks a film."""

import asyncio
import time

import httpx

from callsheet.gateway import voice_samples
from callsheet.gateway.api import make_api
from callsheet.settings import Settings
from callsheet.speech.sound_files import read_wav

VOICES = "/api/v1/voices"
STILL_FREE_S = 0.5
"""Longest time for an answer that needs no voice; a model that is read in this process takes all of a second."""


def asking(host="127.0.0.1"):
    """A client of an API that listens at this address."""
    transport = httpx.ASGITransport(make_api(Settings(), host))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4280", timeout=120)


async def test_a_voice_is_heard_while_others_are_answered():
    """The sample is a sound; the second time it is there at once, and the gateway answers while a voice speaks."""
    async with asking() as api:
        await api.get(f"{VOICES}?language=en")
        speaking = [asyncio.create_task(api.get(f"{VOICES}/heart/sample")) for _ in range(2)]
        slowest_s = 0.0
        while not all(each.done() for each in speaking):
            begun = time.perf_counter()
            assert (await api.get(f"{VOICES}/nobody/sample")).status_code == 404
            slowest_s = max(slowest_s, time.perf_counter() - begun)
            await asyncio.sleep(0.05)
        first, second = (each.result() for each in speaking)
        assert first.status_code == 200, first.text
        assert first.headers["content-type"] == "audio/wav"
        assert first.content == second.content
        sound = read_wav(first.content, "The sample")
        assert 1 < len(sound.samples) / sound.sample_rate_hz < 6
        assert abs(sound.samples).max() > 0.1
        begun = time.perf_counter()
        assert (await api.get(f"{VOICES}/heart/sample")).content == first.content
        assert time.perf_counter() - begun < STILL_FREE_S
        assert slowest_s < STILL_FREE_S


async def test_a_voice_that_can_not_be_heard_says_why():
    """Voices that cost money are not spoken by a click, a voice that fails says a sentence, and few wait at once."""
    async with asking() as api:
        paid = await api.get(f"{VOICES}/openai-ash/sample")
        assert (paid.status_code, "costs money" in paid.json()["detail"]) == (409, True)
        assert (await api.get(f"{VOICES}/heart/sample", params={"language": "e n"})).status_code == 422
        desk = voice_samples.SampleDesk()
        async with desk._turn:
            waiting = [
                asyncio.create_task(desk.sample("ada", f"espeak-{code}", code)) for code in ("de", "cy", "fr", "ga")
            ]
            await asyncio.sleep(0)
            refused = await asyncio.gather(desk.sample("ada", "espeak-it", "it"), return_exceptions=True)
            assert "more than 4 voices at once" in str(refused[0])
        assert all(sound.startswith(b"RIFF") for sound in await asyncio.gather(*waiting))
        [failed] = await asyncio.gather(desk.sample("ada", "no-such-voice", "en"), return_exceptions=True)
        assert (failed.status, "no voice “no-such-voice”" in failed.detail) == (503, True)
    async with asking("0.0.0.0") as api:
        assert (await api.get(f"{VOICES}/heart/sample", headers={"host": "127.0.0.1"})).status_code == 401
