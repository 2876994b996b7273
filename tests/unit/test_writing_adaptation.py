"""A server that refuses the form of a question and names the one it takes is asked once more in that form."""

import json
import pickle

import pytest
from pydantic import SecretStr

from callsheet.errors import ContextTooSmall, ProviderRefused
from callsheet.writing import learned
from callsheet.writing.writer import ModelAnswer, Writer
from tests.fakes.chat_server import ChatServer, Reply, error

OVERFLOW = (
    "This model's maximum context length is 4096 tokens. However, you requested {total} tokens ({read} in the "
    "messages, 8000 in the completion). Please reduce the length of the messages or completion."
)


async def ask(*script, model="test-writer", questions=1, **more):
    """The last answer of so many questions, and the bodies of all requests."""
    with ChatServer(*script) as server:
        writer = Writer(model, server.base_url, SecretStr("key"), **{"timeout_s": 5, **more})
        answer = ModelAnswer("", "", None)
        for _ in range(questions):
            answer = await writer.ask("the scene", "Write.", "A circle.")
        return answer, [asked.body for asked in server.asked]


def refusing(is_wrong, message, code=None, status=400):
    """Refuses questions that are wrong, and answers the others."""
    return lambda asked: error(status, message, code) if is_wrong(asked.body) else Reply("Fine.")


NEWER_NAME = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
)
OLDER_NAME = "Unrecognized request argument supplied: max_completion_tokens"


@pytest.mark.parametrize("model", ["our-new-model", "openai:our-new-model"])
async def test_a_gateway_with_the_newer_name_of_the_bound_is_asked_with_it(model):
    """With the vendor's prefix the first question has it already."""
    gateway = refusing(lambda body: "max_tokens" in body, NEWER_NAME, "unsupported_parameter")
    answer, bodies = await ask(gateway, model=model, max_tokens=900)
    assert answer.text == "Fine."
    assert bodies[-1]["max_completion_tokens"] == 900
    assert len(bodies) == (1 if model.startswith("openai:") else 2)


async def test_a_server_with_the_older_name_of_the_bound_is_asked_with_it():
    """Also where the refusal names no successor."""
    answer, bodies = await ask(
        refusing(lambda body: "max_completion_tokens" in body, OLDER_NAME), model="openai:new", max_tokens=900
    )
    assert answer.text == "Fine."
    assert bodies[1]["max_tokens"] == 900


@pytest.mark.parametrize(
    ("message", "status", "highest"),
    [
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 5192]", 400, 5192),
        ("max_tokens is too large: 8000. This model supports at most 4096 completion tokens", 400, 4096),
        ("max_tokens: 8000 > 4096, which is the maximum allowed value: at most 4096 output tokens", 400, 4096),
        ("More credits, or fewer max_tokens: you requested up to 8000, but can only afford 3122", 402, 3122),
        ("`max_tokens` must be less than or equal to `6144`", 400, 6144),
        (OVERFLOW.format(total=10000, read=2000), 400, 2096),
        ("'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 "
         "tokens and your request has 2000 input tokens (8000 > 4096 - 2000).", 400, 2096),
    ],
)  # fmt: skip
async def test_a_bound_that_is_too_high_is_lowered_to_the_one_that_is_named(message, status, highest):
    """The refused question costs nothing; the next one is within the range."""
    answer, bodies = await ask(refusing(lambda body: body["max_tokens"] > highest, message, status=status))
    assert answer.text == "Fine."
    assert [body["max_tokens"] for body in bodies] == [8000, highest]


async def test_a_bound_without_a_range_names_its_setting():
    """Nothing is guessed."""
    with pytest.raises(ProviderRefused, match=r"CALLSHEET_WRITER_MAX_TOKENS, .* is 8000"):
        await ask(error(400, "max_tokens is too large"))


@pytest.mark.parametrize(
    "message",
    [
        "System role not supported",
        "Developer instruction is not enabled for models/gemma-3",
        "system messages are not supported by this model",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Input should be 'user' or 'assistant': unknown variant 'system'",
    ],
)
async def test_instructions_go_into_the_question_where_a_model_knows_no_other_place(message):
    """Gemma's chat template refuses the system role."""
    _, bodies = await ask(refusing(lambda body: len(body["messages"]) > 1, message))
    assert [(each["role"], each["content"]) for each in bodies[-1]["messages"]] == [("user", "Write.\n\nA circle.")]


@pytest.mark.parametrize(
    "message",
    [
        "parameter.enable_thinking must be set to false for non-streaming calls",
        "This model only support stream mode, please enable the stream parameter to access the model.",
        "Stream must be set to true",
    ],
)
async def test_a_server_that_only_streams_is_streamed(message):
    """Its pieces are put together; its counts come with the last one."""
    pieces = [
        {"choices": [{"delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"delta": {"content": "Fi"}}]},
        {"choices": [{"delta": {"content": "ne."}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}},
    ]
    events = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    streamed = Reply(body=f": PROCESSING\n\n{events}".encode(), content_type="text/event-stream")
    answer, bodies = await ask(
        lambda asked: streamed if asked.body.get("stream") else error(400, message), model=f"m {message[:9]}"
    )
    assert (answer.text, answer.call.output_tokens) == ("Fine.", 2)
    assert len(bodies) == 2


async def test_what_was_learned_holds_for_the_next_question():
    """A refused request takes its time."""
    gateway = refusing(lambda body: "max_tokens" in body, NEWER_NAME, "unsupported_parameter")
    _, bodies = await ask(gateway, gateway, gateway, questions=3)
    assert ["max_tokens" in body for body in bodies] == [True, False, False, False]


async def test_several_wishes_of_a_server_are_all_met():
    """One after the other, and not for ever."""

    def picky(asked):
        if "max_tokens" in asked.body:
            return error(400, NEWER_NAME)
        return error(400, "System role not supported") if len(asked.body["messages"]) > 1 else Reply("Fine.")

    answer, bodies = await ask(picky)
    assert (answer.text, len(bodies)) == ("Fine.", 3)
    with pytest.raises(ProviderRefused):
        await ask(error(400, NEWER_NAME), model="never content")


@pytest.mark.parametrize(
    ("has_shorter_form", "window", "advice"),
    [
        (True, 4096, "set CALLSHEET_WRITER_CONTEXT_TOKENS=4096, for shorter instructions"),
        (False, 4096, "ask for less: a shorter prompt, context or topic"),
        (True, 2048, "take a model that reads 3000 at least"),
    ],
)
async def test_the_sentence_on_a_context_that_is_too_small_says_what_helps(has_shorter_form, window, advice):
    """A setting for shorter instructions is no help where they were sent already."""
    refused = error(400, OVERFLOW.format(total=11900, read=3900).replace("4096", str(window)))
    with ChatServer(refused) as server:
        writer = Writer("test-writer", server.base_url, timeout_s=5)
        with pytest.raises(ContextTooSmall, match=rf"at most {window} tokens.*OLLAMA_CONTEXT_LENGTH") as raised:
            await writer.ask("the scene", "Write.", "A circle.", has_shorter_form=has_shorter_form)
    assert str(raised.value).endswith(advice) or advice in str(raised.value)
    assert raised.value.window == window
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


@pytest.fixture
def another_process(monkeypatch):
    """What makes this process forget what it has learned."""
    monkeypatch.setattr(learned, "_here", {})
    return learned._here.clear


async def test_what_was_learned_holds_for_the_next_process(tmp_path, another_process):
    """It is kept for a day, and neither key nor address stand in the file."""
    gateway = refusing(lambda body: len(body["messages"]) > 1, "System role not supported")
    with ChatServer(gateway, gateway, gateway) as server:
        address = server.base_url.replace("http://", "http://person:secret@")
        writer = Writer("test-writer", address, SecretStr("key"), timeout_s=5, learned_dir=tmp_path / "models")
        for _ in range(2):
            assert (await writer.ask("the scene", "Write.", "A circle.")).text == "Fine."
            another_process()
        assert [len(asked.body["messages"]) for asked in server.asked] == [2, 1, 1]
    [file] = (tmp_path / "models").iterdir()
    told = f"{file.name} {file.read_text(encoding='utf-8')}"
    assert not [word for word in ("secret", "person", "127.0.0.1", '"key"', "Write", "circle") if word in told]


@pytest.mark.parametrize("content", ["", "{", '{"at": 1.0}', '{"at": 99999999999}', '{"changes": 3}', "[]"])
async def test_what_is_old_or_damaged_is_found_out_again(tmp_path, another_process, content):
    """The server may have got another model since."""
    server = learned.Server("http://127.0.0.1:1/v1", "test-writer", tmp_path)
    server.learn(learned.Learned(window=4096))
    another_process()
    assert server.learned().window == 4096
    [file] = tmp_path.iterdir()
    file.write_text(content, encoding="utf-8")
    another_process()
    assert server.learned() == learned.Learned()


async def test_a_folder_that_can_not_be_written_costs_a_question_and_no_more(tmp_path, another_process):
    """The answer is there all the same."""
    (tmp_path / "models").write_text("no folder", encoding="utf-8")
    gateway = refusing(lambda body: "max_tokens" in body, NEWER_NAME, "unsupported_parameter")
    answer, bodies = await ask(gateway, gateway, questions=2, learned_dir=tmp_path / "models")
    assert (answer.text, len(bodies)) == ("Fine.", 3)


async def test_what_the_credits_pay_for_today_is_not_learned():
    """The account may be paid tomorrow."""
    poor = "More credits, or fewer max_tokens: you requested up to 8000, but can only afford 3122"
    _, bodies = await ask(
        refusing(lambda body: body["max_tokens"] > 4000, poor, status=402), Reply("Fine."), questions=2, model="poor"
    )
    assert [body["max_tokens"] for body in bodies] == [8000, 3122, 8000]
