"""Chat completions as servers really send them, turned into the protocol's form.

Servers leave out fields that clients rarely read (`id`, `object`, `index`, `role`), give them other types, stream
without being asked, or speak another protocol. Every text with the words of the model is an answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from itertools import pairwise
from typing import Any

from callsheet.writing.refusals import Refusal, Refused, is_page, one_line, refusal_in, title_of
from callsheet.writing.thoughts import split_thoughts

Json = dict[str, Any]
_FINISHED = {
    "length": "length",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "model_length": "length",
    "max_length": "length",
    "model_context_window_exceeded": "length",
    "context_length_exceeded": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "recitation": "content_filter",
    "prohibited_content": "content_filter",
    "refusal": "content_filter",
    "tool_calls": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
}
_THINKING_KEYS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
_USAGE = {
    "prompt_tokens": ("prompt_tokens", "input_tokens", "prompt_eval_count"),
    "completion_tokens": ("completion_tokens", "output_tokens", "eval_count"),
}
_SHOWN_CHARACTERS = 80
# The errors for a text that is no JSON, or is nested too deeply.
_NO_JSON = (ValueError, RecursionError)
_LEAST_REPEATED = 16
"""Least characters of an answer that a stream repeats at its end: fewer may be a part of the answer itself."""


class Unreadable(Exception):
    """The body is no answer of a language model; `str` says what it is."""


def read_completion(content: bytes, headers: Mapping[str, str]) -> Json:
    """Return the answer in the form of the protocol, with one choice.

    Raises Refused for an error that came in place of the answer, for a web page, and for an answer without a choice;
    Unreadable for a body that is no answer at all.
    """
    text = _decoded(content)
    if is_page(text):
        raise Refused(Refusal(HTTPStatus.OK, title_of(text), is_page=True))
    found = _documents(text)
    parts = [part for each in found for part in (each if isinstance(each, list) else [each]) if isinstance(part, dict)]
    if not parts:
        raise Unreadable(f"it begins “{one_line(text)[:_SHOWN_CHARACTERS]}”" if text.strip() else "it is empty")
    for part in parts:
        if _is_error(part):
            raise Refused(refusal_in(part if part.get("error") else _choice(part), headers))
    return _completion(parts, headers)


def without_surrogates(text: str) -> str:
    """Return text that can be written as UTF-8.

    Pairs of surrogates become letters, single ones a question mark.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _documents(text: str) -> list[object]:
    """Return the JSON in a body: one value, or one a line, or one an event of a stream.

    Comments are left out.
    """
    with suppress(*_NO_JSON):
        return [json.loads(text)]
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(":")]
    with suppress(*_NO_JSON):
        return [json.loads("\n".join(lines))]
    return [found for line in lines for found in _in_line(line)]


def _in_line(line: str) -> Iterator[object]:
    name, colon, value = line.partition(":")
    data = value.strip() if colon and name == "data" else line
    if data.startswith(("{", "[")) and data != "[DONE]":
        with suppress(*_NO_JSON):
            yield json.loads(data)


def _is_error(part: Json) -> bool:
    """Return whether this is an error in place of an answer, at the top or in its choice."""
    if part.get("error"):
        return True
    choice = _choice(part)
    return bool(choice.get("error")) and not _said(choice)


def _choice(part: Json) -> Json:
    choices = part.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else choices
    return first if isinstance(first, dict) else {}


def _said(choice: Json) -> Json:
    """Return the message of a choice, or its piece of one."""
    for key in ("message", "delta"):
        if isinstance(choice.get(key), dict):
            return {name: value for name, value in choice[key].items() if value not in (None, "", [])}
    return {"content": choice["text"]} if isinstance(choice.get("text"), str) else {}


class _Answer:
    """The sum of an answer's pieces."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._thinking: list[str] = []
        self.refusal = ""
        self.tools: dict[int, Json] = {}
        self.finish: str | None = None

    def add(self, said: Json) -> None:
        content, thinking = split_content(said.get("content"))
        thinking += next(filter(None, ("".join(split_content(said.get(key))) for key in _THINKING_KEYS)), "")
        self._content += [content] if content else []
        self._thinking += [thinking] if thinking else []
        self.refusal += said["refusal"] if isinstance(said.get("refusal"), str) else ""
        tools = said.get("tool_calls") or ([{"function": said["function_call"]}] if "function_call" in said else [])
        for number, tool in enumerate(tools if isinstance(tools, list) else []):
            self._add_tool(number, tool if isinstance(tool, dict) else {})

    @property
    def content(self) -> str:
        """Return the words so far."""
        return _joined(self._content)

    def _add_tool(self, number: int, tool: Json) -> None:
        index = tool["index"] if isinstance(tool.get("index"), int) else number
        function = tool.get("function")
        function = function if isinstance(function, dict) else {}
        known = self.tools.setdefault(index, {"name": "", "arguments": ""})
        arguments = function.get("arguments") or ""
        known["name"] = str(function.get("name") or known["name"])
        known["arguments"] += arguments if isinstance(arguments, str) else json.dumps(arguments)

    def message(self) -> Json:
        content, thoughts = split_thoughts(self.content)
        thinking = "\n".join(filter(None, (_joined(self._thinking), thoughts)))
        calls = [
            {"id": f"call_{index}", "type": "function", "function": {**tool, "name": tool["name"] or "unnamed"}}
            for index, tool in sorted(self.tools.items())
        ]
        return {
            "role": "assistant",
            "content": without_surrogates(content) or None,
            **({"reasoning_content": without_surrogates(thinking)} if thinking else {}),
            **({"refusal": without_surrogates(self.refusal)} if self.refusal else {}),
            **({"tool_calls": calls} if calls else {}),
        }


def _joined(pieces: list[str]) -> str:
    """Return the text of its pieces, each part once.

    Some streams end with the whole once more, or repeat in each piece all that came before.

    Short pieces say little: “1” and then “10” are 110.
    """
    before = "".join(pieces[:-1])
    is_repeated = len(before) >= _LEAST_REPEATED and pieces[-1].startswith(before)
    is_growing = len("".join(pieces[-2:-1])) >= _LEAST_REPEATED and all(
        later.startswith(earlier) for earlier, later in pairwise(pieces)
    )
    return pieces[-1] if is_repeated or is_growing else "".join(pieces)


def _completion(parts: list[Json], headers: Mapping[str, str]) -> Json:
    answer, seen = _Answer(), False
    for part in parts:
        for said, finish in _pieces(part):
            seen = True
            answer.add(said)
            answer.finish = finish or answer.finish
    if not seen:
        keys = {key for part in parts for key in part}
        said_instead = refusal_in(parts, headers)
        if said_instead.words:
            raise Refused(said_instead)
        if "choices" in keys:
            raise Refused(Refusal(HTTPStatus.OK, "it sent an answer without any choice in it", ("no_choices",)))
        raise Unreadable(f"its fields are {', '.join(sorted(keys)[:6])}" if keys else "it is an empty object")
    usage = next((found for part in reversed(parts) if (found := _usage(part))), None)
    model = next((part["model"] for part in parts if isinstance(part.get("model"), str)), "")
    created = parts[0].get("created")
    finish_reason = _finish_reason(answer)
    return {
        "id": str(parts[0].get("id") or "unnamed"),
        "object": "chat.completion",
        "created": int(created) if isinstance(created, int | float) and 0 < created < 2**33 else 0,
        "model": without_surrogates(model),
        "choices": [{"index": 0, "message": answer.message(), "finish_reason": finish_reason}],
        **({"usage": usage} if usage else {}),
    }


def _pieces(part: Json) -> Iterator[tuple[Json, str | None]]:
    """Yield messages or pieces of them, with the reason for their end.

    They come in the protocol's form or in a server's own.
    """
    choice = _choice(part)
    if choice:
        finish = choice.get("finish_reason") or choice.get("native_finish_reason")
        yield _said(choice), finish if isinstance(finish, str) else None
    elif "choices" not in part:
        finish = part.get("done_reason") or part.get("stop_reason")
        reason = finish if isinstance(finish, str) else None
        if isinstance(part.get("message"), dict):  # Ollama's own protocol
            yield part["message"], reason
        elif isinstance(part.get("response"), str):
            yield {"content": part["response"]}, reason
        elif isinstance(part.get("content"), str | list):  # llama.cpp's own; Anthropic's
            yield {"content": part["content"]}, reason


def _finish_reason(answer: _Answer) -> str:
    said = (answer.finish or "").lower()
    if answer.finish is None and answer.tools and not answer.content:
        return "tool_calls"
    return _FINISHED.get(said, "stop")


def split_content(content: object) -> tuple[str, str]:
    """Return words and thoughts of a message's content: a text, a list of parts, or one part."""
    if isinstance(content, str):
        return content, ""
    if isinstance(content, list):
        both = [split_content(part) for part in content]
        return "".join(words for words, _ in both), "".join(thoughts for _, thoughts in both)
    if not isinstance(content, dict):
        return "", ""
    if "thinking" in content or str(content.get("type")).startswith(("thinking", "reasoning")):
        inner = next((content[key] for key in ("thinking", "text", "summary") if key in content), None)
        return "", "".join(split_content(inner))
    inner = next((content[key] for key in ("text", "content", "value") if key in content), None)
    return split_content(inner)


def _usage(part: Json) -> Json | None:
    """Return the counts of tokens. A missing count is calculated from the others, or stays out."""
    given = part.get("usage")
    given = given if isinstance(given, dict) else part if "eval_count" in part else None
    if given is None:
        return None
    counts: Json = {
        name: next(filter(None, (_count(given.get(key)) for key in keys)), 0) for name, keys in _USAGE.items()
    }
    total = _count(given.get("total_tokens"))
    if not any(counts.values()) and not total:
        return None
    for name, other in (("completion_tokens", "prompt_tokens"), ("prompt_tokens", "completion_tokens")):
        if not counts[name] and counts[other]:
            counts[name] = max(0, total - counts[other])
    counts["total_tokens"] = total or sum(counts.values())
    for key in ("prompt_tokens_details", "completion_tokens_details"):
        if isinstance(given.get(key), dict):
            counts[key] = {name: _count(value) for name, value in given[key].items() if _count(value)}
    return counts


def _count(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d+", value):
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53 else 0
