"""The captions of a video at YouTube, as a document.

The library that knows how YouTube answers gets a session of ours: each of its requests goes through `fetch.ask`, and so
only to the public network, with limits on size and time. YouTube refuses many machines, most of all those of clouds.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.errors import InvalidRequest
from callsheet.fence.job import FenceLimits
from callsheet.model.film.document import MAX_NAME_CHARACTERS, DocumentKind
from callsheet.sources.documents.document_reader import FIELD, OpenedDocument, read_document
from callsheet.sources.fetch import AskLimits, ask
from callsheet.threads import in_a_thread

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from youtube_transcript_api import Transcript, TranscriptList

MAX_ANSWER_BYTES = 12_000_000
"""A page of YouTube has one to two megabytes, the captions of eight hours one."""
TOTAL_S = 30.0
_HOST = re.compile(
    r"https?://(?:(?:www|m|music)\.)?(?:youtube\.com|youtu\.be|youtube-nocookie\.com)(?=[/?#]|$)", re.IGNORECASE
)
_VIDEO = re.compile(r"(?:[?&]v=|youtu\.be/|/(?:shorts|embed|live|v)/)([\w-]{11})(?![\w-])", re.IGNORECASE)
_GIVE_FILE = "save its captions as SRT or WebVTT, and give that file"


@dataclass(frozen=True)
class _Captions:
    title: str
    language: str
    webvtt: str


def is_youtube(source: str) -> bool:
    """Return whether an address leads to YouTube."""
    return bool(_HOST.match(source))


async def read_captions(
    url: str,
    folder: Path,
    limits: FenceLimits,
    allowed_hosts: frozenset[str] = frozenset(),
    on_progress: Callable[[int], None] = lambda blocks: None,
) -> OpenedDocument:
    """Read what is said in a video. `folder` is an empty scratch folder of the caller's.

    `allowed_hosts` are as in `FetchLimits`. Captions that people wrote come before those that YouTube made.

    Raises:
        InvalidRequest: about `document`; it is no video, has no captions, or YouTube does not give them.
        ProviderTimeout, ProviderUnavailable: trying again later may help.
    """
    found = _VIDEO.search(url)
    if found is None:
        raise InvalidRequest(f"“{url[:200]}” names no video; give the address of one video", FIELD)
    captions = await in_a_thread(_captions_of, found[1], url[:200], allowed_hosts)
    file = folder / "captions.vtt"
    await in_a_thread(file.write_text, captions.webvtt, "utf-8")
    opened = await read_document(file, url, folder, limits, on_progress, DocumentKind.WEBVTT)
    return OpenedDocument(opened.document.model_copy(update={"title": captions.title}), opened.pictures)


def _captions_of(video_id: str, url: str, allowed_hosts: frozenset[str]) -> _Captions:
    """Ask YouTube for the captions of a video."""
    from youtube_transcript_api import YouTubeTranscriptApi, YouTubeTranscriptApiException
    from youtube_transcript_api._errors import NoTranscriptFound, TranscriptsDisabled, VideoUnavailable

    titles: list[str] = []
    session = _session(allowed_hosts, titles)
    try:
        transcript = _chosen(YouTubeTranscriptApi(http_client=session).list(video_id))
        spoken = transcript.fetch()
    except (TranscriptsDisabled, NoTranscriptFound):
        raise InvalidRequest(f"the video at “{url}” has no captions; {_GIVE_FILE}", FIELD) from None
    except VideoUnavailable:
        raise InvalidRequest(f"there is no video at “{url}”; check the address", FIELD) from None
    except InvalidRequest as error:
        raise InvalidRequest(f"“{url}” can't be fetched: {error.args[0]}", FIELD) from error
    except (YouTubeTranscriptApiException, ValueError, LookupError, TypeError, AttributeError, SyntaxError) as error:
        # Its answers change without notice: what the library can't read is a refusal, too.
        raise InvalidRequest(
            f"YouTube does not give this machine the captions of “{url}”; {_GIVE_FILE}", FIELD
        ) from error
    cues = (
        f"{_time(snippet.start)} --> {_time(snippet.start + snippet.duration)}\n{_line(snippet.text)}\n"
        for snippet in spoken
    )
    webvtt = "\n".join(["WEBVTT", f"Language: {transcript.language_code}", "", *cues])
    return _Captions(titles[-1] if titles else "", transcript.language_code, webvtt)


def _chosen(found: "TranscriptList") -> "Transcript":
    """Return the captions of the language that is spoken, by people if there are such; else the first."""
    tracks = list(found)
    spoken = next((track.language_code for track in tracks if track.is_generated), None)
    by_people = [track for track in tracks if not track.is_generated]
    return next((track for track in by_people if track.language_code == spoken), (by_people or tracks)[0])


def _time(second: float) -> str:
    minutes, seconds = divmod(max(0.0, second), 60)
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{seconds:06.3f}"


def _line(text: str) -> str:
    return " ".join(text.replace("-->", "→").split()) or "…"


def _session(allowed_hosts: frozenset[str], titles: list[str]) -> "Session":
    """Return a session whose requests keep to the rules for addresses. Titles of videos are added to `titles`."""
    from requests import Response, Session
    from requests.adapters import BaseAdapter
    from requests.structures import CaseInsensitiveDict
    from requests.utils import get_encoding_from_headers

    class Adapter(BaseAdapter):
        """Sends each request through the one door to the network."""

        def send(self, request: "PreparedRequest", *_arguments: Any, **_options: Any) -> "Response":
            """Return the answer to a request."""
            body = request.body if isinstance(request.body, bytes | str) else b""
            answer = asyncio.run(
                ask(
                    request.method or "GET",
                    request.url or "",
                    {name: str(value) for name, value in request.headers.items()},
                    body.encode() if isinstance(body, str) else body,
                    AskLimits(MAX_ANSWER_BYTES, TOTAL_S, allowed_hosts),
                )
            )
            response = Response()
            response.status_code = answer.status
            response.headers = CaseInsensitiveDict(answer.headers)
            response.encoding = get_encoding_from_headers(response.headers) or "utf-8"
            response.url, response.request = request.url or "", request
            response._content, response._content_consumed = answer.content, True
            return response

        def close(self) -> None:
            """Do nothing: no connection stays open."""

    def note_title(response: "Response", **_options: Any) -> None:
        if "json" in response.headers.get("content-type", ""):
            details: Mapping[str, Any] = response.json().get("videoDetails") or {}
            titles.append(" ".join(str(details.get("title") or "").split())[:MAX_NAME_CHARACTERS])

    session = Session()
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", Adapter())
    session.mount("http://", Adapter())
    session.hooks["response"].append(note_title)
    return session
