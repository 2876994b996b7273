"""`callsheet screenplay`: a person sees what was read, and a program gets all of it."""

import json

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from tests.screenplays.conftest import SAMPLE, SCRIPTS


def test_a_person_sees_counts_characters_and_scenes():
    """The words that were read are held against those of the file."""
    result = CliRunner().invoke(app, ["screenplay", str(SAMPLE)])
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Title:       The Last Ferry\nFormat:      fountain\nWords:       422 of 422 in the file\n"
        "Read:        3 headings, 16 actions, 15 speeches, 2 parentheticals, 3 transitions, 1 note\n"
        "Characters:  JONAS (7), MARA (5), LIV (3)\n\n"
        "   1  EXT. FERRY DOCK - DUSK  (line 8)\n"
        "   2  INT. FERRY CABIN - NIGHT  (line 38)\n"
        "   3  EXT. FERRY DOCK - NIGHT  (line 74)\n"
    )


def test_a_program_gets_every_part():
    """Final Draft comes out of the fence as Fountain does."""
    facts = json.loads(CliRunner().invoke(app, ["screenplay", str(SCRIPTS / "two_cooks.fdx"), "--json"]).stdout)
    assert (facts["ok"], facts["format"], facts["words"], facts["words_in_file"]) == (True, "final-draft", 31, 31)
    assert facts["parts"][3] == {"kind": "character", "name": "PIA", "dual": "left", "line": 16, "page": 1}


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"Dear diary, it rained.", "no scene and no speech"), (None, "no file")]
)
def test_what_is_no_screenplay_is_one_sentence(tmp_path, content, said):
    """And exit code 2."""
    path = tmp_path / "script.fountain"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(app, ["screenplay", str(path)])
    assert result.exit_code == 2
    told = result.stderr.splitlines()[-1]  # a slow machine says before how far it is
    assert told.startswith("screenplay: ")
    assert said in told


def test_a_board_has_shots_a_call_sheet_and_a_trailer(tmp_path):
    """The shot list that it writes is taken again."""
    board = ["board", str(SAMPLE), "--json"]
    facts = json.loads(CliRunner().invoke(app, [*board, "--out", str(tmp_path)]).stdout)
    assert [path.rpartition("/")[2] for path in facts["files"]] == ["shots.csv", "call_sheet.csv", "board.pdf"]
    again = json.loads(CliRunner().invoke(app, [*board, "--shots", str(tmp_path / "shots.csv")]).stdout)
    assert again["shots"] == facts["shots"]
    assert again["unspoken"] == []
    (tmp_path / "one.yaml").write_text("- {name: '1.1', scene: 1, utterances: [1]}")
    one = ["board", str(SAMPLE), "--shots", str(tmp_path / "one.yaml"), "--scenes", "1"]
    warnings = [line for line in CliRunner().invoke(app, one).stdout.splitlines() if line.startswith("Warning: Line ")]
    assert len(warnings) == len([each for each in facts["utterances"] if each["scene"] == 1]) - 1
    trailer = json.loads(CliRunner().invoke(app, [*board, "--mode", "trailer", "--length", "30"]).stdout)
    assert [(scene["scene"], scene["is_whole"]) for scene in trailer["trailer"]] == [(2, True)]
    assert trailer["length_s"] == 30
    said = CliRunner().invoke(app, ["board", str(SAMPLE), "--scenes", "2"]).stdout
    assert said.startswith("The Last Ferry: 1 scene, 13 shots, ")
