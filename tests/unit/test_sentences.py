"""Text becomes sentences to be spoken one by one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.sentences import LONGEST, sentences_of

TEXTS = {
    ("en", "Dr. Smith met J. K. Rowling on Jan. 5. It was v1.2.3 of example.com. See Fig. 3."): (
        "Dr. Smith met J. K. Rowling on Jan. 5.",
        "It was v1.2.3 of example.com.",
        "See Fig. 3.",
    ),
    ("de", "Das ist z. B. der 3. Tag. Am 5. März geht es los. Es war 2024. Ende."): (
        "Das ist z. B. der 3. Tag.",
        "Am 5. März geht es los.",
        "Es war 2024.",
        "Ende.",
    ),
    ("en", "It lifts boats by 20 m. A crane lifts 5 kg. Dr. A. B. Smith saw 3 m of it."): (
        "It lifts boats by 20 m.",
        "A crane lifts 5 kg.",
        "Dr. A. B. Smith saw 3 m of it.",
    ),
    ("zh", "你好。这是一个测试！真的吗？"): ("你好。", "这是一个测试！", "真的吗？"),
    ("zh", "一切都变了。15年前，只有一家公司。"): ("一切都变了。", "15年前，只有一家公司。"),
    ("en", "  One\n line. \n\n Two  "): ("One line.", "Two"),
    ("xx", ""): (),
}


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_sentences_end_where_people_end_them(language: str, text: str):
    """Not after abbreviations, initials, ordinals and numbers; but after a quantity."""
    assert sentences_of(text, language) == TEXTS[language, text]


@given(st.text(alphabet="ab .,;!?\n。中é1", max_size=2_000), st.sampled_from(["en", "de", "zh", "xx", ""]))
def test_no_sentence_is_too_long_and_nothing_is_lost(text: str, language: str):
    """Whatever the text is."""
    sentences = sentences_of(text, language)
    assert all(0 < len(sentence) <= LONGEST for sentence in sentences)
    assert re.sub(r"\s", "", "".join(sentences)) == re.sub(r"\s", "", text)


def test_a_long_sentence_is_cut_after_a_clause():
    """At the last one that fits; else between words; else anywhere."""
    clause = "a house stands by the river and a tree beside it, "
    assert all(part.endswith(",") for part in sentences_of(clause * 20, "en"))
    assert [len(part) for part in sentences_of("x" * 1_000, "en")] == [400, 400, 200]
