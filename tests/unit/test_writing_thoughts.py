"""Thoughts and words of an answer are told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.writing.thoughts import split_thoughts
from tests.fakes.chat_server import GOOD_SCENE

TAGS = ("think", "thinking", "thought", "reasoning")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<>[]◁▷|\r"), max_size=40)


@given(WORDS, WORDS, st.sampled_from(TAGS))
def test_what_stands_in_tags_is_thought(thoughts, words, tag):
    """Whatever is said after it."""
    assert split_thoughts(f"<{tag}>{thoughts}</{tag}>{words}")[0].strip() == words.strip()
    assert split_thoughts(f"<{tag}>{thoughts}</{tag}>{words}")[1] == thoughts.strip()


@given(WORDS, WORDS)
def test_an_end_without_a_beginning_ends_thoughts(thoughts, words):
    """Templates of servers put the beginning into the question."""
    assert split_thoughts(f"{thoughts}\n</think>{words}") == (words.lstrip("\n"), thoughts.strip())


@given(WORDS)
def test_thoughts_that_never_end_leave_no_words(thoughts):
    """The draft in them is none of the answer."""
    assert split_thoughts(f"<think>{thoughts}") == ("", thoughts.strip())


def test_of_channels_the_final_one_is_said():
    """The format of OpenAI's open models, where a server passes it on."""
    answer = "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>"
    assert split_thoughts(answer) == ("Yes.", "Hm.")
    assert split_thoughts("<|channel|>analysis<|message|>Hm.") == ("", "Hm.")


@pytest.mark.parametrize("tag", ['Text("<think>")', "Text('</think>')"])
def test_code_that_shows_a_tag_is_no_thought(tag):
    """A scene about models."""
    code = GOOD_SCENE.replace("self.wait(1)", f"self.add({tag})")
    assert split_thoughts(code) == (code, "")
