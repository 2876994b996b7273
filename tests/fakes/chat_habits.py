"""List how public servers of language models answer, and what Callsheet does: one table for the tests and the docs.

    python -m tests.fakes.chat_habits > docs/model_servers.md

writes the page that people read. The shapes are those of published protocols and of public reports about servers.
"""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.chat_server import GOOD_SCENE, Asked, Reply, Turn, error, rate_limited

SCENE = "makes the scene"
REFUSED = "ends the scene at once"
WAITING = "lets the run wait"
LATER = "asks again later, then ends the scene"
ABANDONED = "finds no usable code"
CODE = f"```python\n{GOOD_SCENE}```\n"
DRAFT = GOOD_SCENE.replace("CircleBecomesSquare", "DraftOnly")
USAGE = {"prompt_tokens": 4000, "completion_tokens": 200, "total_tokens": 4200}
ADDRESS = r"CALLSHEET_WRITER_BASE_URL; it usually ends with /v1"
CONTEXT = r"reads .*OLLAMA_CONTEXT_LENGTH"
MISSING = object()


@dataclass(frozen=True)
class Habit:
    """What a server answers, one request after the other, and what becomes of it."""

    script: tuple[Turn, ...]
    outcome: str = SCENE
    requests: int = 1
    says: str = ""
    """What stands in the sentence that people see; a regular expression."""
    within_s: float = 60
    """Longest time that an answer may take."""


def completion(message: Any = MISSING, usage: Any = USAGE, choice: dict[str, Any] | None = None, **top: Any) -> Reply:
    """A chat completion with changes; what is MISSING is left out."""
    said = {"role": "assistant", "content": CODE} if message is MISSING else message
    chosen = {"index": 0, "message": said, "finish_reason": "stop", **(choice or {})}
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_790_000_000, "model": "test-writer",
        "choices": [without_missing(chosen)], "usage": usage, **top,
    }  # fmt: skip
    return Reply(body=json.dumps(without_missing(body)).encode())


def without_missing(values: dict[str, Any]) -> dict[str, Any]:
    """What is there of it."""
    return {name: value for name, value in values.items() if value is not MISSING}


def said(content: Any, finish: Any = "stop", **more: Any) -> Reply:
    """A completion whose message says this."""
    return completion({"role": "assistant", "content": content, **more}, choice={"finish_reason": finish})


def sent(
    body: str | bytes | dict[str, Any] | list[Any], status: int = 200, kind: str = "application/json", **headers: str
) -> Reply:
    """A body as it is."""
    if isinstance(body, dict | list):
        body = json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(
        body=body if isinstance(body, bytes) else body.encode(), status=status, content_type=kind, headers=named
    )


def scene(*replies: Turn, requests: int | None = None, says: str = "") -> Habit:
    """Return a habit from which Callsheet makes a scene."""
    return Habit(replies, SCENE, requests or len(replies), says)


def refused(reply: Turn, says: str, requests: int = 1) -> Habit:
    """Return a habit that ends the scene at once."""
    return Habit((reply,), REFUSED, requests, says)


def later(reply: Turn, says: str, requests: int = 5) -> Habit:
    """Return a habit after which Callsheet asks again later, and ends the scene at last."""
    return Habit((reply,), LATER, requests, says)


def waiting(reply: Turn, says: str) -> Habit:
    """Return a habit after which the run waits until the server answers again."""
    return Habit((reply,), WAITING, says=says)


def abandoned(*replies: Turn, requests: int, says: str) -> Habit:
    """Return a habit of a model that answers without usable code."""
    return Habit(replies, ABANDONED, requests, says)


def streamed(*pieces: dict[str, Any], before: str = "", done: str = "data: [DONE]\n\n") -> bytes:
    """Events of a stream."""
    return (before + "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + done).encode()


def delta(text: str, finish: str | None = None) -> dict[str, Any]:
    """A piece of an answer."""
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }


def unless(is_right: Callable[[dict[str, Any]], bool], refusal: Reply, answer: Turn = CODE) -> Callable[[Asked], Reply]:
    """Refuses questions that are not right."""
    good = completion() if answer is CODE else answer
    return lambda asked: good if is_right(asked.body) and isinstance(good, Reply) else refusal


def inside(body: Any) -> Reply:
    """An error with the status 200."""
    return sent({"error": body})


PIECES = [delta(part) for part in (CODE[:40], CODE[40:])]
HALF = GOOD_SCENE[:90]
PAGE = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>"
TOO_LONG = "This model's maximum context length is 4096 tokens. However, your messages resulted in 4390 tokens"

READ: dict[str, Habit] = {
    "everything as the protocol says": scene(completion()),
    "no usage": scene(completion(usage=MISSING)),
    "usage null": scene(completion(usage=None)),
    "usage without completion_tokens": scene(completion(usage={"prompt_tokens": 4000, "total_tokens": 4200})),
    "usage of strings": scene(completion(usage={name: str(count) for name, count in USAGE.items()})),
    "usage with null fields": scene(
        completion(usage={**USAGE, "completion_tokens": None, "prompt_tokens_details": None})
    ),
    "usage with floats": scene(completion(usage={name: float(count) for name, count in USAGE.items()})),
    "usage with more details": scene(
        completion(usage={**USAGE, "cost": 0.1, "prompt_tokens_details": {"cached_tokens": 3}})
    ),
    "no id": scene(completion(id=MISSING)),
    "id a number": scene(completion(id=7)),
    "no created": scene(completion(created=MISSING)),
    "created null": scene(completion(created=None)),
    "created in milliseconds": scene(completion(created=1_790_000_000_000)),
    "created a text": scene(completion(created="2026-11-28T16:00:00Z")),
    "created a float": scene(completion(created=1_790_000_000.5)),
    "no model": scene(completion(model=MISSING)),
    "model null": scene(completion(model=None)),
    "no object": scene(completion(object=MISSING)),
    "another object": scene(completion(object="chat.completion.v2")),
    "no index": scene(completion(choice={"index": MISSING})),
    "no role": scene(completion({"content": CODE})),
    "another role": scene(completion({"role": "model", "content": CODE})),
    "nothing but choices": scene(completion(usage=MISSING, id=MISSING, object=MISSING, created=MISSING, model=MISSING)),
    "finish_reason null": scene(said(CODE, None)),
    "no finish_reason": scene(said(CODE, MISSING)),
    "finish_reason eos": scene(said(CODE, "eos")),
    "finish_reason STOP": scene(said(CODE, "STOP")),
    "two choices": scene(sent({"choices": [{"message": {"content": CODE}}, {"message": {"content": "x"}}]})),
    "content in parts": scene(said([{"type": "text", "text": CODE[:50]}, {"type": "text", "text": CODE[50:]}])),
    "content in parts that think": scene(
        said([{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": CODE}])
    ),
    "content in strings": scene(said([CODE[:50], CODE[50:]])),
    "content an object": scene(said({"type": "text", "text": CODE})),
    "a completion of the older kind, with text": scene(sent({"choices": [{"text": CODE, "finish_reason": "stop"}]})),
    "Ollama's own protocol": scene(
        sent({"message": {"role": "assistant", "content": CODE}, "done": True, "eval_count": 9})
    ),
    "Ollama's own protocol, line by line": scene(
        sent(
            "\n".join(json.dumps({"message": {"content": part}, "done": False}) for part in (CODE[:50], CODE[50:])),
            kind="application/x-ndjson",
        )
    ),
    "llama.cpp's own protocol": scene(sent({"content": CODE, "stop": True})),
    "Anthropic's protocol": scene(
        sent({"type": "message", "content": [{"type": "text", "text": CODE}], "stop_reason": "end_turn"})
    ),
    "a stream that was not asked for": scene(sent(streamed(*PIECES, delta("", "stop")), kind="text/event-stream")),
    "a stream said to be JSON": scene(sent(streamed(*PIECES, before=": PROCESSING\n\n"))),
    "a stream without its end": scene(sent(streamed(*PIECES, done=""), kind="text/event-stream")),
    "a stream with named events": scene(sent(streamed(*PIECES).replace(b"data: {", b"event: message\ndata: {"))),
    "comment lines before the JSON": scene(sent(b": PROCESSING\n\n: PROCESSING\n\n" + completion().body)),
    "blank lines before the JSON": scene(sent(b"\n \n\n" + completion().body)),
    "a byte order mark": scene(sent(b"\xef\xbb\xbf" + completion().body)),
    "JSON called text/plain": scene(sent(completion().body, kind="text/plain")),
    "JSON called text/html": scene(sent(completion().body, kind="text/html")),
    "Latin-1 instead of UTF-8": scene(
        sent(
            json.dumps({"choices": [{"message": {"content": f"Voilà:\n{CODE}"}}]}, ensure_ascii=False).encode("latin-1")
        )
    ),
    "NaN in the JSON": scene(sent(completion(logprobs=None).body.replace(b'"logprobs": null', b'"logprobs": NaN'))),
    "half an emoji": scene(said(f"\ud83d {CODE}")),
    "half an emoji in the code": scene(said(CODE.replace("circle = ", "# \ud83d\n        circle = "))),
    "a NUL in the words": scene(said(f"\0{CODE}")),
    "300 kB of spaces after the code": scene(said(CODE + " " * 300_000)),
}

THINKING: dict[str, Habit] = {
    "<think> before the code": scene(said(f"<think>\n```python\n{DRAFT}```\n</think>\n{CODE}")),
    "</think> without a beginning": scene(said(f"```python\n{DRAFT}```\nToo dull.\n</think>\n\n{GOOD_SCENE}")),
    "<thinking> before the code": scene(said(f"<thinking>Hm.</thinking>\n{CODE}")),
    "[THINK] before the code": scene(said(f"[THINK]Hm.[/THINK]{CODE}")),
    "<think> that never ends": abandoned(
        said("<think>\nA circle, then …"), requests=2, says="thoughts alone.*A circle, then"
    ),
    "channels of the harmony format": scene(
        said(
            f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{CODE}<|return|>"
        )
    ),
    "<|begin_of_box|> around the code": scene(
        said(f"<think>\n{DRAFT}</think>\n<|begin_of_box|>{GOOD_SCENE}<|end_of_box|>")
    ),
    "</think> in a remark of the code": scene(
        said(CODE.replace("circle = ", "# a tag like </think> ends thoughts\n        circle = "))
    ),
    "thoughts in reasoning_content": scene(said(CODE, reasoning_content="Hm.")),
    "thoughts in reasoning": scene(said(CODE, reasoning="Hm.")),
    "the code in reasoning_content, and no content": scene(said(None, reasoning_content=CODE)),
    "the code in reasoning_details, and no content": scene(
        said(None, reasoning_details=[{"type": "reasoning.text", "text": CODE}])
    ),
    "all tokens used for hidden thoughts": abandoned(
        completion(
            {"content": ""}, {"prompt_tokens": 4000, "completion_tokens": 8000}, choice={"finish_reason": "length"}
        ),
        requests=1,
        says="used up its 8000 tokens with thinking.*CALLSHEET_WRITER_MAX_TOKENS",
    ),
    "all tokens used for hidden thoughts, and a usual end": abandoned(
        completion({"content": ""}, {"prompt_tokens": 4000, "completion_tokens": 8000}),
        requests=1,
        says="used up its 8000 tokens with thinking.*CALLSHEET_WRITER_MAX_TOKENS",
    ),
    "nothing but thoughts": abandoned(
        said("", reasoning="The sizes again."), requests=2, says="thoughts alone.*The sizes again"
    ),
    "all tokens used for thoughts": abandoned(
        said("", "length", reasoning="Again and again."),
        requests=1,
        says="used up its .* tokens with thinking.*CALLSHEET_WRITER_MAX_TOKENS",
    ),
}

NOTHING: dict[str, Habit] = {
    "content null": abandoned(said(None), requests=2, says="the answer is empty"),
    "content empty": abandoned(said(""), requests=2, says="the answer is empty"),
    "content of spaces": abandoned(said("  \n"), requests=2, says="the answer is empty"),
    "empty once": scene(said(""), completion()),
    "no choice": later(completion(choices=[]), "without any choice"),
    "choices null": later(completion(choices=None), "without any choice"),
    "choices null, then better": scene(completion(choices=None), completion()),
    "no field choices": later(completion(choices=MISSING), ADDRESS, requests=2),
    "cut off at its full length": abandoned(
        said(HALF, "length"), requests=1, says="cut off after .* CALLSHEET_WRITER_MAX_TOKENS"
    ),
    "cut off, finish_reason MAX_TOKENS": abandoned(said(HALF, "MAX_TOKENS"), requests=1, says="cut off after"),
    "cut off where the context ends": abandoned(
        completion({"content": HALF}, {"prompt_tokens": 3200, "completion_tokens": 896}, {"finish_reason": "length"}),
        requests=2,
        says="at most 4096 tokens.*num_ctx",
    ),
    "finish_reason model_context_window_exceeded": abandoned(
        completion(
            {"content": HALF},
            {"prompt_tokens": 3200, "completion_tokens": 896},
            {"finish_reason": "model_context_window_exceeded"},
        ),
        requests=2,
        says="at most 4096 tokens.*num_ctx",
    ),
    "a question that fills the context": abandoned(
        completion({"content": "What would you like to see?"}, {"prompt_tokens": 4096, "completion_tokens": 9}),
        requests=2,
        says="at most 4096 tokens.*num_ctx",
    ),
    "a question that was read in part": abandoned(
        completion({"content": "What?"}, {"prompt_tokens": 24, "completion_tokens": 9}),
        requests=1,
        says="read only 24 of about .*OLLAMA_CONTEXT_LENGTH",
    ),
    "a refusal in words": abandoned(
        said("I'm sorry, but I can't help with that."), requests=2, says="it begins “I'm sorry"
    ),
    "a refusal in its field": refused(said(None, refusal="I can't help with that."), "I can't help with that"),
    "finish_reason content_filter": refused(said("", "content_filter"), "its policy forbids"),
    "a question back": abandoned(said("Which colour should it have?"), requests=2, says="Which colour"),
    "a question back, then the code": scene(said("Which colour should it have?"), completion()),
    "a call of a tool": abandoned(
        said(
            None,
            "tool_calls",
            tool_calls=[{"id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}],
        ),
        requests=2,
        says="it begins “search",
    ),
    "a call of a tool with the code": scene(
        said(
            None,
            "tool_calls",
            tool_calls=[{"function": {"name": "write_file", "arguments": json.dumps({"content": GOOD_SCENE})}}],
        )
    ),
    "an empty fence": abandoned(said("```python\n```"), requests=2, says="no Python code"),
    "the same word for ever": abandoned(said("circle " * 2000), requests=2, says="circle circle"),
    "the same broken code for ever": abandoned(
        said(CODE.replace("Create(", "DrawSlowly(")), requests=2, says="DrawSlowly"
    ),
}

ERRORS: dict[str, Habit] = {
    "200 with an error 502": later(inside({"code": 502, "message": "Bad gateway at the provider"}), "Bad gateway at"),
    "200 with an error 429": later(
        inside(
            {
                "code": 429,
                "message": "Provider returned error",
                "metadata": {"raw": "ResourceExhausted: Worker local total request limit reached"},
            }
        ),
        "Worker local total request limit reached",
    ),
    "200 with an error 402": waiting(inside({"code": 402, "message": "Insufficient credits"}), "Insufficient credits"),
    "200 with an error 401": waiting(
        inside({"code": 401, "message": "User not found"}), "User not found.*CALLSHEET_WRITER_API_KEY"
    ),
    "200 with an error 400": refused(inside({"code": 400, "message": "No such parameter"}), "No such parameter"),
    "200 with an error without a number": refused(
        inside({"type": "invalid_request_error", "message": "Not this way"}), "Not this way"
    ),
    "choices null and an unknown status": later(
        sent({"choices": None, "base_resp": {"status_code": 1002, "status_msg": "rate limit, try again"}}),
        "rate limit, try again",
    ),
    "choices null and an empty account": Habit(
        (sent({"choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}),),
        WAITING,
        1,
        "insufficient balance",
    ),
    "200 with a code and msg": later(
        sent({"code": 1302, "msg": "Too many concurrent requests", "success": False}), "Too many concurrent requests"
    ),
    "200 with errors": later(
        sent({"success": False, "errors": [{"code": 3040, "message": "Capacity is exceeded"}], "result": None}),
        "Capacity is exceeded",
    ),
    "200 with error_msg": later(sent({"error_code": 18, "error_msg": "Open api request limit"}), "Open api request"),
    "200 with detail": later(sent({"detail": "Service busy"}), "Service busy"),
    "200 with a list around the error": later(
        sent([{"error": {"code": 503, "message": "The model is overloaded"}}]), "The model is overloaded"
    ),
    "200 with an error of words": later(inside("Model is loading, try again"), "Model is loading"),
    "200 with an error in its choice": later(
        completion(
            {"content": ""}, choice={"error": {"code": 503, "message": "Upstream is busy"}, "finish_reason": "error"}
        ),
        "Upstream is busy",
    ),
    "an error in the middle of a stream": later(
        sent(streamed(PIECES[0], {"error": {"code": 503, "message": "Overloaded"}}), kind="text/event-stream"),
        "Overloaded",
    ),
    "a web page": refused(sent(PAGE, kind="text/html"), f"web page.*Log in.*{ADDRESS}"),
    "broken JSON": later(sent('{"id": "chatcmpl-1", "choices": [{"ind'), ADDRESS, requests=2),
    "an empty body": later(sent(""), "it is empty.*" + ADDRESS, requests=2),
    "a text in JSON": later(sent('"hello"'), ADDRESS, requests=2),
    "null in JSON": later(sent("null"), ADDRESS, requests=2),
    "a list in JSON": later(sent([1, 2]), ADDRESS, requests=2),
    "broken JSON once": scene(sent('{"id": "chatcmpl-1", "choi'), completion()),
    "a body that is cut off": scene(Reply(GOOD_SCENE, is_cut=True), completion()),
    "more than 32 MB": refused(sent(b" " * 33_000_000), "longer than 32 MB"),
    "silence": Habit((Reply("late", wait_s=3),), LATER, 5, "did not answer in time", within_s=0.5),
    "a redirect with 307": refused(
        sent("", 307, Location="https://example.com/v1/chat?key=1"),
        f"redirects to https://example.com/v1/chat;.*{ADDRESS}",
    ),
    "a redirect to a login": refused(
        sent(PAGE, 302, "text/html", Location="/login"), f"redirects to /login.*{ADDRESS}"
    ),
    **{
        f"{name} in its own words": refused(sent(body, 400), "no such colour")
        for name, body in {
            "a text as error": {"error": "no such colour"},
            "an object as error": {"error": {"message": "no such colour", "type": "invalid_request_error"}},
            "a list as error": {"error": ["no such colour"]},
            "detail": {"detail": "no such colour"},
            "a list of details": {"detail": [{"loc": ["body", "colour"], "msg": "no such colour"}]},
            "a message that is an object": {"object": "error", "message": {"detail": [{"msg": "no such colour"}]}},
            "msg": {"code": 1, "msg": "no such colour"},
            "errors": {"errors": [{"message": "no such colour"}]},
            "a list around the error": [
                {"error": {"code": 400, "message": "no such colour", "status": "INVALID_ARGUMENT"}}
            ],
            "an error within an error": {"error": {"message": '{"error": {"message": "no such colour"}}'}},
            "error_description": {"error_description": "no such colour"},
        }.items()
    },
    "400 in plain text": refused(sent("no such colour", 400, "text/plain"), "no such colour"),
    "400 with nothing": refused(sent("", 400), "without a word"),
    "422 of Mistral": refused(
        sent({"object": "error", "message": {"detail": [{"msg": "Extra inputs", "loc": ["body", "x"]}]}}, 422),
        r"body\.x: Extra inputs",
    ),
    "404 of Ollama": refused(error(404, "model 'qwen' not found"), "model 'qwen' not found.*CALLSHEET_WRITER_MODEL"),
    "404 in HTML": refused(sent("<html><h1>404 Not Found</h1></html>", 404, "text/html"), f"404 Not Found.*{ADDRESS}"),
    "404 of FastAPI": refused(sent({"detail": "Not Found"}, 404), f"Not Found.*{ADDRESS}"),
    "404 in plain text": refused(sent("404 page not found", 404, "text/plain"), f"404 page not found.*{ADDRESS}"),
    "405 in HTML": refused(sent("<html><title>405 Not Allowed</title></html>", 405, "text/html"), ADDRESS),
    "401": waiting(error(401, "No auth credentials found"), "No auth credentials.*CALLSHEET_WRITER_API_KEY"),
    "401 in plain text": waiting(sent("Unauthorized", 401, "text/plain"), "Unauthorized.*CALLSHEET_WRITER_API_KEY"),
    "403 of a country": refused(
        error(403, "Country, region, or territory not supported"), "Country.*may use this model from here"
    ),
    "403 in HTML": refused(sent("<html><title>Just a moment...</title></html>", 403, "text/html"), "Just a moment"),
    "402": waiting(error(402, "Insufficient Balance"), "Insufficient Balance"),
    "413 of a limit by the minute": refused(
        error(413, "Request too large for model on tokens per minute (TPM): Limit 6000, Requested 20000"),
        "Limit 6000.*CALLSHEET_WRITER_MAX_TOKENS",
    ),
    "413 in HTML": refused(
        sent("<html><title>413 Request Entity Too Large</title></html>", 413, "text/html"), "413 Request Entity"
    ),
    "451": refused(sent("", 451), "HTTP 451"),
    "a wait in milliseconds": scene(sent({"error": "Slow down"}, 429, retry_after_ms="1500"), completion()),
    "a wait in words": scene(error(429, "Rate limit reached. Please try again in 4.5s"), completion()),
    "an error of Azure's filter": refused(
        error(400, "The response was filtered due to the prompt triggering a policy", "content_filter"), "was filtered"
    ),
    "429 once": scene(rate_limited(3), completion()),
    "429 for ever": later(error(429, "Rate limit reached"), "Rate limit reached"),
    "429 in HTML": later(sent("<html><title>Slow down</title></html>", 429, "text/html"), "Slow down"),
    "429 in a list": later(
        sent([{"error": {"code": 429, "message": "Resource has been exhausted"}}], 429), "Resource has been"
    ),
    "429 for a day": waiting(error(429, "Rate limit exceeded: free-models-per-day. Add 10 credits"), "per-day"),
    "429 with a wait of a day": waiting(error(429, "Rate limit", Retry_After="86400"), "Rate limit"),
    "429 for want of quota": waiting(error(429, "You exceeded your current quota", "insufficient_quota"), "quota"),
    **{
        f"{status} once": scene(error(status, "A moment"), completion())
        for status in (408, 409, 425, 500, 503, 524, 529)
    },
    "502 in HTML": later(sent("<html><title>502 Bad Gateway</title></html>", 502, "text/html"), "502 Bad Gateway"),
    "500 with a traceback": later(
        sent("Traceback (most recent call last):\n  File x\nValueError: no GPU", 500, "text/plain"),
        "ValueError: no GPU",
    ),
}

FORMS: dict[str, Habit] = {
    "max_tokens by another name": scene(
        unless(
            lambda body: "max_completion_tokens" in body,
            error(
                400,
                "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
            ),
        ),
        requests=2,
    ),
    "max_tokens by a third name": scene(
        unless(
            lambda body: "max_output_tokens" in body,
            error(400, "Unknown parameter: 'max_tokens'. Did you mean 'max_output_tokens'?"),
        ),
        requests=2,
    ),
    "max_tokens in a range": scene(
        unless(
            lambda body: body["max_tokens"] <= 4000,
            error(400, "Invalid max_tokens value, the valid range of max_tokens is [1, 4000]"),
        ),
        requests=2,
    ),
    "max_tokens that credits pay for": scene(
        unless(
            lambda body: body["max_tokens"] <= 3122,
            error(
                402,
                "More credits, or fewer max_tokens: you requested up to 8000 tokens, but can only afford 3122.",
            ),
        ),
        requests=2,
    ),
    "max_tokens without a range": refused(error(400, "max_tokens is too large"), "CALLSHEET_WRITER_MAX_TOKENS"),
    "no system role": scene(
        unless(lambda body: len(body["messages"]) == 1, error(400, "System role not supported")), requests=2
    ),
    "roles that must alternate": scene(
        unless(
            lambda body: len(body["messages"]) == 1,
            error(400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        ),
        requests=2,
    ),
    "nothing but streams": scene(
        unless(
            lambda body: bool(body.get("stream")),
            error(400, "parameter.enable_thinking must be set to false for non-streaming calls"),
            sent(streamed(*PIECES), kind="text/event-stream"),
        ),
        requests=2,
    ),
    "context of OpenAI": refused(
        error(400, TOO_LONG, "context_length_exceeded"), f"4096 tokens.*{CONTEXT}|{CONTEXT}", requests=2
    ),
    "context of llama.cpp": refused(
        error(400, "request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it"),
        CONTEXT,
        requests=2,
    ),
    "context of llama.cpp in its field": refused(
        sent(
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size, try increasing it",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": 5210,
                    "n_ctx": 4096,
                }
            },
            400,
        ),
        "at most 4096 tokens",
        requests=2,
    ),
    "context of llama.cpp with 500": refused(error(500, "Context size has been exceeded."), CONTEXT),
    "context of LM Studio": refused(
        sent(
            {
                "error": "Trying to keep the first 4390 tokens when context the overflows. However, the model is "
                "loaded with context length of only 4096 tokens"
            },
            400,
        ),
        "at most 4096",
        requests=2,
    ),
    "context of Gemini": refused(
        error(400, "The input token count (9000) exceeds the maximum number of tokens allowed (8192)."),
        CONTEXT,
        requests=2,
    ),
    "context of Anthropic": refused(
        error(400, "prompt is too long: 210000 tokens > 200000 maximum"), CONTEXT, requests=2
    ),
    "a context for the short rules": scene(
        unless(lambda body: len(str(body["messages"])) < 8000, error(400, TOO_LONG, "context_length_exceeded")),
        requests=2,
    ),
}

WITHOUT_IMPORT = GOOD_SCENE.partition("*")[2]
METHOD = textwrap.dedent(GOOD_SCENE[GOOD_SCENE.index("    def") :])
USE = "from manim import *\n\n\nclass Demo(Scene):\n    def construct(self):\n        self.play(Create(Foo()))\n"
WRAPPED: dict[str, Habit] = {
    name: scene(said(text))
    for name, text in {
        "no fence": GOOD_SCENE,
        "a fence without a language": f"```\n{GOOD_SCENE}```",
        "a fence called Python3": f"```Python3\n{GOOD_SCENE}```",
        "a fence with a title": f"```python title=scene.py\n{GOOD_SCENE}```",
        "a fence twice": f"```python\n{CODE}```",
        "a fence in a fence": f"````markdown\n{CODE}````",
        "a fence after words": f"Sure! {CODE}",
        "code in the line of the fence": f"```python {GOOD_SCENE.rstrip()}```",
        "a fence without an end": f"```python\n{GOOD_SCENE}",
        "an end without a fence": f"{GOOD_SCENE}```",
        "''' for a fence": f"'''python\n{GOOD_SCENE}'''",
        "the word python first": f"python\n{GOOD_SCENE}",
        "<CODE>": f"<CODE>\n{GOOD_SCENE}</CODE>",
        "<python>": f"<python>\n{GOOD_SCENE}</python>",
        "<answer> around a fence": f"<answer>\n{CODE}</answer>",
        "HTML entities": html.escape(CODE),
        "JSON with code": json.dumps({"code": GOOD_SCENE}),
        "JSON with python_code, in a fence": f"```json\n{json.dumps({'python_code': GOOD_SCENE})}\n```",
        "JSON with files": json.dumps({"files": [{"path": "scene.py", "content": GOOD_SCENE}]}),
        r"\n instead of line ends": GOOD_SCENE.replace("\n", "\\n"),
        "line numbers": "\n".join(f"{number:3} | {line}" for number, line in enumerate(GOOD_SCENE.split("\n"), 1)),
        "prompts of a console": "\n".join(f">>> {line}" for line in GOOD_SCENE.split("\n")),
        "the import and the class in two blocks": f"```\nfrom manim import *\n```\nThen:\n```\n{WITHOUT_IMPORT}```",
        "a helper in a block before": f"```python\nx = 1\n```\n{CODE}",
        "two versions": f"```python\n{DRAFT}```\nBetter:\n{CODE}",
        "the scene, then a use of it": f"{CODE}\nTo try it:\n```python\n{USE}```",
        "line ends of Windows": CODE.replace("\n", "\r\n"),
        "line ends of old Macs": CODE.replace("\n", "\r"),
        "all of it indented": textwrap.indent(GOOD_SCENE, "    "),
        "two scenes in one file": f"```python\n{DRAFT}\n\n{WITHOUT_IMPORT}```",
        "a method alone": f"```python\n{METHOD}```",
        "statements alone": "```python\ncircle = Circle()\nself.play(Create(circle))\nself.wait(1)\n```",
        "invisible characters in the code": CODE.replace("class ", "\u200bclass "),
        "a byte order mark in the code": f"```python\n\ufeff{GOOD_SCENE}```",
        "odd spaces": CODE.replace("circle = ", "circle\u00a0= "),
        "typographic quotes": CODE.replace("self.wait(1)", "self.add(Text(“Hi”))\n        self.wait(1)"),
        "a command of a notebook": f"```python\n%%manim -qm Scene\n{GOOD_SCENE}```",
        "pip install before the code": f"```python\n!pip install manim\n{GOOD_SCENE}```",
        "an earlier name": CODE.replace("Create(", "ShowCreation("),
        "no import": f"```python\n{WITHOUT_IMPORT}```",
        "the import of ManimGL": CODE.replace("from manim", "from manimlib"),
        "typing without its import": CODE.replace("self.wait(1)", "items: List[int] = []\n        self.wait(1)"),
        "an import that nothing uses": CODE.replace("from manim", "import manim_physics\nfrom manim"),
    }.items()
}
REPAIRED: dict[str, Habit] = {
    f"a repair with {name}": scene(said(CODE.replace("Create(", "DrawSlowly(")), said(text))
    for name, text in {
        "the whole file": CODE,
        "the method alone": f"```python\n{METHOD}```",
        "a class with gaps": "```python\nclass CircleBecomesSquare(Scene):\n    # ... the rest is unchanged\n"
        f"{textwrap.indent(METHOD, '    ')}```",
        "a diff": "```diff\n@@ -5,3 +5,3 @@\n         circle = Circle(radius=1.5, color=BLUE, stroke_width=5)\n"
        "-        self.play(DrawSlowly(circle))\n+        self.play(Create(circle))\n```",
        "search and replace": "<<<<<<< SEARCH\n        self.play(DrawSlowly(circle))\n=======\n"
        "        self.play(Create(circle))\n>>>>>>> REPLACE",
    }.items()
}

GROUPS: dict[str, dict[str, Habit]] = {
    "Forms of an answer": READ,
    "Thoughts": THINKING,
    "Nothing usable": NOTHING,
    "Errors": ERRORS,
    "Forms of a question": FORMS,
    "Wrappings of the code": WRAPPED,
    "Repairs": REPAIRED,
}
HABITS = {name: habit for group in GROUPS.values() for name, habit in group.items()}


INTRODUCTION = """\
# How model servers answer

This page lists how servers of language models answer, what Callsheet does, and how many requests that takes. A test
tries each row over HTTP. `python -m tests.fakes.chat_habits` writes this page. [Writing](writing.md) says how you set
a server up."""
MEANINGS = {
    SCENE: "Callsheet finds code in an answer, and the code passes the static check.",
    REFUSED: "The same question would fail again. The error has the server's own words.",
    WAITING: "The server has no quota left, or refuses the key. The run continues when the server answers again.",
    LATER: "Callsheet asks up to four more times; once more if the server sends something that is no answer.",
    ABANDONED: "Callsheet says in another question what was wrong, if that can help. Then it ends the scene.",
}


def page() -> str:
    """Return the table as a page of the docs."""
    lines = [INTRODUCTION, "", "| Callsheet … | why, and what follows |", "| --- | --- |"]
    lines += [f"| {outcome} | {meaning} |" for outcome, meaning in MEANINGS.items()]
    for title, group in GROUPS.items():
        lines += ["", f"## {title}", "", "| the server sends | Callsheet … | requests |", "| --- | --- | --- |"]
        lines += [
            f"| {html.escape(name, quote=False)} | {habit.outcome} | {habit.requests} |"
            for name, habit in group.items()
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
