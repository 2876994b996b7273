"""`callsheet read`: a person sees what was read, and a program gets all of it."""

import json

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app

TEXT = "# Bees\n\nBees make honey.\n\n<!-- to do -->\n\n## Work\n\n- dance\n- fly\n\n## Words\n\n蜜蜂 fly.\n"


@pytest.fixture
def file(tmp_path):
    """Return a file with two headings, a list and a comment."""
    path = tmp_path / "bees.md"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_a_person_sees_outline_counts_and_what_was_left_out(file):
    """Everything stands on standard output."""
    result = CliRunner().invoke(app, ["read", file])
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Title:     Bees\nFormat:    markdown\nLanguage:  (not known)\nWords:     11\n"
        "Blocks:    6 (3 heading, 2 paragraph, 1 list)\n\n"
        "Bees  (line 1)\n  Work  (line 7)\n  Words  (line 12)\n\n"
        "Left out: a comment, at line 5: “to do”\n"
    )
    lines = CliRunner().invoke(app, ["read", file, "--blocks"]).stdout.splitlines()
    assert [line.split() for line in lines if "list" in line][-1] == ["line", "9", "list", "dance", "|", "fly"]


def test_a_program_gets_the_whole_document(file):
    """One object, with each block at its place."""
    facts = json.loads(CliRunner().invoke(app, ["read", file, "--json"]).stdout)
    assert facts["ok"] is True
    assert (facts["title"], facts["words"], facts["counts"]["heading"]) == ("Bees", 11, 3)
    assert facts["outline"][1] == {"level": 2, "text": "Work", "place": "line 7"}
    assert facts["warnings"] == [{"what": "a comment", "place": "line 5", "text": "to do"}]
    assert [block["kind"] for block in facts["blocks"]][:2] == ["heading", "paragraph"]


def test_a_format_can_be_named(file):
    """Text that looks like Markdown stays as it is."""
    facts = json.loads(CliRunner().invoke(app, ["read", file, "--as", "plain-text", "--json"]).stdout)
    assert facts["kind"] == "plain-text"


@pytest.mark.parametrize("source", ["gone.md", "http://10.0.0.1/page", "https://127.0.0.1/page"])
def test_what_can_not_be_read_is_one_sentence_and_exit_code_2(source):
    """Also for a private address; a program gets the same sentence."""
    result = CliRunner().invoke(app, ["read", source, "--json"])
    facts = json.loads(result.stdout)
    assert (result.exit_code, facts["ok"]) == (2, False)
    assert facts["error"].startswith("document: ")
    assert "\n" not in facts["error"]
