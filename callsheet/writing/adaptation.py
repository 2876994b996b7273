"""Puts a question in another form if a server refuses its form and names the form that it takes.

Servers of one protocol differ in the name of the bound on an answer, and in its size. Some know no instructions as a
separate role, and some only stream. A refused question costs nothing, so it is sent once more in the form that the
server asks for. The lesson holds for the next questions, too (see `learned`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from http import HTTPStatus
from typing import Any

from callsheet.writing.refusals import Refusal

LEAST_ANSWER_TOKENS = 1024
"""Bound on an answer below which no scene fits into it: it is not asked for."""
_BOUNDS = ("max_completion_tokens", "max_tokens", "max_output_tokens", "max_new_tokens")
"""Names of the bound on an answer; each of the first two is tried if a refusal of the other names no successor."""
_OWN_FIELDS = ("model", "messages")
_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.OK)
_UNKNOWN = re.compile(
    r"unsupported|not supported|unknown|unrecogni[sz]ed|not permitted|not allowed|unexpected|does not support"
    r"|deprecated"
)
_SYSTEM = re.compile(
    r"(system|developer)[\w' -]*(role|message|instruction|prompt)s?[\w' -]*(not|un)[\w -]*(support|allow|enabl|permit)"
    r"|(unsupported|unknown|invalid|unexpected|not support\w*)[\w' :-]*['\"]?(system|developer)\b"
    r"|(role|roles)[\w' :-]*['\"](system|developer)['\"]"
)
_ALTERNATE = re.compile(r"roles? must alternate|alternate user|first message must be|must start with (a )?['\"]?user")
_STREAM = re.compile(
    r"non-?stream|stream(ing)? (mode )?(is )?(only|required|must)|only supports? (the )?stream|stream[=: ]+true"
    r"|['\"]?stream['\"]? (must|should|has to) be|requires? stream"
)
_RANGE = re.compile(r"\[\s*\d+\s*,\s*(\d+)\s*\]")
_AT_MOST = re.compile(
    r"(?:at most|less than or equal to|<=|≤|maximum(?: allowed)?(?: value)?(?: for \S+)?(?: is|:| of)|cannot exceed"
    r"|must not exceed|only afford|limit(?: is|:| of)|between \d+ and|greater than)[\s`'\"]*(\d[\d,_]*)"
)
_ROOM = (
    # vLLM, two generations; TGI.
    re.compile(r"maximum context length is (?P<window>\d+) tokens.*?\((?P<read>\d+) (?:tokens )?(?:in|from) the "),
    re.compile(r"maximum context length is (?P<window>\d+) tokens.*?request has (?P<read>\d+) input tokens"),
    re.compile(r"must be <= (?P<window>\d+)\. given: (?P<read>\d+) `?inputs"),
)


class Form(StrEnum):
    """The changes of a question."""

    RENAME_BOUND = auto()
    LOWER_BOUND = auto()
    FOLD_INSTRUCTIONS = auto()
    STREAM = auto()
    LEAVE_OUT = auto()


@dataclass(frozen=True)
class Change:
    """One change of a question's form."""

    form: Form
    value: str | int = ""
    """The new name, the highest bound, or the field to leave out."""
    is_for_all: bool = True
    """Whether it holds for other questions, too: the room for an answer depends on the question."""

    def applied(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the question in this form."""
        match self.form:
            case Form.RENAME_BOUND:
                return {str(self.value) if name in _BOUNDS else name: value for name, value in body.items()}
            case Form.LOWER_BOUND:
                limit = int(self.value)
                return {name: min(value, limit) if name in _BOUNDS else value for name, value in body.items()}
            case Form.FOLD_INSTRUCTIONS:
                return {**body, "messages": _folded(body["messages"])}
            case Form.STREAM:
                return {**body, "stream": True, "stream_options": {"include_usage": True}}
            case Form.LEAVE_OUT:
                return {name: value for name, value in body.items() if name != self.value}


def change_for(refusal: Refusal, body: dict[str, Any]) -> Change | None:
    """Return the change after which a server may take this question.

    Return None if it names none that changes it.
    """
    if refusal.status not in _REFUSED:
        return None
    words = refusal.words.lower()
    return next((change for change in _changes(words, refusal, body) if change.applied(body) != body), None)


def _changes(words: str, refusal: Refusal, body: dict[str, Any]) -> Iterator[Change]:
    is_unknown = refusal.status != HTTPStatus.PAYMENT_REQUIRED and bool(_UNKNOWN.search(words))
    for bound in _BOUNDS:
        if bound not in body:
            continue
        if is_unknown and _names(words, refusal, bound):
            # The refusal may name what it wants; otherwise it is the other usual name.
            usual, *others = (name for name in _BOUNDS if name != bound)
            wanted = [
                n for n in (usual, *others) if re.search(rf"(?:use|mean) ['\"`]?{n}\b|\b{n}['\"`]? instead", words)
            ]
            yield from (Change(Form.RENAME_BOUND, name) for name in wanted or ([] if usual in words else [usual]))
        yield from _lower_bounds(words, body[bound], refusal.status)
    if _SYSTEM.search(words) or _ALTERNATE.search(words):
        yield Change(Form.FOLD_INSTRUCTIONS)
    if _STREAM.search(words):
        yield Change(Form.STREAM)
    for name in body if is_unknown else ():
        if name not in (*_OWN_FIELDS, *_BOUNDS) and _names(words, refusal, name):
            yield Change(Form.LEAVE_OUT, name)


def _names(words: str, refusal: Refusal, name: str) -> bool:
    """Return whether a refusal is about this field."""
    return name in refusal.codes or re.search(rf"(?<![\w]){name}(?![\w])", words) is not None


def _lower_bounds(words: str, bound: int, status: int) -> Iterator[Change]:
    for pattern in _ROOM:
        room = pattern.search(words)
        if room:
            left = int(room["window"]) - int(room["read"])
            if LEAST_ANSWER_TOKENS <= left < bound:
                yield Change(Form.LOWER_BOUND, left, is_for_all=False)
            return
    if not re.search(r"max_\w*tokens|max output tokens|output tokens|completion tokens", words):
        return
    for pattern in (_RANGE, _AT_MOST):
        for found in pattern.finditer(words):
            limit = int(re.sub(r"\D", "", found[1]))
            if LEAST_ANSWER_TOKENS <= limit < bound:
                # The limit of today's credits is no rule of the server.
                yield Change(Form.LOWER_BOUND, limit, is_for_all=status != HTTPStatus.PAYMENT_REQUIRED)


def _folded(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one message of the user that begins with the instructions."""
    texts = [text for message in messages if (text := _text(message.get("content")))]
    return [{"role": "user", "content": "\n\n".join(texts)}]


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")
