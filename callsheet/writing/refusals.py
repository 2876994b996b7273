"""The words of a model's server when it refuses a question, in any shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from callsheet.providers.http_errors import retry_after_s

SAID_CHARACTERS = 300
_TEXT_CHARACTERS = 2000
_DEPTH = 6
# The places of servers' words, in order: OpenAI, FastAPI, gateways of many kinds.
_WORD_KEYS = (
    "message",
    "error",
    "detail",
    "msg",
    "errors",
    "error_message",
    "error_msg",
    "errorMessage",
    "error_description",
    "description",
    "reason",
    "title",
    "raw",
    "base_resp",
    "status_msg",
)
_CODE_KEYS = ("code", "type", "status", "param", "reason", "error_code", "status_code")
_TITLE = re.compile(
    r"<title[^<>]*>((?:(?!<title).)*?)</title>|<h1[^<>]*>((?:(?!<h1).)*?)</h1>", re.IGNORECASE | re.DOTALL
)
_PAGE = re.compile(r"\s*+(?><!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_IN_WORDS = re.compile(
    r"(?:try again|retry|wait)\D{0,30}?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|h|hours?|m|min\w*|s|sec\w*)\b"
)
_UNIT_S = {"ms": 0.001, "mi": 60.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_A_YEAR_S = 3.2e7


@dataclass(frozen=True)
class Refusal:
    """A refusal in place of an answer: its HTTP status, and the server's words about it."""

    status: int
    """The HTTP status; 200 for an error inside an answer whose status says that all is well."""
    words: str = ""
    """The server's own words, in one line; empty if there are none."""
    codes: tuple[str, ...] = ()
    """Names of the error for programs: codes, types, the parameter at fault and n_ctx, as strings in lower case."""
    after_s: float | None = None
    """Seconds that the server asks us to wait."""
    location: str = ""
    """The target of a redirect."""
    is_page: bool = False
    """Whether the words are those of a web page for people."""


class Refused(Exception):
    """Carries a refusal out of the exchange with a server."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def refusal_of(status: int, headers: Mapping[str, str], content: bytes) -> Refusal:
    """Return a server's refusal in an HTTP answer without success."""
    text = content.decode("utf-8-sig", "replace")
    if is_page(text):
        return Refusal(status, title_of(text), (), _after_s(headers, ""), headers.get("location", ""), is_page=True)
    body = _json(text)
    words = words_in(body) if body is not None else _plain(text)
    return Refusal(status, words, codes_in(body), _after_s(headers, words), headers.get("location", ""))


def refusal_in(body: object, headers: Mapping[str, str]) -> Refusal:
    """Return the same for an error inside an answer with the status 200."""
    words = words_in(body)
    return Refusal(200, words, codes_in(body), _after_s(headers, words))


def words_in(body: object) -> str:
    """Return the words of an error's body.

    Words that a server passes on from another come after its own.
    """
    found = list(dict.fromkeys(_words(body, _DEPTH)))
    return one_line(": ".join(found))


def codes_in(body: object) -> tuple[str, ...]:
    """Return codes and types of an error's body, wherever they stand."""
    return tuple(dict.fromkeys(_codes(body, _DEPTH)))


def is_page(text: str) -> bool:
    """Return whether this is a web page for people."""
    return bool(_PAGE.match(text))


def title_of(page: str) -> str:
    """Return the title or heading of a web page."""
    found = _TITLE.search(page)
    return one_line(unescape(re.sub(r"<[^>]*>", " ", found[1] or found[2] or ""))) if found else ""


def one_line(text: str) -> str:
    """Return text in one line, at most as long as a message may be."""
    return " ".join(text.split())[:SAID_CHARACTERS]


def _words(said: object, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(said, str):
        inner = _json(said) if said.lstrip().startswith(("{", "[")) else None
        if isinstance(inner, dict | list):
            yield from _words(inner, depth - 1)
        elif said.strip():
            yield said.strip()
    elif isinstance(said, list):
        for each in said[:3]:
            yield from _words(each, depth - 1)
    elif isinstance(said, dict):
        yield from _words_of_object(said, depth)


def _words_of_object(said: dict[str, Any], depth: int) -> Iterator[str]:
    key = next((key for key in _WORD_KEYS if said.get(key) and any(_words(said[key], depth - 1))), None)
    if key is not None:
        place = said.get("loc")  # FastAPI: ["body", "max_tokens"]
        where = f"{'.'.join(map(str, place))}: " if isinstance(place, list) else ""
        yield from (f"{where}{words}" for words in _words(said[key], depth - 1))
    metadata = said.get("metadata")  # a router's: what the service behind it said
    if isinstance(metadata, dict) and key != "raw":
        yield from _words(metadata.get("raw"), depth - 1)


def _codes(said: object, depth: int) -> Iterator[str]:
    if not depth:
        return
    if isinstance(said, list):
        for each in said[:3]:
            yield from _codes(each, depth - 1)
    if not isinstance(said, dict):
        return
    codes = [said[key] for key in _CODE_KEYS if isinstance(said.get(key), str | int)]
    yield from (str(code).lower()[:SAID_CHARACTERS] for code in codes if not isinstance(code, bool))
    if isinstance(said.get("n_ctx"), int):  # llama.cpp
        yield f"n_ctx {said['n_ctx']}"
    for inner in ("error", "detail", "errors", "message", "base_resp"):
        yield from _codes(said.get(inner), depth - 1)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _plain(text: str) -> str:
    """Return the words of a text. Of a traceback, the last line is the one that says something."""
    text = text.strip()
    if text.startswith("Traceback"):
        text = text.rpartition("\n")[2]
    return one_line(text) if len(text) <= _TEXT_CHARACTERS else ""


def _after_s(headers: Mapping[str, str], words: str) -> float | None:
    """Return how long the server asks us to wait: by its headers, else by its words."""
    milliseconds = headers.get("retry-after-ms", "")
    if re.fullmatch(r"\d+(\.\d+)?", milliseconds):
        return float(milliseconds) / 1000
    header = headers.get("retry-after", "").strip()
    seconds = re.fullmatch(r"(\d+(?:\.\d+)?)\s*s?(?:ec\w*)?", header)
    if seconds:
        return float(seconds[1])
    if header:
        return retry_after_s(header)
    found = _IN_WORDS.search(words.lower())
    if found:
        return float(found[1]) * (_UNIT_S.get(found[2][:2]) or _UNIT_S[found[2][0]])
    return _until_reset_s(headers.get("x-ratelimit-reset", ""))


def _until_reset_s(header: str) -> float | None:
    """Return the seconds to a point of time.

    It is given in seconds or milliseconds since 1970, or as seconds from now.
    """
    if not re.fullmatch(r"\d+(\.\d+)?", header):
        return None
    value = float(header)
    if value < _A_YEAR_S:
        return value
    return max(0.0, (value / 1000 if value > 1e11 else value) - datetime.now(UTC).timestamp())
