"""Captions of YouTube, from a server on loopback that answers as YouTube does."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from youtube_transcript_api import _transcripts

from callsheet.errors import InvalidRequest
from callsheet.sources.documents.document_intake import open_document
from tests.documents.conftest import shown
from tests.pace import POLL_S

VIDEO = "abc-DEF_123"
FIRST, SECOND = '<text start="1.5" dur="2">Bees &amp;amp; flies</text>', '<text start="3.5" dur="1">fly.</text>'
CAPTIONS = f"<transcript>{FIRST}{SECOND}</transcript>"
PAGE = '<html>"INNERTUBE_API_KEY": "key"</html>'


@dataclass
class FakeYouTube:
    """What the server answers; tests change it."""

    authority: str = ""
    page: str = PAGE
    page_status: int = 200
    captions: str = CAPTIONS
    tracks: list[dict[str, object]] = field(default_factory=list)
    playability: dict[str, object] = field(default_factory=lambda: {"status": "OK"})
    asked: list[str] = field(default_factory=list)

    def track(self, language: str, *, is_generated: bool = False, path: str = "/captions") -> None:
        """Offer captions in this language."""
        name = {"runs": [{"text": language}]}
        track: dict[str, object] = {"baseUrl": f"http://{self.authority}{path}?lang={language}", "name": name}
        self.tracks.append(track | {"languageCode": language} | ({"kind": "asr"} if is_generated else {}))

    def player(self) -> str:
        """Return the answer that names the tracks."""
        captions = {"playerCaptionsTracklistRenderer": {"captionTracks": self.tracks}} if self.tracks else {}
        details = {"title": "A film  of bees"}
        return json.dumps({"playabilityStatus": self.playability, "captions": captions, "videoDetails": details})


@pytest.fixture
def youtube(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeYouTube]:
    """Return a server on loopback, to which the library's addresses lead."""
    fake = FakeYouTube()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.asked.append(self.path)
            is_page = self.path.startswith("/watch")
            self.answer(fake.page_status if is_page else 200, "text/html", fake.page if is_page else fake.captions)

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.asked.append(f"{self.path} {sent['videoId']}")
            self.answer(200, "application/json", fake.player())

        def answer(self, status: int, media_type: str, text: str) -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the interface of the server
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.authority = f"127.0.0.1:{server.server_port}"
    monkeypatch.setattr(_transcripts, "WATCH_URL", f"http://{fake.authority}/watch?v={{video_id}}")
    monkeypatch.setattr(_transcripts, "INNERTUBE_API_URL", f"http://{fake.authority}/player?key={{api_key}}")
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join(10)


async def read(youtube, tmp_path, limits, url=f"https://www.youtube.com/watch?v={VIDEO}&t=4s", *, is_allowed=True):
    """Read a video as `callsheet read` does."""
    folder = tmp_path / "read"
    folder.mkdir()
    allowed = frozenset({youtube.authority}) if is_allowed else frozenset()
    return (await open_document(url, folder, limits, allowed)).document


async def test_what_is_said_becomes_a_document(youtube, tmp_path, limits):
    """With the title of the video, its language, and the second of each paragraph."""
    youtube.track("en", is_generated=True)
    youtube.track("de")
    youtube.track("en", path="/by-people")
    document = await read(youtube, tmp_path, limits)
    assert shown(document) == ["paragraph: Bees & flies fly."]
    assert (document.title, document.language, str(document.blocks[0].place)) == ("A film of bees", "en", "0:01")
    assert youtube.asked == [f"/watch?v={VIDEO}", f"/player?key=key {VIDEO}", "/by-people?lang=en"]


@pytest.mark.parametrize("address", ["youtu.be/{}?si=x", "m.youtube.com/shorts/{}", "www.youtube.com/live/{}#t=1"])
async def test_all_forms_of_an_address_are_known(youtube, tmp_path, limits, address):
    """Captions in another language are taken if there are no others."""
    youtube.track("fi")
    document = await read(youtube, tmp_path, limits, f"https://{address.format(VIDEO)}")
    assert document.language == "fi"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"page_status": 429}, "does not give this machine the captions of .*; save its captions as SRT or WebVTT"),
        ({"page": '<div class="g-recaptcha">'}, "does not give this machine the captions"),
        ({"page": "something else"}, "does not give this machine the captions"),
        ({"tracks": []}, "has no captions; save its captions as SRT or WebVTT, and give that file"),
        ({"captions": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "does not give this machine the captions"),
        ({"captions": ""}, "does not give this machine the captions"),
        ({"playability": {"status": "ERROR", "reason": "This video is unavailable"}}, "there is no video at"),
        (
            {"playability": {"status": "LOGIN_REQUIRED", "reason": "Sign in to confirm you’re not a bot"}},
            "does not give this machine the captions",
        ),
    ],
)
async def test_a_refusal_is_one_sentence_with_another_way(youtube, tmp_path, limits, change, sentence):
    """Whatever YouTube answers."""
    youtube.track("en")
    for name, value in change.items():
        setattr(youtube, name, value)
    with pytest.raises(InvalidRequest, match=sentence) as caught:
        await read(youtube, tmp_path, limits)
    assert "\n" not in str(caught.value)


async def test_its_requests_keep_to_the_rules_for_addresses(youtube, tmp_path, limits):
    """A private address is not asked, also if YouTube names one."""
    with pytest.raises(InvalidRequest, match=r"can't be fetched: nothing is fetched from port"):
        await read(youtube, tmp_path, limits, is_allowed=False)
    assert youtube.asked == []


async def test_a_channel_is_no_video(tmp_path, limits):
    """The sentence says what to give."""
    with pytest.raises(InvalidRequest, match="names no video; give the address of one video"):
        await open_document("https://www.youtube.com/@bees", tmp_path, limits)
