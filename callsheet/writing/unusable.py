"""The error for an answer of a language model that is not what was asked for."""

from callsheet.errors import NothingWritten
from callsheet.writing.writer import ModelAnswer

REASON_CHARACTERS = 300
SAID_CHARACTERS = 100


def unusable(answer: ModelAnswer, reason: str) -> NothingWritten:
    """Return the error for an answer that can't be used.

    Asking again helps if the whole question was read.
    """
    reason = reason if len(reason) <= REASON_CHARACTERS else f"{reason[:REASON_CHARACTERS]}…"
    said = " ".join(answer.text.split())[:SAID_CHARACTERS]
    sentence = f"{answer.doubt or reason}; its answer begins “{said}”"
    hint = "" if answer.doubt else f"Your last answer can't be used: {reason}."
    return NothingWritten(answer.call.purpose, sentence, answer.beginning, answer.call, hint, answer.window)
