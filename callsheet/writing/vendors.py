"""Connections from names of models, by pydantic-ai.

The key is always passed on, never looked up.

Without a key, pydantic-ai and the vendors' packages read OPENAI_API_KEY and its like, and would send it to any given
address. So vendors always need a key, and servers that need none get a placeholder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from callsheet.errors import SetupIncomplete

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model
    from pydantic_ai.providers import Provider

OLLAMA_URL = "http://localhost:11434/v1"
"""Ollama's default address."""
NO_KEY = "no-key"
# Vendors whose name may stand before that of a model although a server's address is given, too. Any other word before
# a colon belongs to the model's name there, as in `qwen2.5-coder:7b`.
_WITH_ADDRESS = ("openai", "anthropic", "ollama")


def connect(model: str, base_url: str | None, api_key: str | None, client: httpx2.AsyncClient | None = None) -> Model:
    """Return the model behind its service, asked by `client`, or by one of pydantic-ai's.

    Nothing is sent yet.

    Raises SetupIncomplete if the settings don't say enough.
    """
    vendor, name = split_name(model, base_url)
    if vendor == "ollama":
        base_url = base_url or OLLAMA_URL
    if base_url is not None:
        return _at_address(vendor, name, base_url, api_key or NO_KEY, client)
    return _at_vendor(vendor, name, api_key, client)


def split_name(model: str, base_url: str | None) -> tuple[str, str]:
    """Return vendor and name of `vendor:name`.

    The vendor is empty for a name at a private server.
    """
    vendor, _, name = model.partition(":")
    if base_url is not None and vendor not in _WITH_ADDRESS:
        return "", model
    if not vendor or not name:
        raise SetupIncomplete(
            f"CALLSHEET_WRITER_MODEL is “{model}”; write vendor:model, e.g. openai:gpt-6-luna, or give the address "
            "of an OpenAI-compatible server as CALLSHEET_WRITER_BASE_URL",
            "CALLSHEET_WRITER_MODEL",
        )
    return vendor, name


def service_name(model: str, base_url: str | None) -> str:
    """Return `openai`, or `the model server at 127.0.0.1:8080`.

    An address may hold a password, so only its host and port are named.
    """
    if base_url is None:
        return model.partition(":")[0]
    address = urlsplit(base_url)
    return f"the model server at {address.hostname}" + (f":{address.port}" if address.port else "")


def _at_address(vendor: str, name: str, base_url: str, api_key: str, client: httpx2.AsyncClient | None) -> Model:
    if vendor == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(name, provider=AnthropicProvider(base_url=base_url, api_key=api_key, http_client=client))
    if vendor == "ollama":
        from pydantic_ai.models.ollama import OllamaModel
        from pydantic_ai.providers.ollama import OllamaProvider

        return OllamaModel(name, provider=OllamaProvider(base_url=base_url, api_key=api_key, http_client=client))
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    # Every server knows `max_tokens`; OpenAI's newer models want `max_completion_tokens`, and refuse the older name.
    profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=vendor == "openai")
    provider = OpenAICompatibleProvider("server", base_url=base_url, api_key=api_key, http_client=client)
    return OpenAIChatModel(name, provider=provider, profile=profile)


def _at_vendor(vendor: str, name: str, api_key: str | None, client: httpx2.AsyncClient | None = None) -> Model:
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.models import infer_model
    from pydantic_ai.providers import infer_provider_class

    if api_key is None:
        raise SetupIncomplete(f"Set CALLSHEET_WRITER_API_KEY to your key of {vendor}", "CALLSHEET_WRITER_API_KEY")

    def provider(kind: str) -> Provider[object]:
        return infer_provider_class(kind)(api_key=api_key, http_client=client)  # type: ignore[call-arg]

    # One protocol for OpenAI and for all that is compatible with it; `openai-responses:…` asks for the newer one.
    spoken = "openai-chat" if vendor == "openai" else vendor
    try:
        return infer_model(f"{spoken}:{name}", provider)
    except (ValueError, TypeError, ImportError, UserError) as error:
        raise SetupIncomplete(
            f"CALLSHEET_WRITER_MODEL names the vendor “{vendor}”, which can't be used here ({_first_line(error)}); "
            "give its OpenAI-compatible address as CALLSHEET_WRITER_BASE_URL instead",
            "CALLSHEET_WRITER_MODEL",
        ) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
