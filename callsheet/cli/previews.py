"""`callsheet check FILE` and `callsheet preview FILE SCENE`: show scenes without a render.

They need no server. Callsheet composes each scene behind the fence with skipped animations, as in a rehearsal. It shows
the scene of a prompt as it is laid out without a language model.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from callsheet.cli.composition import Composed, compose_all
from callsheet.cli.failures import BAD_INPUT, sentences
from callsheet.cli.printing import eye, print_json
from callsheet.cli.request import ProfileOption, RequestFile, read_request, tell_of_files
from callsheet.disk import whole_file
from callsheet.errors import InvalidRequest
from callsheet.storage.films import OUT_OPTION, file_name, make_folder

if TYPE_CHECKING:
    from callsheet.model.film.profile import ProfileName
    from callsheet.model.requests.video import SceneRequest, VideoRequest
    from callsheet.model.run.kinds import FilmKind

SHEET_FILE = "scenes.jpg"


def check(
    file: RequestFile,
    profile: ProfileOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say everything that Callsheet can know about a request file without making it.

    Exit code 2 if something is wrong.

    It checks fields, pictures, formulas and code, composes each scene, and prints length, time and price.
    """
    with sentences(as_json):
        from callsheet import request_reader
        from callsheet.model.run.kinds import film_kind_taking

        kind = film_kind_taking(request_reader.kind_of(file))
        if not kind.is_staged:
            _check_pictures(file, kind, profile, as_json)
            return
        request, scenes, problems = request_reader.read_what_is_right(file, profile)
        tell_of_files([each.scene for each in scenes])
        if not as_json:
            for wrong in problems:  # printed now, because composing takes some time
                eye.print(f"{file}:{wrong}", style="red", markup=False, soft_wrap=True)
        composed = compose_all(scenes)
        facts = _estimate(request, composed) if request else {}
        is_right = request is not None and not any(scene.problems for scene in composed)
        if as_json:
            told = "\n".join(f"{file}:{problem}" for problem in problems) or None
            print_json({"ok": is_right, "error": told, "scenes": [scene.as_json() for scene in composed], **facts})
        else:
            _print(file, len(problems), composed, facts)
        if not is_right:
            raise typer.Exit(BAD_INPUT)


def preview(
    file: RequestFile,
    scene: Annotated[
        str, typer.Argument(help="The scene's name, or its number in the film. Without it, all scenes.")
    ] = "",
    profile: ProfileOption = None,
    out: Annotated[Path, typer.Option(OUT_OPTION, help="Folder for the picture.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show how a scene ends as a picture, or all scenes on one sheet.

    It needs no server and renders nothing.
    """
    with sentences(as_json):
        from callsheet.model.run.kinds import film_kind_taking

        asked = read_request(file, profile)
        if not film_kind_taking(type(asked)).is_staged:
            raise InvalidRequest("a preview shows scenes, and this file has only pictures: open those", str(file))
        request = cast("VideoRequest", asked).with_opening_and_close()
        chosen = _chosen(request, scene)
        make_folder(out)
        composed = compose_all(chosen)
        for each in composed:
            for sentence in (*each.problems, *each.remarks):
                eye.print(f"{each.scene.label}: {sentence}", style="yellow", markup=False, soft_wrap=True)
        path = _drawn(request, composed, out, is_one=bool(scene))
        if as_json:
            print_json({"ok": True, "picture": str(path), "scenes": [each.as_json() for each in composed]})
        else:
            typer.echo(path)
            eye.print(_what_is_shown(composed, is_one=bool(scene)), markup=False, soft_wrap=True)


def _chosen(request: "VideoRequest", wanted: str) -> "tuple[SceneRequest, ...]":
    """Return the scene of this name or number, or all scenes.

    Raises:
        InvalidRequest: no scene has it; the message lists the scenes.
    """
    scenes = request.scene_requests()
    if not wanted:
        return scenes
    found = tuple(each for each in scenes if wanted in (each.scene.name, str(each.number)))
    if not found:
        names = ", ".join(f"“{each.scene.name}”" for each in scenes)
        raise InvalidRequest(f"there is no scene “{wanted}”; there are {names or 'none yet, only a topic'}", "SCENE")
    return found[:1]


def _drawn(request: "VideoRequest", composed: Sequence[Composed], out: Path, *, is_one: bool) -> Path:
    """Write one scene's picture as PNG, or a sheet with the pictures of all; return the path.

    Raises:
        InvalidRequest: no scene has a picture.
    """
    from io import BytesIO

    from PIL import Image

    from callsheet.media.contact_sheet import Shown, draw_contact_sheet

    pictured = [each for each in composed if each.poster]
    if not pictured:
        why = "; ".join(f"{each.scene.label}: {problem}" for each in composed for problem in each.problems)
        raise InvalidRequest(f"there is nothing to show: {why or 'no scene leaves anything on the stage'}")
    if is_one:
        path = out / f"{file_name(request.title)}-{file_name(pictured[0].scene.label)}.png"
        with whole_file(path) as part:
            part.write_bytes(pictured[0].poster)
        return path
    path, shown, time_s = out / f"{file_name(request.title)}-{SHEET_FILE}", [], 0.0
    for each in composed:
        if each.poster:
            shown.append(Shown(Image.open(BytesIO(each.poster)), time_s))
        time_s += each.duration_s or 0.0
    with whole_file(path) as part:
        draw_contact_sheet(shown, request.title, time_s, part)
    return path


def _what_is_shown(composed: Sequence[Composed], *, is_one: bool) -> str:
    """Return a sentence that names the moment of the picture."""
    if is_one:
        [scene] = composed
        return f"It shows how scene {scene.scene.label} ends, at {scene.duration_s:.1f} s, before its stage is cleared."
    return "It shows how each scene ends, before its stage is cleared, with the time at which it begins in the film."


def _check_pictures(file: Path, kind: "FilmKind", profile: "ProfileName | None", as_json: bool) -> None:
    """Print what can be known of a file of pictures.

    Raises:
        InvalidRequest: something is wrong; each problem has its line.
    """
    from callsheet.cli.run_and_wait import tell_what_a_request_leaves_out
    from callsheet.request_reader import read_request as read

    request = read(file, kind.request, profile)
    tell_what_a_request_leaves_out(request)
    assert kind.length_s
    length_s = kind.length_s(request)
    if as_json:
        print_json({"ok": True, "error": None, "scenes": [], "duration_s": round(length_s, 2)})
    else:
        typer.echo(f"Nothing is wrong. Length: about {length_s:.1f} s.")


def _estimate(request: "VideoRequest", composed: Sequence[Composed]) -> dict[str, Any]:
    """Return length, time and price of the film, with what is set up on this machine."""
    from functools import partial

    from callsheet.model.run.estimate import Resources, estimate
    from callsheet.settings import settings
    from callsheet.stage.template_lengths import expected_s
    from callsheet.writing.prices import tokens_usd

    now = settings()
    resources = Resources(
        writer_model=now.writer_model,
        repairs=now.repairs,
        answer_tokens=now.writer_max_tokens,
        renders_at_once=now.renders_at_once,
    )
    price = partial(tokens_usd, now.writer_model, now.writer_base_url)
    found = estimate(request, resources, price, partial(expected_s, pace=request.look.pace))
    is_asked = bool(found.writer_model)
    known = [each.duration_s for each in composed if not (is_asked and each.scene.scene.prompt)]
    return {
        "duration_s": round(sum(length or 0.0 for length in known), 2),
        "scenes_of_unknown_length": found.scenes - sum(length is not None for length in known),
        "about_s": round(found.about_s, 1),
        "writer_model": found.writer_model,
        "price_at_most_usd": found.price_at_most_usd,
    }


def _print(file: Path, mistakes: int, composed: Sequence[Composed], facts: dict[str, Any]) -> None:
    from callsheet.model.run.cost import usd_words
    from callsheet.model.run.estimate import rounded_up

    for each in composed:
        of_scene = f"{file}: scene “{each.scene.scene.name}”"
        for problem in each.problems:
            eye.print(f"{of_scene}: {problem}", style="red", markup=False, soft_wrap=True)
        for remark in each.remarks:
            eye.print(f"{of_scene}: {remark}", style="yellow", markup=False, soft_wrap=True)
    failing = sum(bool(each.problems) for each in composed)
    if not facts:
        also = f", and {failing} of the other scenes can't be made" if failing else ""
        found = "1 mistake" if mistakes == 1 else f"{mistakes} mistakes"
        typer.echo(f"{found} in the file{also}. Length, time and price are known when the file is right.")
        return
    unknown = facts["scenes_of_unknown_length"]
    length = f"{facts['duration_s']:.1f} s" + (f" and {unknown} scenes of unknown length" if unknown else "")
    price = facts["price_at_most_usd"]
    costs = "at an unknown price" if price is None else f"for {usd_words(price)} at most" if price else "at no cost"
    verdict = f"{failing} of {len(composed)} scenes can't be made" if failing else "Nothing is wrong"
    typer.echo(f"{verdict}. Length: {length}. Making it takes about {rounded_up(facts['about_s'])}, {costs}.")
