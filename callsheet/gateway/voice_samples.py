"""Samples of voices over HTTP: a person hears a voice before it speaks a film."""

import asyncio
from collections import OrderedDict
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from callsheet.gateway.access import CallerOf, OpenCounts, too_many
from callsheet.gateway.problems import RETRY_AFTER_S, HttpRefusal
from callsheet.imports import lasting_imports
from callsheet.model.film.narration import EVERY_LANGUAGE, Voice
from callsheet.scratch import scratch_dir
from callsheet.settings import settings
from callsheet.speech.sample_process import speak_apart
from callsheet.threads import in_a_thread

WAITING_OF_A_CALLER = 4
SAMPLES_KEPT = 50
"""A sample has 0.2 MB."""
LANGUAGE_PATTERN = r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"
USUAL_LANGUAGE = "en"
PAID = "openai"
WAV: dict[int | str, dict[str, Any]] = {200: {"description": "A sound", "content": {"audio/wav": {}}}}

router = APIRouter(prefix="/voices", tags=["catalogue"])


class SampleDesk:
    """The samples that one process has heard last. One voice speaks at a time: its model takes 400 MB."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting = OpenCounts()

    async def sample(self, owner: str, voice: str, language: str) -> bytes:
        """Return the sample as WAV. Raises HttpRefusal if the voice can't speak, or too many wait."""
        place = (voice, language)
        if place not in self._kept:
            if self._waiting.of(owner) >= WAITING_OF_A_CALLER:
                raise too_many(f"more than {WAITING_OF_A_CALLER} voices at once; wait until one has spoken")
            with self._waiting.one_more(owner):
                async with self._turn:
                    if place not in self._kept:
                        self._kept[place] = await _speak(voice, language)
            while len(self._kept) > SAMPLES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(place)
        return self._kept[place]


@router.get("/{name}/sample", response_class=Response, responses=WAV)
async def hear_voice(
    name: str,
    request: Request,
    caller: CallerOf,
    language: Annotated[str, Query(max_length=35, pattern=LANGUAGE_PATTERN)] = "",
) -> Response:
    """Speak a sentence with a voice, as WAV. `language` is for voices that speak several."""
    voice = await in_a_thread(_voice_named, name)
    if voice is None:
        sentence = f"there is no voice “{name[:80]}”; /api/v1/voices lists them"
        raise HttpRefusal(HTTPStatus.NOT_FOUND, sentence, field="name")
    if voice.provider == PAID:
        raise HttpRefusal(HTTPStatus.CONFLICT, f"{voice.name} costs money; `callsheet voices --say` speaks with it")
    desk: SampleDesk = request.app.state.samples
    spoken = language or USUAL_LANGUAGE if voice.language == EVERY_LANGUAGE else voice.language
    sound = await desk.sample(caller.owner, voice.name, spoken)
    return Response(sound, media_type="audio/wav", headers={"cache-control": "private, max-age=86400"})


def _voice_named(name: str) -> Voice | None:
    with lasting_imports():
        from callsheet.speech.catalogue import voice_catalogue
    return next((each for each in voice_catalogue().voices if each.name == name), None)


async def _speak(voice: str, language: str) -> bytes:
    with scratch_dir(settings().scratch_dir, "sample") as folder:
        file = folder / "sample.wav"
        if refusal := await in_a_thread(speak_apart, voice, language, file):
            headers = {"retry-after": str(RETRY_AFTER_S)}
            raise HttpRefusal(HTTPStatus.SERVICE_UNAVAILABLE, refusal, headers=headers)
        return file.read_bytes()
