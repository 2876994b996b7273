"""A probe whether a language model's service answers again: the smallest possible question."""

from dataclasses import replace

from callsheet.errors import NothingWritten, ProviderError, ProviderRefused, QuotaExhausted
from callsheet.writing.writer import Writer

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
