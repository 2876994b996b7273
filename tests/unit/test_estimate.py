"""The estimate: what is counted, what is rounded up, and what is unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.content import TitleContent
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.estimate import RULES_TOKENS, Resources, estimate, estimate_page
from callsheet.stage.template_lengths import expected_s
from callsheet.writing.prices import tokens_usd

DRAWN = {"name": "Drawn", "template": "title", "content": {"title": "Drawn", "duration_s": 4}}
READ = {"name": "Read", "template": "title", "content": {"title": "Read"}}
WRITTEN = {"name": "Written", "prompt": "p" * 300, "duration_s": 10}
CODED = {"name": "Coded", "code": "from manim import *"}
WRITER = Resources(writer_model="openai:gpt-5-mini", repairs=3, answer_tokens=1000, renders_at_once=2)


def plan(*scenes):
    """A video of these scenes."""
    return VideoRequest.model_validate({"title": "Planned", "scenes": scenes})


def free(tokens_in, tokens_out):
    """A price list that knows nothing."""
    return


def test_only_prompts_are_asked_for_and_repairs_are_counted_at_most():
    """A template costs no call; the code that goes back for repair is as long as an answer may be."""
    found = estimate(
        plan(DRAWN, READ, WRITTEN, CODED), WRITER, lambda tokens_in, tokens_out: tokens_in / 1e6, expected_s
    )
    assert (found.scenes, found.scenes_of_unknown_length) == (4, 1)
    assert found.known_s == pytest.approx(14 + expected_s(TitleContent(title="Read")))
    assert (found.calls_at_least, found.calls_at_most) == (1, 4)
    assert found.input_tokens_at_most == 4 * (RULES_TOKENS + 100) + 3 * 1000
    assert found.output_tokens_at_most == 4 * 1000
    assert found.price_at_most_usd == found.input_tokens_at_most / 1e6


def test_a_prompt_that_no_model_writes_is_as_long_as_it_takes_to_read():
    """It is laid out as text, so its length is known."""
    found = estimate(plan({"name": "Read", "prompt": "word " * 170}), Resources(), free, expected_s)
    assert (found.scenes_of_unknown_length, found.known_s) == (0, pytest.approx(64, abs=4))


def test_without_a_model_nothing_is_paid():
    """Prompts are then laid out as text."""
    found = estimate(plan(WRITTEN), Resources(), free, expected_s)
    assert (found.calls_at_most, found.price_at_most_usd, found.writer_model) == (0, 0.0, "")
    assert "none is asked" in estimate_page(found, "Planned")


def test_a_price_that_is_not_known_is_not_called_nothing():
    """A server of one's own has no entry in the list."""
    page = estimate_page(estimate(plan(WRITTEN), WRITER, free, expected_s), "Planned")
    assert "the price of openai:gpt-5-mini is unknown" in page


def test_the_price_comes_from_the_list_of_the_vendor():
    """An unknown model and a server of one's own have none."""
    assert tokens_usd("openai:gpt-5-mini", None, 1_000_000, 0) == pytest.approx(0.25)
    assert tokens_usd("openai:no-such-model", None, 1_000_000, 0) is None
    assert tokens_usd("gpt-5-mini", "http://127.0.0.1:8080/v1", 1_000_000, 0) is None


@given(st.integers(1, 20), st.integers(1, 8))
def test_more_scenes_never_take_less(scenes, renders):
    """Time, calls and tokens only grow with the plan."""
    resources = WRITER.model_copy(update={"renders_at_once": renders})
    fewer, more = (
        estimate(plan(*({**WRITTEN, "name": str(n)} for n in range(count))), resources, free, expected_s)
        for count in (scenes, scenes + 1)
    )
    assert fewer.about_s < more.about_s
    assert fewer.calls_at_most < more.calls_at_most
    assert fewer.input_tokens_at_most < more.input_tokens_at_most


def test_a_topic_is_counted_as_as_many_scenes_as_it_may_become():
    """With the call that splits it; without a model it is one scene, and costs nothing."""
    topic = VideoRequest(title="Planned", topic="p" * 300, topic_scenes=3)
    found = estimate(topic, WRITER, free, expected_s)
    assert (found.scenes, found.calls_at_least, found.calls_at_most) == (3, 2, 13)
    assert found.output_tokens_at_most == 13 * 1000
    alone = estimate(topic, Resources(), free, expected_s)
    assert (alone.scenes, alone.calls_at_most, alone.price_at_most_usd) == (1, 0, 0.0)
