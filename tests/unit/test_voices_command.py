"""`callsheet voices` lists voices and speaks samples, without a server."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callsheet.cli.main import app
from callsheet.settings import settings
from tests.fakes.speech_server import SpeechServer


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch):
    """Set a variable for the test."""

    def change(name: str, value: object) -> None:
        monkeypatch.setenv(f"CALLSHEET_{name}", str(value))
        settings.cache_clear()

    yield change
    settings.cache_clear()


def called(*arguments: str) -> tuple[int, str]:
    """The exit code, and all that the command says."""
    answer = CliRunner().invoke(app, ["voices", *arguments])
    return answer.exit_code, answer.output


def test_voices_are_listed_by_language():
    """A row a language; with a language, a row a voice."""
    code, said = called()
    assert code == 0
    assert "heart" in next(line for line in said.splitlines() if line.startswith("en-US"))
    code, said = called("--language", "de", "--json")
    assert (code, [each["name"] for each in json.loads(said)["voices"]][:2]) == (0, ["espeak-de", "espeak-de-female"])


def test_a_sample_is_a_file_with_times(tmp_path: Path):
    """Two sentences, a pause between them, one voice, in a folder that was not there."""
    out = tmp_path / "new/sample.wav"
    code, said = called("--say", "It has 3 parts. *** Look.", "--out", str(out), "--json")
    told = json.loads(said)
    assert (code, [each["spoken"] for each in told["sentences"]]) == (0, ["It has three parts.", "Look."])
    with wave.open(str(out)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(told["length_s"], abs=0.001)


def test_no_network_is_needed(tmp_path: Path):
    """A network namespace without routes: the models are on this machine."""
    argv = ["bwrap", "--unshare-net", "--dev-bind", "/", "/", sys.executable, "-m", "callsheet", "voices"]
    out = tmp_path / "sample.wav"
    spoken = subprocess.run(
        [*argv, "--say", "No network.", "--out", str(out)], capture_output=True, text=True, timeout=120, check=False
    )
    assert spoken.returncode == 0, spoken.stderr
    assert out.stat().st_size > 10_000


def test_a_recording_is_shown_by_its_sentences(tmp_path: Path):
    """The sample of a voice serves as a recording; a sentence that stands twice has two parts."""
    out = str(tmp_path / "own.wav")
    text = "It has three parts. Look here. Look here."
    assert called("--say", text, "--out", out)[0] == 0
    code, said = called("--say", text, "--recording", out)
    assert (code, len(said.splitlines())) == (0, 3)
    code, said = called("--say", text, "--recording", out, "--json")
    told = json.loads(said)["sentences"]
    assert [each["text"] for each in told] == ["It has three parts.", "Look here.", "Look here."]
    assert told[0]["end_s"] <= told[1]["start_s"] < told[1]["end_s"] <= told[2]["start_s"]


def test_a_sample_follows_the_settings(tmp_path: Path, setting):
    """The order of voices names a service, and the lexicon says a name."""
    lexicon = tmp_path / "lexicon.yaml"
    lexicon.write_text("words:\n  Callsheet: Call sheet\n", encoding="utf-8")
    setting("LEXICON", lexicon)
    setting("VOICES", "openai-ash, heart")
    with SpeechServer() as server:
        setting("SPEECH_BASE_URL", server.url)
        setting("SPEECH_API_KEY", "sk-test-key")
        code, said = called("--say", "Callsheet.", "--out", str(tmp_path / "out.wav"))
    assert (code, "spoken by openai-ash (openai)" in said) == (0, True), said
    assert [(each["voice"], each["input"]) for each in server.asked] == [("ash", "Call sheet.")]
    assert server.keys == ["Bearer sk-test-key"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--say", "***"), "--say: there is no word to say"),
        (("--say", "Hi", "--voice", "micheal"), "voice: there is no voice “micheal”: take michael"),
        (("--recording", "no.wav", "--say", "Hi."), "recording: there is no file “no.wav”"),
        (("--recording", "no.wav"), "--say: give the text of the recording"),
        (("--language", "tlh"), "language: no voice speaks “tlh”"),
        (("--say", "Hi", "--voice", "openai-nova"), "set CALLSHEET_SPEECH_API_KEY or CALLSHEET_SPEECH_BASE_URL"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], sentence: str):
    """It names what to change."""
    code, said = called(*arguments)
    assert code in (1, 2)
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


def test_an_order_of_unknown_voices_is_refused(setting):
    """The sentence names the setting."""
    setting("VOICES", "heart, hart")
    code, said = called("--say", "Hi")
    assert (code, said.startswith("CALLSHEET_VOICES: there is no voice “hart”: take heart")) == (2, True), said
