"""What services of language models do wrong, over real HTTP: each costs one request, and becomes an error of ours."""

import pickle
import subprocess
import sys

import pytest
from pydantic import SecretStr

from callsheet.errors import (
    AnswerUnreadable,
    NothingWritten,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SetupIncomplete,
    TransientError,
)
from callsheet.settings import Settings
from callsheet.writing.vendors import NO_KEY, connect, service_name
from callsheet.writing.writer import Writer, open_writer
from tasks.policies import retry_delay_s
from tests.fakes.chat_server import ChatServer, Reply, error

KEY = "sk-do-not-tell-4711"
FAULTS = {
    "rate-limited": RateLimited,
    "rate-limited-until": RateLimited,
    "rate-limited-at-will": RateLimited,
    "quota": QuotaExhausted,
    "unpaid": QuotaExhausted,
    "dead-key": ProviderRefused,
    "forbidden": ProviderRefused,
    "unknown-model": ProviderRefused,
    "rejected": ProviderRefused,
    "filtered": ProviderRefused,
    "server-error": ProviderUnavailable,
    "unavailable": ProviderUnavailable,
    "bad-gateway": ProviderUnavailable,
    "hung-up": ProviderUnavailable,
    "html": ProviderRefused,
    "invalid-json": AnswerUnreadable,
    "no-choices": AnswerUnreadable,
    "empty-choices": ProviderUnavailable,
    "list": AnswerUnreadable,
    "latin-1": AnswerUnreadable,
    "slow": ProviderTimeout,
    "empty": NothingWritten,
    "cut-off": NothingWritten,
}


def writer(server, model="test-writer", **more):
    """A writer at this server."""
    return Writer(model, server.base_url, SecretStr(KEY), **{"timeout_s": 5, **more})


async def failure(*script, **more):
    """The error of one question, and the requests that were made for it."""
    with ChatServer(*script) as server:
        with pytest.raises(Exception) as raised:
            await writer(server, **more).ask("the scene", "Write.", "A circle.")
        return raised.value, server.asked


@pytest.mark.parametrize(("reply", "expected"), FAULTS.items(), ids=FAULTS)
async def test_every_fault_has_its_error_and_costs_one_request(reply, expected):
    """Nothing is tried again here: neither by us, nor by pydantic-ai, nor by the vendor's package."""
    fault, asked = await failure(reply, timeout_s=1.5)
    assert type(fault) is expected
    assert len(asked) == 1


@pytest.mark.parametrize("reply", FAULTS)
async def test_errors_survive_being_stored(reply):
    """Prefect keeps the error with the failed state; its facts must come back."""
    fault, _ = await failure(reply, timeout_s=1.5)
    again = pickle.loads(pickle.dumps(fault))
    assert (type(again), str(again), vars(again)) == (type(fault), str(fault), vars(fault))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500, 503])
async def test_a_key_that_the_service_repeats_goes_no_further(status):
    """Some gateways put it into their message; an error is logged, stored and shown."""
    fault, asked = await failure(error(status, f"the key {KEY} is not good"))
    assert asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert "is not good" in str(fault)
    assert KEY not in f"{fault!r} {fault} {vars(fault)} {fault.__cause__!r} {fault.__context__!r}"
    assert KEY.encode() not in pickle.dumps(fault)


@pytest.mark.parametrize("before", range(290 - len(KEY), 301, 3))
async def test_no_beginning_of_the_key_is_left_where_words_are_cut(before):
    """Messages have a bound, which may lie inside of the key."""
    fault, _ = await failure(error(400, f"{'x' * before}{KEY}"))
    assert KEY[:12] not in f"{fault}"


def test_a_writer_shows_no_key():
    """In a log, a traceback or an artifact."""
    assert KEY not in repr(Writer("openai:gpt-4.1-mini", api_key=SecretStr(KEY)))
    assert KEY not in repr(Settings(writer_api_key=SecretStr(KEY)))


async def test_retry_after_is_kept_as_seconds():
    """429 with seconds, 429 with a date, and 503: policies wait as long as they are asked to."""
    assert (await failure("rate-limited"))[0].retry_after_s == 3
    assert (await failure("rate-limited-until"))[0].retry_after_s == pytest.approx(30, abs=2)
    assert (await failure("unavailable"))[0].retry_after_s == 7
    assert (await failure("rate-limited-at-will"))[0].retry_after_s is None


@pytest.mark.parametrize(
    ("fault", "first_s"),
    [
        (RateLimited("openai", "later"), 10),
        (ProviderUnavailable("openai", "down"), 30),
        (ProviderTimeout("openai", "slow"), 60),
        (RateLimited("openai", "later", 3), 3),
    ],
)
def test_each_kind_has_its_first_delay(fault, first_s):
    """A service that is slow already is left alone for the longest."""
    assert retry_delay_s(fault, 0) == first_s


def test_an_empty_account_is_neither_retried_nor_final():
    """After a payment, the same request works."""
    assert not isinstance(QuotaExhausted("openai", "nothing left"), TransientError)


async def test_a_service_that_is_not_there_is_unavailable():
    """Nothing listens on the port of a server that has closed."""
    with ChatServer() as server:
        gone = writer(server)
    with pytest.raises(ProviderUnavailable, match=r"the model server at 127\.0\.0\.1"):
        await gone.ask("the scene", "Write.", "A circle.")


async def test_an_answer_that_is_no_use_tells_what_it_cost():
    """Its tokens are paid for like any others."""
    fault, _ = await failure("cut-off")
    assert fault.call.output_tokens > 0
    assert "CALLSHEET_WRITER_MAX_TOKENS" in str(fault)


async def test_what_is_asked_reaches_the_server_once_and_whole():
    """Instructions as the system message, the question as the user's, with the bound on its cost."""
    with ChatServer(Reply("Fine.")) as server:
        answer = await writer(server, max_tokens=900).ask("the scene", "Write.", "A circle.")
        [asked] = server.asked
    assert answer.text == "Fine."
    assert [(said["role"], said["content"]) for said in asked.body["messages"]] == [
        ("system", "Write."),
        ("user", "A circle."),
    ]
    assert asked.body["max_tokens"] == 900
    assert (answer.call.model, answer.call.purpose) == ("test-writer", "the scene")


async def test_openais_own_servers_are_given_the_newer_name_of_the_bound():
    """Its newer models refuse `max_tokens`; servers of one's own may know nothing else."""
    with ChatServer("good") as server:
        await writer(server, "openai:gpt-6-luna", max_tokens=900).ask("the scene", "Write.", "A circle.")
        [asked] = server.asked
    assert asked.body["max_completion_tokens"] == 900
    assert "max_tokens" not in asked.body


async def test_a_key_of_the_environment_is_never_sent(monkeypatch):
    """The vendors' packages would pick it up, and hand it to whatever address they talk to."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with ChatServer("good") as server:
        await Writer("test-writer", server.base_url).ask("the scene", "Write.", "A circle.")
        await Writer("anthropic:claude-sonnet-5-5", server.anthropic_url).ask("the scene", "Write.", "A circle.")
        assert KEY not in str([asked.headers for asked in server.asked])
        assert server.asked[0].headers["authorization"] == f"Bearer {NO_KEY}"


async def test_anthropic_is_spoken_to_in_its_own_protocol():
    """By a setting alone; answers, counts and errors come out alike."""
    with ChatServer("good", error(529, "Overloaded"), "cut-off", "dead-key") as server:
        claude = Writer("anthropic:claude-sonnet-5-5", server.anthropic_url, SecretStr(KEY), timeout_s=5)
        answer = await claude.ask("the scene", "Write.", "A circle.")
        for expected in (ProviderUnavailable, NothingWritten, ProviderRefused):
            with pytest.raises(expected):
                await claude.ask("the scene", "Write.", "A circle.")
        assert [asked.path.partition("?")[0] for asked in server.asked] == ["/v1/messages"] * 4
        assert KEY in str(server.asked[0].headers)
    assert "class CircleBecomesSquare" in answer.text
    assert answer.call.output_tokens > 0


async def test_a_server_of_ones_own_has_no_price():
    """Even where its model is called as a vendor's is."""
    with ChatServer("good") as server:
        answer = await writer(server, "openai:gpt-4.1-mini").ask("the scene", "Write.", "A circle.")
    assert answer.call.price_usd is None


def test_a_vendors_answer_has_a_price():
    """By the list that is installed, for the address that was asked: 1000 tokens each way."""
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.usage import RequestUsage

    from callsheet.writing.prices import price_usd

    usage = RequestUsage(input_tokens=1000, output_tokens=1000)
    asked_at = connect("openai:gpt-4.1-mini", None, KEY).base_url
    assert price_usd(ModelResponse([], usage=usage, model_name="gpt-4.1-mini", provider_url=asked_at)) == 0.002
    assert price_usd(ModelResponse([], usage=usage, model_name="made-up", provider_url=asked_at)) is None


@pytest.mark.parametrize(
    ("model", "base_url", "expected"),
    [
        ("openai:gpt-4.1-mini", None, ("OpenAIChatModel", "gpt-4.1-mini")),
        ("openai-responses:gpt-4.1-mini", None, ("OpenAIResponsesModel", "gpt-4.1-mini")),
        ("anthropic:claude-sonnet-5-5", None, ("AnthropicModel", "claude-sonnet-5-5")),
        ("deepseek:deepseek-chat", None, ("OpenAIChatModel", "deepseek-chat")),
        ("ollama:qwen2.5-coder:7b", None, ("OllamaModel", "qwen2.5-coder:7b")),
        ("qwen2.5-coder:7b", "http://127.0.0.1:1/v1", ("OpenAIChatModel", "qwen2.5-coder:7b")),
        ("openai:gpt-4.1", "http://127.0.0.1:1/v1", ("OpenAIChatModel", "gpt-4.1")),
    ],
)
def test_a_name_leads_to_its_vendor(model, base_url, expected):
    """`vendor:name`, or a server's address and any name that it has, colons and all."""
    connected = connect(model, base_url, KEY)
    assert (type(connected).__name__, connected.model_name) == expected


@pytest.mark.parametrize(
    ("model", "key", "missing"),
    [
        ("gpt-4.1-mini", KEY, "CALLSHEET_WRITER_MODEL"),
        ("openai:", KEY, "CALLSHEET_WRITER_MODEL"),
        ("nobody:model", KEY, "CALLSHEET_WRITER_MODEL"),
        ("openai:gpt-4.1-mini", None, "CALLSHEET_WRITER_API_KEY"),
    ],
)
def test_settings_that_lead_nowhere_are_named(model, key, missing):
    """One sentence with the setting's name."""
    with pytest.raises(SetupIncomplete, match=missing) as raised:
        connect(model, None, key)
    assert raised.value.missing == missing


def test_messages_name_no_password_of_an_address():
    """An address may carry one before the host."""
    assert service_name("m", "http://me:secret@example.com:8080/v1") == "the model server at example.com:8080"
    assert service_name("openai:gpt-4.1-mini", None) == "openai"


def test_the_settings_name_the_writer():
    """No model, no writer; empty settings of a shell script count as none."""
    assert open_writer(Settings(writer_model="")) is None
    opened = open_writer(
        Settings(writer_model="m", writer_base_url="", writer_api_key=SecretStr(""), writer_timeout_s=9)
    )
    assert opened == Writer("m", None, None, timeout_s=9, learned_dir=Settings().learned_dir)


def test_nothing_slow_is_imported_before_a_model_is_asked():
    """A flow without a prompt starts as fast as ever."""
    program = (
        "import sys, callsheet.writing.scene_writer, callsheet.writing.outline_writer, callsheet.writing.writer\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(loaded & {'pydantic_ai', 'openai', 'anthropic', 'genai_prices'})"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
