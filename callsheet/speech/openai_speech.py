"""Voices of OpenAI's speech service, and of every server that speaks its protocol (`POST …/audio/speech`).

One attempt a call. It asks for WAV: that has a length to check, and needs no decoder.
"""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from callsheet.errors import CallsheetError, DownloadTruncated, MediaUnfit, ProviderRefused, QuotaExhausted
from callsheet.model.film.narration import Lexicon, Voice
from callsheet.providers.http_errors import connection_faults, passing_fault, retry_after_s
from callsheet.speech.provider import Speech
from callsheet.speech.sound_files import SoundTruncated, read_wav

DEFAULT_URL = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-4o-mini-tts"
LONGEST_INPUT = 4096
"""Characters of one request."""
_MAX_BYTES = 100_000_000
_CONNECT_S = 10.0
_SAID_CHARACTERS = 300
_QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached")
_HINTS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: " (check CALLSHEET_SPEECH_API_KEY)",
    HTTPStatus.FORBIDDEN: " (check CALLSHEET_SPEECH_API_KEY, and whether its account may use this model)",
    HTTPStatus.NOT_FOUND: " (check CALLSHEET_SPEECH_BASE_URL and CALLSHEET_SPEECH_MODEL)",
}


class OpenAISpeech:
    """Speaks by a service at `url`, which ends before `/audio/speech`. The service tells no times of words."""

    name = "openai"

    def __init__(
        self, url: str = DEFAULT_URL, key: str = "", model: str = DEFAULT_MODEL, timeout_s: float = 120.0
    ) -> None:
        self._url = f"{url.rstrip('/')}/audio/speech"
        self._key = key
        self._model = model
        self._timeout = httpx.Timeout(timeout_s, connect=_CONNECT_S)
        self._service = f"The speech service at {httpx.URL(url).host}"

    def digest(self, voice: Voice) -> str:
        """Return the model's name: what changes behind it, the service does not tell."""
        return self._model

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence, as `SpeechProvider` says. It takes no sounds of the lexicon, only respellings."""
        question: dict[str, Any] = {
            "model": self._model,
            "input": spoken[:LONGEST_INPUT],
            "voice": voice.vendor_id,
            "response_format": "wav",
        }
        if speed != 1.0:
            question["speed"] = speed
        content = await self._ask(question)
        what = f"What {self._service[0].lower()}{self._service[1:]} sent"
        try:
            return read_wav(content, what)
        except SoundTruncated as error:
            raise DownloadTruncated(self._service, f"{self._service} sent a part of the sound ({error})") from error

    async def _ask(self, question: dict[str, Any]) -> bytes:
        """Return the answer's body."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        with connection_faults(self._service):
            async with (
                httpx.AsyncClient(timeout=self._timeout, follow_redirects=False) as client,
                client.stream("POST", self._url, json=question, headers=headers) as answer,
            ):
                content = await self._read(answer)
        if answer.status_code != HTTPStatus.OK:
            raise self._fault(answer.status_code, answer.headers, content)
        return content

    async def _read(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        try:
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > _MAX_BYTES:
                    raise MediaUnfit(self._service, f"at most {_MAX_BYTES // 1_000_000} MB of sound", "more")
        except httpx.RemoteProtocolError:
            what = f"{self._service} closed the connection in the middle of its answer"
            raise DownloadTruncated(self._service, what) from None
        return bytes(content)

    def _fault(self, status: int, headers: httpx.Headers, content: bytes) -> CallsheetError:
        """Return our error for an answer that is an error."""
        words, code = _said(content)
        said = words.replace(self._key, "…") if self._key else words
        if status == HTTPStatus.PAYMENT_REQUIRED or code in _QUOTA_CODES:
            return QuotaExhausted(self._service, said)
        if fault := passing_fault(self._service, status, said, retry_after_s(headers.get("retry-after", ""))):
            return fault
        said = said or f"HTTP {status}, without a word of explanation"
        return ProviderRefused(self._service, status, said + _HINTS.get(status, ""))


def _said(content: bytes) -> tuple[str, str]:
    """Return the words and the code of an error in the protocol's form, in one line."""
    try:
        answer = json.loads(content)
    except ValueError:
        return "", ""
    error = answer.get("error", answer.get("detail")) if isinstance(answer, dict) else None
    if isinstance(error, dict):
        words, code = error.get("message"), error.get("code")
    else:
        words, code = error, None
    line = " ".join(words.split())[:_SAID_CHARACTERS] if isinstance(words, str) else ""
    return line, code if isinstance(code, str) else ""
