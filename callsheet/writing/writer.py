"""The one door to language models: a question leaves as one HTTP request; an answer or one of our errors comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from callsheet.errors import NothingWritten, ProviderRefused
from callsheet.model.cost import ModelCall
from callsheet.settings import Settings
from callsheet.threads import in_a_thread

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse

ANSWER_KEPT_CHARACTERS = 2000


@dataclass(frozen=True)
class Answer:
    """What a model wrote, and what it cost."""

    text: str
    call: ModelCall


@dataclass(frozen=True)
class Writer:
    """A language model behind a service: which one, where, with which key, and how long it may take."""

    model: str
    """`vendor:model`; with a `base_url`, just the model's name is enough."""
    base_url: str | None = None
    """Address of an OpenAI-compatible server (of Anthropic's protocol, for `anthropic:…`)."""
    api_key: SecretStr | None = field(default=None, repr=False)
    timeout_s: float = 300
    max_tokens: int = 16_000

    async def ask(self, purpose: str, instructions: str, prompt: str) -> Answer:
        """One request, never repeated here. `purpose` is for people: “scene code, attempt 2”.

        Raises RateLimited, ProviderUnavailable, ProviderTimeout, QuotaExhausted or ProviderRefused for a service that
        gave no answer, NothingWritten for an answer that is empty or was cut off, and SetupIncomplete where the
        settings name no usable model.
        """
        response = await self._request(instructions, prompt)
        text = response.text or ""
        call = _call(purpose, response, self.model)
        if response.finish_reason == "content_filter":
            raise ProviderRefused(self.service, None, _reason_of_refusal(response) or "its policy forbids the answer")
        if response.finish_reason == "length":
            remedy = "raise CALLSHEET_WRITER_MAX_TOKENS, or ask for less"
            reason = f"the answer was cut off after {call.output_tokens} tokens; {remedy}"
            raise NothingWritten(purpose, reason, text[:ANSWER_KEPT_CHARACTERS], call)
        if not text.strip():
            raise NothingWritten(purpose, "the answer is empty", "", call)
        return Answer(text, call)

    @property
    def service(self) -> str:
        """What people see of the service in a message: the vendor's name, or the server's address."""
        from callsheet.writing.vendors import service_name

        return service_name(self.model, self.base_url)

    async def _request(self, instructions: str, prompt: str) -> ModelResponse:
        from callsheet.writing.faults import fault_of
        from callsheet.writing.vendors import connect

        key = self.api_key.get_secret_value() if self.api_key else None
        # The first call imports the vendor's package, which takes seconds: meanwhile the event loop has other work.
        model = await in_a_thread(connect, self.model, self.base_url, key)

        from pydantic_ai.direct import model_request
        from pydantic_ai.messages import ModelRequest
        from pydantic_ai.settings import ModelSettings

        # `timeout` is the longest silence, `request_timeout` the longest the whole answer may take.
        limits = ModelSettings(
            max_retries=0, timeout=self.timeout_s, request_timeout=self.timeout_s, max_tokens=self.max_tokens
        )
        question = [ModelRequest.user_text_prompt(prompt, instructions=instructions)]
        try:
            async with model:
                return await model_request(model, question, model_settings=limits, instrument=False)
        except Exception as error:
            fault = fault_of(error, self.service, key)
            if fault is None:
                raise
        # Raised out here, so that it has no context: the SDK's errors hold the request, and with it the key.
        raise fault


def open_writer(settings: Settings) -> Writer | None:
    """The writer that CALLSHEET_WRITER_MODEL names, or None where it names none."""
    if not settings.writer_model:
        return None
    return Writer(
        model=settings.writer_model,
        base_url=settings.writer_base_url or None,
        api_key=settings.writer_api_key or None,
        timeout_s=settings.writer_timeout_s,
        max_tokens=settings.writer_max_tokens,
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


def _reason_of_refusal(response: ModelResponse) -> str:
    return str((response.provider_details or {}).get("refusal") or "")
