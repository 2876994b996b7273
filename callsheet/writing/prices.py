"""What an answer costs, by the price list that genai-prices brings along: nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse


def price_usd(response: ModelResponse) -> float | None:
    """Price of one answer in US dollars; None where the list has no price, as for a server of one's own.

    The address that was asked decides whose price it is. Without one, the list would match the model's name alone and
    charge a local server what the vendor of a model of that name takes.
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
    """What so many tokens of `vendor:model` cost in US dollars; None where the list has no price for it."""
    from genai_prices import Usage, calc_price

    vendor, _, name = model.partition(":")
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        if base_url:
            return float(calc_price(usage, model_ref=name or model, provider_api_url=base_url).total_price)
        return float(calc_price(usage, model_ref=name or model, provider_id=vendor).total_price)
    except LookupError:
        return None
