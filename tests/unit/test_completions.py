"""The pieces of a streamed answer are its text, whatever else a server sends with them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.writing.completions import read_completion

WHOLE = "```python\nfrom manim import *\n```"


def said(*pieces):
    """What an answer says that is streamed in these pieces."""
    events = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    return read_completion(body.encode(), {})["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    "pieces",
    [("1", "10"), ("`", "``python"), ("1", "1", "0"), ("a", "ab", "c"), ("no ", "no ", "no!")],
)
def test_a_piece_that_begins_as_the_answer_does_is_a_piece(pieces):
    """It is no repetition: numbers and fences would lose their beginning."""
    assert said(*pieces) == "".join(pieces)


@given(st.lists(st.integers(1, len(WHOLE) - 1), min_size=2, unique=True).map(sorted))
def test_what_a_stream_repeats_is_said_once(cuts):
    """At its end, or with each piece."""
    pieces = [WHOLE[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(WHOLE)], strict=True)]
    assert said(*pieces) == WHOLE
    assert said(*pieces, WHOLE) == WHOLE
    assert said(*(WHOLE[:end] for end in cuts), WHOLE[:-1], WHOLE) == WHOLE
