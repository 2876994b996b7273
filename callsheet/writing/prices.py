"""The price of an answer, by the price list of genai-prices: nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse


def price_usd(response: ModelResponse) -> float | None:
    """Return the price of one answer in US dollars.

    Return None if the list has no price, as for a private server.

    The address that was asked decides whose price it is. Without it, the list would match the model's name alone. Then
    a local server would seem to charge the price of a vendor with a model of that name.
    """
    from genai_prices import calc_price

    if not response.provider_url or not response.model_name or response.usage.unmeasured_requests:
        return None
    try:
        price = calc_price(response.usage, model_ref=response.model_name, provider_api_url=response.provider_url)
    except LookupError:
        return None
    return float(price.total_price)


def tokens_usd(model: str, base_url: str | None, input_tokens: int, output_tokens: int) -> float | None:
    """Return the price of so many tokens of `vendor:model` in US dollars.

    Return None if the list has none.
    """
    from genai_prices import Usage, calc_price

    vendor, _, name = model.partition(":")
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        if base_url:
            return float(calc_price(usage, model_ref=name or model, provider_api_url=base_url).total_price)
        return float(calc_price(usage, model_ref=name or model, provider_id=vendor).total_price)
    except LookupError:
        return None
