"""The one way to language models: a question leaves as one HTTP request; an answer or one of our errors comes back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from callsheet.errors import NothingWritten, ProviderError, ProviderRefused, QuotaExhausted, context_advice
from callsheet.model.run.cost import ModelCall
from callsheet.settings import Settings
from callsheet.threads import in_a_thread
from callsheet.writing.completions import without_surrogates

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse
    from pydantic_ai.models import Model

    from callsheet.writing.client import ModelClient
    from callsheet.writing.faults import Asked

ANSWER_KEPT_CHARACTERS = 2000
CHARACTERS_A_TOKEN = 4
"""Most characters that a token has on average, over English and code; other languages have fewer."""
LEAST_TOKENS = 256
"""A question of fewer tokens fits into every window."""
READ_IN_PART = 0.6
"""Share of the tokens of a question below which a service has not read all of it."""
ROOM_USED = 0.9
"""Share of the longest allowed answer below which this bound has not ended the answer."""
_WINDOWS = frozenset(512 * factor * 2**power for power in range(1, 7) for factor in (1, 2, 3))
"""How many tokens servers are set up to read: 1024, 2048, 3072, 4096 and so on."""
_CUTS_OFF = "cuts questions off, or drops the instructions"


@dataclass(frozen=True)
class ModelAnswer:
    """A model's text, and its cost."""

    text: str
    thoughts: str
    call: ModelCall
    is_thought: bool = False
    """Whether the text came as the model's thoughts, and nothing else did."""
    doubt: str = ""
    """Why the service may have read only a part of the question; empty if its counts show no sign of that."""
    window: int | None = None
    """How many tokens it then reads at most, if that is known."""

    @property
    def beginning(self) -> str:
        """Return the first words of the answer, for people."""
        return (self.text or self.thoughts)[:ANSWER_KEPT_CHARACTERS]


@dataclass(frozen=True)
class Writer:
    """A language model behind a service: its name, its address, its key, and its time limit."""

    model: str
    """`vendor:model`; with a `base_url`, just the model's name is enough."""
    base_url: str | None = None
    """Address of an OpenAI-compatible server (of Anthropic's protocol, for `anthropic:…`)."""
    api_key: SecretStr | None = field(default=None, repr=False)
    timeout_s: float = 300
    max_tokens: int = 8_000
    context_tokens: int | None = None
    """How many tokens the service reads at most, question and answer together; None: enough for all rules."""
    learned_dir: Path | None = None
    """The memory of the forms that the service takes; None: this process remembers them alone."""

    async def ask(self, purpose: str, instructions: str, prompt: str, *, has_shorter_form: bool = False) -> ModelAnswer:
        """Return the answer to one question. `purpose` is for people: “scene code, attempt 2”.

        `has_shorter_form` says whether the same can be asked in fewer words: the advice to a person depends on it.

        A question whose form the service refuses is sent once more in the form that it takes; nothing else is asked
        twice.

        Raises RateLimited, ProviderUnavailable, ProviderTimeout, QuotaExhausted, ProviderRefused or
        ContextTooSmall for a service that gave no answer, NothingWritten for an answer that is empty or was cut off,
        and SetupIncomplete if the settings name no usable model.
        """
        response = await self._request(instructions, prompt, has_shorter_form)
        call = _call(purpose, response, self.model)
        if response.finish_reason == "content_filter":
            reason = str((response.provider_details or {}).get("refusal") or "its policy forbids the answer")
            raise ProviderRefused(self.service, None, reason)
        answer = ModelAnswer(
            without_surrogates(response.text or ""),
            without_surrogates(response.thinking or ""),
            call,
            doubt=self._doubt(len(instructions) + len(prompt), call, has_shorter_form),
            window=call.input_tokens if call.input_tokens in _WINDOWS else None,
        )
        if response.finish_reason == "length":
            raise self._cut_off(answer, has_shorter_form)
        if answer.text.strip():
            return answer
        if not answer.thoughts.strip() and call.output_tokens >= ROOM_USED * self.max_tokens:
            raise self._cut_off(answer, has_shorter_form)  # some servers call this a usual end
        tools = [f"{part.tool_name}({part.args_as_json_str()})" for part in response.tool_calls]
        if tools:
            return replace(answer, text=without_surrogates("\n".join(tools)))
        if answer.thoughts.strip():
            # Some servers put the whole answer where the thoughts belong.
            return replace(answer, text=answer.thoughts, is_thought=True)
        raise NothingWritten(
            purpose, answer.doubt or "the answer is empty", "", call, hint="Your last answer was empty."
        )

    def _doubt(self, characters: int, call: ModelCall, has_shorter_form: bool) -> str:
        """Return a sentence if the service seems to have cut the question off.

        It then counts far fewer tokens than were sent, or just as many as a window has.

        A server that cuts questions off does not report it; its count is the only sign.
        """
        read, sent = call.input_tokens, int(characters / CHARACTERS_A_TOKEN)
        if sent < LEAST_TOKENS or not read:
            return ""
        if read < READ_IN_PART * sent:
            advice = context_advice(None, has_shorter_form)
            return f"{self.service} read only {read} of about {sent} tokens: it {_CUTS_OFF}; {advice}"
        if read in _WINDOWS:
            advice = context_advice(read, has_shorter_form)
            return f"{self.service} reads at most {read} tokens: it {_CUTS_OFF}; {advice}"
        return ""

    def _cut_off(self, answer: ModelAnswer, has_shorter_form: bool) -> NothingWritten:
        """Return the error for a cut-off answer.

        An answer of full length was paid for: it is not asked for again.
        """
        call, window = answer.call, None
        # Some servers hide thoughts, and count them.
        is_thought = not answer.text.strip() and bool(answer.thoughts.strip() or call.output_tokens)
        if call.output_tokens < ROOM_USED * self.max_tokens and call.input_tokens + call.output_tokens in _WINDOWS:
            window = call.input_tokens + call.output_tokens
            reason = (
                f"{self.service} reads at most {window} tokens, question and answer together, so the answer was cut "
                f"off after {call.output_tokens}; {context_advice(window, has_shorter_form)}"
            )
        elif is_thought:
            reason = (
                f"the model used up its {call.output_tokens} tokens with thinking and answered nothing; "
                "raise CALLSHEET_WRITER_MAX_TOKENS, or let the model think less"
            )
        elif call.output_tokens and call.output_tokens < ROOM_USED * self.max_tokens:
            reason = (
                f"the answer was cut off after {call.output_tokens} tokens, though CALLSHEET_WRITER_MAX_TOKENS allows "
                f"{self.max_tokens}: the server has a lower bound (Ollama: num_predict; llama.cpp: -n)"
            )
        else:
            reason = (
                f"the answer was cut off after {call.output_tokens or self.max_tokens} tokens; "
                "raise CALLSHEET_WRITER_MAX_TOKENS, or ask for less"
            )
        return NothingWritten(call.purpose, reason, answer.beginning, call, window=window)

    @property
    def service(self) -> str:
        """Return the service's name in messages: the vendor's name, or the server's address."""
        from callsheet.writing.vendors import service_name

        return service_name(self.model, self.base_url)

    async def _request(self, instructions: str, prompt: str, has_shorter_form: bool) -> ModelResponse:
        from callsheet.writing.faults import Asked, fault_of

        key = self.api_key.get_secret_value() if self.api_key else None
        asked = Asked(self.service, key, self.base_url is not None, self.max_tokens, has_shorter_form, self.learned_dir)
        # The first call imports the vendor's package, which takes seconds: meanwhile the event loop has other work.
        client, model = await in_a_thread(self._connect, asked)

        from pydantic_ai.direct import model_request
        from pydantic_ai.messages import ModelRequest
        from pydantic_ai.settings import ModelSettings

        # `timeout` is the longest silence, `request_timeout` the longest the whole answer may take.
        limits = ModelSettings(
            max_retries=0, timeout=self.timeout_s, request_timeout=self.timeout_s, max_tokens=self.max_tokens
        )
        question = [
            ModelRequest.user_text_prompt(without_surrogates(prompt), instructions=without_surrogates(instructions))
        ]
        try:
            async with client, model:
                return await model_request(model, question, model_settings=limits, instrument=False)
        except Exception as error:
            fault = fault_of(error, asked)
        # Raised out here, so that it has no context: the SDK's errors hold the request, and with it the key.
        raise fault

    def _connect(self, asked: Asked) -> tuple[ModelClient, Model]:
        from callsheet.writing.client import ModelClient
        from callsheet.writing.vendors import connect

        client = ModelClient(asked, self.timeout_s)
        return client, connect(self.model, self.base_url, asked.key, client)


def open_writer(settings: Settings) -> Writer | None:
    """Return the writer that CALLSHEET_WRITER_MODEL names, or None if it names none."""
    if not settings.writer_model:
        return None
    return Writer(
        model=settings.writer_model,
        base_url=settings.writer_base_url or None,
        api_key=settings.writer_api_key or None,
        timeout_s=settings.writer_timeout_s,
        max_tokens=settings.writer_max_tokens,
        context_tokens=settings.writer_context_tokens,
        learned_dir=settings.learned_dir,
    )


def _call(purpose: str, response: ModelResponse, asked: str) -> ModelCall:
    from callsheet.writing.prices import price_usd

    return ModelCall(
        purpose=purpose,
        model=response.model_name or asked,
        input_tokens=response.usage.input_tokens,
        output_tokens=response.usage.output_tokens,
        price_usd=price_usd(response),
    )


# The smallest bound that every service takes. A list of models would be free, but it shows nothing about the quota.
ANSWER_TOKENS = 16
ANSWER_WITHIN_S = 30
_REQUEST_IS_AT_FAULT = (400, 422)


async def answers(writer: Writer) -> bool:
    """Return whether the account has something left, and the service is well."""
    asking = replace(writer, max_tokens=ANSWER_TOKENS, timeout_s=min(writer.timeout_s, ANSWER_WITHIN_S))
    try:
        await asking.ask("a probe", "Answer with one word.", "Are you there?")
    except NothingWritten:
        return True  # an answer that was cut off, or is empty, is an answer
    except ProviderRefused as error:
        return error.status in _REQUEST_IS_AT_FAULT
    except (QuotaExhausted, ProviderError):
        return False
    return True
