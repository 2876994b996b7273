"""The storyboard as YAML: what is printed and not changed reads as it was, and mistakes have their line."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.model.requests.pictures import PairScene
from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.proposal import Proposal
from callsheet.sources.proposal_file import proposal_text, read_proposed_scenes
from callsheet.sources.request_files import RequestFileInvalid

# Without the characters that YAML 1.1 has no way to write, or no file has.
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=60)
PROMPTS = st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)
# What a scene is called and what is asked for say something: a letter is among them.
BRIEFS = st.builds(SceneBrief, name=TEXTS.map("é{}".format), prompt=PROMPTS.map("é{}".format), take=st.integers(1, 9))
PAIRS = st.builds(PairScene, name=TEXTS, first=TEXTS, last=TEXTS, prompt=PROMPTS, duration_s=st.floats(0.5, 5))


def written(tmp_path_factory, scenes, page="an *estimate*"):
    """The file of a proposal."""
    file = tmp_path_factory.mktemp("storyboard") / "storyboard.yaml"
    text = proposal_text(Proposal(run_id=uuid4(), name="Film", page=page, scenes=scenes))
    file.write_text(text, encoding="utf-8", newline="")
    return file


@given(scenes=st.one_of(st.lists(BRIEFS, min_size=1, max_size=3), st.lists(PAIRS, min_size=1, max_size=3)))
def test_what_is_not_changed_is_read_as_it_was(tmp_path_factory, scenes):
    """Scenes of either kind, with whatever text."""
    assert list(read_proposed_scenes(written(tmp_path_factory, scenes))) == scenes


def test_the_estimate_is_a_comment_and_code_stays_readable(tmp_path_factory):
    """A person reads the one and changes the other."""
    brief = SceneBrief(name="Circle", code="class Circle(Scene):\n    def construct(self):\n        self.wait(1)\n")
    text = written(tmp_path_factory, [brief], page="The estimate\n\n| scenes | 1 |").read_text()
    assert text == (
        "# The estimate\n#\n# | scenes | 1 |\n\nscenes:\n- name: Circle\n  code: |\n    class Circle(Scene):\n"
        "        def construct(self):\n            self.wait(1)\n"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("scenes: []\n", ":1: scenes: needs at least 1"),
        ("title: x\nscenes: [{name: a, prompt: b}]\n", ":1: title: is not a field here"),
        ("scenes:\n- name: a\n  prompt: b\n- name: c\n", ":4: scenes.1.template .scene “c”.: name a template"),
        ("scenes:\n- {name: a, first: x.png}\n", ":2: scenes.0.last .scene “a”.: is needed"),
    ],
)
def test_a_mistake_has_its_line(tmp_path, text, sentence):
    """Of either kind of scene."""
    file = tmp_path / "changed.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RequestFileInvalid, match=sentence):
        read_proposed_scenes(file)
