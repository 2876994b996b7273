"""`callsheet pairs FOLDER`: animate pairs of pictures and join them."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import typer

from callsheet.cli.failures import sentences
from callsheet.cli.printing import eye
from callsheet.cli.request import MusicOption
from callsheet.cli.run_and_wait import (
    AsJson,
    Out,
    Profile,
    Seconds,
    Shape,
    Title,
    as_request,
    make,
    stored_picture,
    tell_what_is_unheeded,
    with_files_stored,
)
from callsheet.errors import InvalidRequest
from callsheet.model.film.profile import ProfileName
from callsheet.model.film.timeline import TransitionName
from callsheet.model.footage.jobs import Fit
from callsheet.model.requests.pictures import MAX_NAME_CHARACTERS, MAX_PAIRS, Asking, ImagePairsRequest
from callsheet.sources.text_files import read_text
from callsheet.sources.yaml_files import MAX_FILE_BYTES

BETWEEN = (
    "The change between two pictures. A model reads free text; this machine understands only where the edge between "
    "them runs, e.g. “from right to left”, “from below”, “from the middle”."
)


def pairs(
    folder: Annotated[Path, typer.Argument(help="Folder of JPEG, PNG or WebP files: first, last, first, last …")],
    prompt: Annotated[str, typer.Option(help=BETWEEN)] = "",
    seconds: Seconds = 5.0,
    chain: Annotated[bool, typer.Option("--chain", help="Each scene begins where the one before it ended.")] = False,
    transition: Annotated[TransitionName, typer.Option(help="How to join scenes.")] = TransitionName.FADE,
    music: MusicOption = "",
    captions: Annotated[
        Path | None, typer.Option(help="Text file with a line to read for each scene; an empty line for none.")
    ] = None,
    on_failure: Annotated[
        Literal["fail", "skip", "placeholder"], typer.Option(help="What happens to the video if a scene fails.")
    ] = "fail",
    approval: Annotated[Asking, typer.Option(help="When the run asks before it makes anything.")] = Asking.PAID,
    profile: Profile = ProfileName.HD,
    fit: Shape = Fit.FILL,
    title: Title = "",
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Animate pairs of pictures from a folder and join them.

    Without a provider's key, this machine does it itself.
    """
    from callsheet.sources.picture_folder import readable

    with sentences(as_json):
        paired = paired_files(folder, chain)
        words = captions_of(captions, len(paired)) if captions else [""] * len(paired)
        keys = {path: stored_picture(path) for path in sorted({path for pair in paired for path in pair})}
        scenes = [
            {"name": name, "first": keys[first], "last": keys[last], "caption": caption}
            for name, (first, last), caption in zip(names_of(paired), paired, words, strict=True)
        ]
        fields = {
            "title": title or readable(folder.resolve().name)[:200] or "pairs",
            "scenes": scenes,
            "prompt": prompt,
            "duration_s": seconds,
            "profile": profile,
            "fit": fit,
            "merge": {"transition": transition},
            "on_scene_failure": on_failure,
            "approval": approval,
            "music": music or None,
        }
        request = as_request(ImagePairsRequest, fields)
        tell_what_is_unheeded(between=prompt)
        make(with_files_stored(request), out, as_json, made_from=folder)


def names_of(paired: list[tuple[Path, Path]]) -> list[str]:
    """Return the scenes' names; drop the files' numbers if the names stay distinct.

    The numbers bring the files into order. If names would clash, keep these numbers, or add a number in front.
    """
    from callsheet.sources.picture_folder import readable

    stems = [(readable(first.stem), readable(last.stem)) for first, last in paired]
    short = [_name(_unnumbered(first), _unnumbered(last)) for first, last in stems]
    whole = [_name(first, last) for first, last in stems]
    numbered = [f"{number} {name}"[:MAX_NAME_CHARACTERS] for number, name in enumerate(whole, 1)]
    return next(names for names in (short, whole, numbered) if len(set(names)) == len(names))


def captions_of(file: Path, scenes: int) -> list[str]:
    """Return a caption for each scene, empty for those without a line.

    Raises:
        InvalidRequest: the file has more lines than there are scenes.
    """
    try:
        lines = [line.strip() for line in read_text(file, f"“{file}”", MAX_FILE_BYTES).rstrip("\n").split("\n")]
    except InvalidRequest as problem:
        raise InvalidRequest(str(problem), "--captions") from None
    if len(lines) > scenes:
        raise InvalidRequest(f"“{file}” has {len(lines)} lines for {scenes} scenes: leave a line each", "--captions")
    return lines + [""] * (scenes - len(lines))


def paired_files(folder: Path, chain: bool) -> list[tuple[Path, Path]]:
    """Return the folder's pictures in pairs by name, or each with the next if `chain`.

    Name every file that is no picture on standard error.
    """
    from callsheet.sources.picture_folder import FIELD, pictures_in, readable

    found = pictures_in(folder)
    for remark in found.remarks:
        eye.print(remark, style="yellow", markup=False, soft_wrap=True)
    files = found.pictures
    if len(files) < 2:
        raise InvalidRequest(f"“{folder}” needs at least two pictures (PNG, JPEG or WebP), not {len(files)}", FIELD)
    if not chain and len(files) % 2:
        last = readable(files[-1].name)
        raise InvalidRequest(
            f"“{folder}” has {len(files)} pictures, so “{last}” has no partner: add one, or give --chain",
            FIELD,
        )
    paired = list(pairwise(files)) if chain else list(zip(files[::2], files[1::2], strict=True))
    if len(paired) > MAX_PAIRS:
        raise InvalidRequest(f"“{folder}” makes {len(paired)} scenes, and at most {MAX_PAIRS} fit", FIELD)
    return paired


def _name(first: str, last: str) -> str:
    """Return both names, each cut to half of the room: a long one does not hide the other."""
    most = (MAX_NAME_CHARACTERS - len(" to ")) // 2
    return " to ".join(name if len(name) <= most else f"{name[: most - 1]}…" for name in (first, last))


def _unnumbered(stem: str) -> str:
    return re.sub(r"^\d+[\s._-]+(?=\w)", "", stem)
