"""`callsheet movie SCRIPT`: a screenplay becomes a film or a trailer."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli.board import BoardMode
from callsheet.cli.failures import sentences
from callsheet.cli.request import ApprovalOption
from callsheet.cli.run_and_wait import AsJson, Out, Profile, Title, as_request, make, with_files_stored
from callsheet.errors import InvalidRequest
from callsheet.model.film.profile import ProfileName


def movie(
    script: Annotated[Path, typer.Argument(help="A screenplay in Fountain, Final Draft (FDX), indented text, or PDF.")],
    mode: Annotated[BoardMode, typer.Option("--mode", help="All scenes, or a trailer.")] = BoardMode.FULL,
    length: Annotated[
        float, typer.Option("--length", metavar="SECONDS", min=15, max=600, help="How long a trailer is.")
    ] = 60.0,
    scenes: Annotated[str, typer.Option("--scenes", metavar="3,5-7", help="These scenes alone.")] = "",
    ending: Annotated[bool, typer.Option("--ending", help="A trailer may show the last scenes.")] = False,
    shots: Annotated[
        Path | None, typer.Option("--shots", help="Your own shot list (CSV or YAML), which is taken as it is.")
    ] = None,
    voice: Annotated[
        list[str] | None,
        typer.Option("--voice", "-v", metavar="NAME=VOICE", help="Voice of a character; give it once for each."),
    ] = None,
    language: Annotated[
        str, typer.Option("--language", "-l", help="Language of the dialogue, if its words do not tell it.")
    ] = "",
    music: Annotated[str, typer.Option(help="Music under the film: a mood, a sound file, or an http(s) address.")] = "",
    cards: Annotated[bool, typer.Option("--cards/--no-cards", help="Title at the beginning, card at the end.")] = True,
    profile: Profile = ProfileName.HD,
    title: Title = "",
    approval: ApprovalOption = False,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Make a film or a trailer of a screenplay, with drawn shots, voices and music.

    Each character has a voice and looks that stay. Without a model and without a key.
    """
    with sentences(as_json, lambda: {"screenplay": str(script)}):
        from callsheet.model.requests.movie import MovieRequest
        from callsheet.sources.screenplays.shot_list_file import read_shot_list

        own = [shot.model_dump(exclude_defaults=True) for shot in read_shot_list(shots)] if shots else []
        fields: dict[str, object] = {
            "title": title,
            "screenplay": str(script),
            "mode": mode,
            "length_s": length,
            "only": scenes,
            "ending": ending,
            "scenes": own,
            "voices": dict(_voice_of(each) for each in voice or ()),
            "language": language,
            "cards": cards,
            "profile": profile,
            "approval": approval,
            **({"music": {"file": music}} if music else {}),
        }
        make(with_files_stored(as_request(MovieRequest, fields)), out, as_json, made_from=script)


def _voice_of(words: str) -> tuple[str, str]:
    """Return the character and the voice that NAME=VOICE names."""
    from callsheet.speech.catalogue import voice_catalogue

    name, sign, voice = (part.strip() for part in words.partition("="))
    if not (name and sign and voice):
        raise InvalidRequest(f"“{words}” names no voice of a character; write MARA=emma", "--voice")
    voice_catalogue().language_of(voice)
    return name, voice
