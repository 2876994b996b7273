"""`callsheet voices`: list the voices by language, or speak a sample to a file."""

import asyncio
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from callsheet.cli.failures import sentences
from callsheet.cli.printing import eye, print_json, wide_console
from callsheet.errors import InvalidRequest
from callsheet.model.problems import listed

if TYPE_CHECKING:
    from callsheet.model.film.narration import Voice

DEFAULT_LANGUAGE = "en"


def voices(
    language: Annotated[
        str, typer.Option("--language", "-l", help="Code of a language, e.g. en, de or pt-BR. Without it, all.")
    ] = "",
    say: Annotated[str, typer.Option("--say", metavar="TEXT", help="Speak this text to a file.")] = "",
    voice: Annotated[str, typer.Option("--voice", "-v", help="Voice that speaks: its name, `male` or `female`.")] = "",
    recording: Annotated[
        Path | None, typer.Option("--recording", help="Your own recording of the text: print when each sentence is.")
    ] = None,
    speed: Annotated[float, typer.Option("--speed", min=0.5, max=2.0, help="1 is the voice's own pace.")] = 1.0,
    out: Annotated[Path, typer.Option("--out", help="WAV file for the sample.")] = Path("sample.wav"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the voices by language, or speak a sample to a file.

    It needs no server. The voices of this machine need no network.
    """
    with sentences(as_json):
        if recording:
            _split(recording, say, language or DEFAULT_LANGUAGE, as_json)
        elif say:
            _speak(say, voice, language, speed, out, as_json)
        else:
            _list(language, voice, as_json)


def _list(language: str, voice: str, as_json: bool) -> None:
    from callsheet.speech.catalogue import voice_catalogue

    catalogue = voice_catalogue()
    if voice:
        found: tuple[Voice, ...] = (catalogue.voice(voice, language or catalogue.language_of(voice)),)
    else:
        found = catalogue.speaking(language) if language else catalogue.voices
    if as_json:
        print_json({"ok": True, "voices": [each.model_dump(mode="json") for each in found]})
    elif language or voice:
        _print_voices(found)
    else:
        _print_languages(found)


def _print_voices(found: "tuple[Voice, ...]") -> None:
    table = Table("Voice", "Language", "Sounds", "Provider", "Its own name", box=None, pad_edge=False)
    for each in found:
        table.add_row(each.name, each.language, each.gender or "", each.provider, each.vendor_id)
    wide_console().print(table)


def _print_languages(found: "tuple[Voice, ...]") -> None:
    table = Table("Language", "Female", "Male", box=None, pad_edge=False)
    for language, group in groupby(sorted(found, key=lambda each: each.language), lambda each: each.language):
        speaking = list(group)
        names = (", ".join(each.name for each in speaking if each.gender == gender) for gender in ("female", "male"))
        table.add_row("every" if language == "mul" else language, *names)
    console = wide_console()
    console.print(table)
    console.print("\n`callsheet voices --language en` says who provides each voice of a language.")
    console.print("`callsheet voices --say TEXT --voice NAME --out sample.wav` speaks a sample.")


def _split(recording: Path, text: str, language: str, as_json: bool) -> None:
    """Print the stretch of each sentence in a recording."""
    from callsheet.sentences import sentences_of
    from callsheet.speech.recording import read_recording, split_recording
    from callsheet.speech.speakable import speakable

    spoken = [(each, said) for each in sentences_of(text, language) if (said := speakable(each, language).spoken)]
    if not spoken:
        raise InvalidRequest("give the text of the recording", "--say")
    parts = split_recording(read_recording(recording), [said for _, said in spoken])
    if as_json:
        told = [
            {"text": written, "start_s": round(part.start_s, 3), "end_s": round(part.end_s, 3)}
            for (written, _), part in zip(spoken, parts, strict=True)
        ]
        print_json({"ok": True, "file": str(recording), "sentences": told})
        return
    for (written, _), part in zip(spoken, parts, strict=True):
        typer.echo(f"{part.start_s:7.2f} to {part.end_s:7.2f} s  {written}")


def _speak(text: str, voice: str, language: str, speed: float, out: Path, as_json: bool) -> None:
    from callsheet.model.film.narration import OnVoiceFailure, VoiceChoice
    from callsheet.settings import settings
    from callsheet.speech.catalogue import voice_catalogue
    from callsheet.speech.narrator import open_narrator
    from callsheet.speech.samples import speak_sample

    language = language or (voice_catalogue().language_of(voice) if voice else "") or DEFAULT_LANGUAGE
    eye.doing = "speaking"
    choice = VoiceChoice(voice=voice, speed=speed, on_failure=OnVoiceFailure.FAIL)
    spoken = asyncio.run(speak_sample(open_narrator(settings()), text, language, choice, out))
    length_s = sum(each.length_s for each in spoken.sentences) + spoken.pauses_s
    if as_json:
        said = [each.model_dump(mode="json") for each in spoken.sentences]
        print_json({"ok": True, "file": str(out), "length_s": round(length_s, 3), "sentences": said})
        return
    names = dict.fromkeys(f"{each.voice.name} ({each.voice.provider})" for each in spoken.sentences if each.voice)
    typer.echo(f"{out}: {length_s:.1f} s, spoken by {listed(list(names))}")
