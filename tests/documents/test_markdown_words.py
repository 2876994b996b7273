"""No word of a Markdown file is lost: each stands in a block, or in what is named as left out."""

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from callsheet.model.film.document import DocumentKind
from callsheet.sources.documents.block_list import BlockList
from callsheet.sources.documents.first_bytes import reader_of

_WORD = st.from_regex(r"[a-z]{3,8}[0-9]{2}", fullmatch=True)
_TEXT = st.lists(_WORD, min_size=1, max_size=6).map(" ".join)


def _marked(text: str, how: str) -> str:
    return how.format(text)


_PROSE = st.lists(
    st.builds(_marked, _TEXT, st.sampled_from(
        ["{}",
         "**{}**", "*{}*", "`{}`", "[{}](x)", "~~{}~~", "***{}***", "<b>{}</b>", "${}$", "<!-- {} -->", "![{}](p)",
         "[![{}](p.svg)](x)", "<kbd>{}</kbd>", '<a href="x">{}</a>']
    )),
    min_size=1, max_size=4,
).map(" ".join)  # fmt: skip
_BLOCK = st.one_of(
    _PROSE,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "######"]), _TEXT),
    st.builds("- {}\n- {}\n  1. {}\n\n     ```\n     {}\n     ```\n- {}".format, _PROSE, _TEXT, _PROSE, _TEXT, _TEXT),
    st.builds("> {}\n>\n> — {}".format, _PROSE, _TEXT),
    st.builds("> [!NOTE]\n> {}".format, _TEXT),
    st.builds("> {}\n>\n> - {}".format, _TEXT, _TEXT),
    st.builds("| {} | {} |\n| --- | --- |\n| {} | {} |".format, _TEXT, _TEXT, _TEXT, _TEXT),
    st.builds("```{}\n{}\n```".format, st.sampled_from(["", "python", "console", "bash"]), _TEXT),
    st.builds("```console\n$ {}\n{}\n```".format, _TEXT, _TEXT),
    st.builds("```bash\n# {}\n{} \\\n  {}\n```".format, _TEXT, _TEXT, _TEXT),
    st.builds("    {}".format, _TEXT),
    st.builds("$$\n{}\n$$".format, _TEXT),
    st.builds("<div><p>{}</p><ul><li>{}</li></ul></div>".format, _TEXT, _TEXT),
    st.builds("<details><summary>{}</summary>\n\n{}\n\n</details>".format, _TEXT, _PROSE),
    st.builds("{}[^a]\n\n[^a]: {}".format, _TEXT, _TEXT),
    st.builds("{}\n: {}".format, _TEXT, _TEXT),
    st.builds("- [x] {}\n- [ ] {}".format, _TEXT, _TEXT),
    st.builds("{}\n====".format, _TEXT),
)


def words_of(text: str) -> Counter[str]:
    """Count the words of these tests."""
    return Counter(re.findall(r"[a-z]{3,8}[0-9]{2}", text))


@settings(max_examples=200, deadline=None)
@given(st.lists(_BLOCK, min_size=1, max_size=6))
def test_words_in_are_words_out_and_words_left_out(tmp_path_factory, parts):
    """Sum of words in = sum of words out + those that are named as left out."""
    source = "\n\n".join(parts)
    if source.count("[^a]:") > 1:  # a second note of the same name is none
        return
    blocks = BlockList(tmp_path_factory.getbasetemp())
    reader_of(DocumentKind.MARKDOWN)(source.encode(), blocks)
    out: Counter[str] = Counter()
    for block in blocks.blocks:
        for text in block.texts():
            out += words_of(text)
    for omission in blocks.omissions:
        out += words_of(omission.text)
    assert out == words_of(source)
