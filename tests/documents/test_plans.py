"""Plans of videos in YAML and JSON, and documents that Callsheet has written as JSON."""

import json

import pytest

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import DocumentKind, NarrationBlock
from callsheet.sources.documents.document_reader import read_document
from tests.documents.conftest import shown

ONE_VIDEO = """# A plan
video:
  id: bees
  title: "Bees"
  description: What they do
  accent_color: blue   # a setting
scenes:
- type: title
  title: All about bees
  subtitle: A beginning
  narration: Bees are small.
- type: command
  header: Keep them
  commands: ["$ hive open", "→ opened", hive feed]
  key_points: [Quick, Safe]
  voice: male
- type: list
  header: Kinds
  items:
  - title: Queen
    description: lays eggs
  - [Drone, is male]
  - Worker
- type: code_comparison
  header: Before and after
  before_code: |
    bees = []
    fly()
  after_code: "fly(bees)"
  before_label: Before
- type: quote
  quote_text: To bee or not
  attribution: A. Pian
"""
MANY_VIDEOS = """set_id: insects
name: Insects
description: Two films
videos:
  - video_id: one
    title: Ants
    scenes:
      - {scene_id: a, scene_type: list, narration: "Ants walk.", visual_content: {header: Legs, items: [six]}}
  - video_id: two
    title: Flies
    scenes: [{scene_id: b, scene_type: outro, narration: "Flies fly.", visual_content: {main_text: Bye}}]
"""
VARIABLES = """template: tutorial
variables:
  title: Git
  objectives: [Commit, Push]
  objectives_narration: You will learn it.
  accent_color: blue
"""


def test_a_plan_becomes_blocks_in_its_order(blocks):
    """What a scene shows comes first, then what is said; settings are left out by name."""
    found = blocks(ONE_VIDEO)
    assert shown(found) == [
        "heading: Bees",
        "paragraph: What they do",
        "heading: All about bees",
        "paragraph: A beginning",
        "narration: Bees are small.",
        "heading: Keep them",
        "command: hive open | opened | hive feed",
        "list: Quick | Safe",
        "heading: Kinds",
        "list: Queen: lays eggs | Drone: is male | Worker",
        "heading: Before and after",
        "code: bees = []\nfly() | Before",
        "code: fly(bees)",
        "quote: To bee or not | A. Pian",
    ]
    assert str(found.blocks[4].place) == "line 11"
    assert [omission.text for omission in found.omissions] == ["id: bees", "accent_color: blue", "voice: male"]


def test_several_videos_are_chapters_of_one_document(blocks):
    """The name of the set is the title."""
    found = blocks(MANY_VIDEOS)
    assert found.title == "Insects"
    headings = [(block.level, block.prose.text) for block in found.blocks if block.kind == "heading"]
    assert headings == [(1, "Ants"), (2, "Legs"), (1, "Flies"), (2, "Bye")]
    assert [block.prose.text for block in found.blocks if isinstance(block, NarrationBlock)] == [
        "Ants walk.",
        "Flies fly.",
    ]


def test_json_is_read_like_yaml(blocks):
    """With the same words."""
    plan = {"video": {"title": "Bees"}, "scenes": [{"type": "title", "title": "Hi", "narration": "Bees."}]}
    assert shown(blocks(json.dumps(plan, indent=2))) == ["heading: Bees", "heading: Hi", "narration: Bees."]


def test_blanks_are_filled_from_variables(blocks):
    """Variables without scenes are shown by themselves; a blank may be a list."""
    assert shown(blocks(VARIABLES)) == [
        "heading: Git",
        "heading: Objectives",
        "list: Commit | Push",
        "narration: You will learn it.",
    ]
    plan = "title: ${name|Bees} here\nvariables:\n  kinds: [one, two]\nscenes:\n- {header: Kinds, items: '${kinds}'}\n"
    assert shown(blocks(plan)) == ["heading: Bees here", "heading: Kinds", "list: one | two"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title: ${name}\nscenes:\n- {header: x}\n", r"line 1: “\$\{name\}” has no value; write it under `variables`"),
        (
            "title: T\nscenes:\n- name: one\n  template: title\n",
            r"request for a video; make it with `callsheet create`",
        ),
        ("video:\n  title: T\n", "it names no scenes"),
        ("scenes:\n- title: [a\n", "line 2 has a bracket"),
        ('{"a": 1}', "JSON with no `scenes`, `videos` or `blocks`"),
        ('{"blocks": [{"kind": "heading"}]}', "block 1 is not one that Callsheet writes: heading"),
        ('{"blocks": [1]}', "block 1 is not one"),
    ],
)
def test_what_is_no_plan_is_one_sentence(blocks, text, sentence):
    """It says what is wrong, and what to do."""
    with pytest.raises(InvalidRequest, match=sentence):
        blocks(text)


def test_text_with_fields_stays_text(blocks):
    """Front matter and prose with a colon are no plan."""
    for text in ("---\nscenes:\n---\n# Title\n\nText.\n", "# Plan\n\nscenes:\n\nWe see a hive.\n"):
        assert "heading: " in shown(blocks(text))[0]


async def test_a_document_written_as_json_is_read_again(opened):
    """With its blocks as they were, whatever a person has changed."""
    first = (await opened(ONE_VIDEO.encode())).document
    text = first.model_dump_json().replace("A beginning", "A start")
    again = (await opened(text.encode(), "again.json")).document
    assert again.kind is DocumentKind.DOCUMENT_JSON
    assert len(again.blocks) == len(first.blocks)
    assert again.title == "Bees"
    assert list(again.blocks[3].texts()) == ["A start"]


async def test_a_set_of_files_is_read_from_its_folder(tmp_path, limits):
    """Its videos are chapters, in the order of the set; what lies elsewhere is not read."""
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "one.yaml").write_text("video: {title: One}\nscenes:\n- {header: First, items: [a]}\n")
    (folder / "two.yaml").write_text("title: Two\nscenes:\n- {header: Second, narration: Hm.}\n")
    (tmp_path / "secret.yaml").write_text("title: Secret\nscenes: []\n")
    plan = folder / "set_config.yaml"
    plan.write_text("set:\n  name: Both\n  videos:\n  - file: two.yaml\n  - file: one.yaml\n")
    (tmp_path / "read").mkdir()
    document = (await read_document(plan, "set_config.yaml", tmp_path / "read", limits)).document
    assert document.title == "Both"
    assert [text.partition(": ")[2] for text in shown(document)] == ["Two", "Second", "Hm.", "One", "First", "a"]
    with pytest.raises(InvalidRequest, match=r"list of other files \(two.yaml, one.yaml\); give one of them"):
        await read_document(plan, "https://example.com/set.yaml", tmp_path / "read", limits)
    for named in ("../secret.yaml", "gone.yaml", str(tmp_path / "secret.yaml")):
        plan.write_text(f"set:\n  videos:\n  - file: {named}\n")
        with pytest.raises(InvalidRequest, match="there is no such plan beside it"):
            await read_document(plan, "set_config.yaml", tmp_path / "read", limits)
