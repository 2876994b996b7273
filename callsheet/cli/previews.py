"""`callsheet check FILE` and `callsheet preview FILE SCENE`: what a request becomes, without a server and a render.

Each scene is composed behind the fence with its animations skipped, as a rehearsal does it. A scene of a prompt is
shown as it is laid out without a language model.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli.failures import BAD_INPUT, sentences
from callsheet.cli.interruption import tidying_up
from callsheet.cli.printing import eye, print_json
from callsheet.cli.request import ProfileOption, RequestFile, read_request
from callsheet.disk import whole_file
from callsheet.errors import InvalidRequest, SceneFailed, SceneKilled, SceneRejected
from callsheet.storage.films import OUT_OPTION, file_name, make_folder

if TYPE_CHECKING:
    from callsheet.model.requests import SceneRequest, VideoRequest
    from callsheet.model.scenes import ValidatedSceneCode

SHEET_FILE = "scenes.jpg"


@dataclass(frozen=True)
class Composed:
    """A scene as it would be made: what is wrong with it, what deserves a look, how long it is, and its last frame."""

    scene: "SceneRequest"
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    duration_s: float | None = None
    """None where it could not be composed, or where a language model is to write it."""
    poster: bytes = b""
    """Its last frame as PNG; empty where it could not be composed, or ends on an empty stage."""

    def as_json(self) -> dict[str, Any]:
        """What `--json` says of the scene."""
        return {
            "number": self.scene.number,
            "name": self.scene.scene.name,
            "problems": list(self.problems),
            "remarks": list(self.remarks),
            "duration_s": self.duration_s,
        }


def check(
    file: RequestFile,
    profile: ProfileOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say everything about a request file that can be known without making it. Exit code 2 where something is wrong.

    Its fields, pictures, formulas and code; whether each scene can be composed and fits; how long the film is, and
    what it takes to make it.
    """
    with sentences(as_json):
        request = read_request(file, profile)
        composed = _all_composed(request, request.scene_requests())
        facts = _estimate(request, composed)
        is_right = not any(scene.problems for scene in composed)
        if as_json:
            print_json({"ok": is_right, "error": None, "scenes": [scene.as_json() for scene in composed], **facts})
        else:
            _print(file, composed, facts)
        if not is_right:
            raise typer.Exit(BAD_INPUT)


def preview(
    file: RequestFile,
    scene: Annotated[str, typer.Argument(help="The scene's name, or its number in the film; all without one.")] = "",
    profile: ProfileOption = None,
    out: Annotated[Path, typer.Option(OUT_OPTION, help="Folder for the picture.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show how a scene ends as a picture, or all scenes on one sheet. No server is needed, and nothing is rendered."""
    with sentences(as_json):
        request = read_request(file, profile)
        chosen = _chosen(request, scene)
        make_folder(out)
        composed = _all_composed(request, chosen)
        for each in composed:
            for sentence in (*each.problems, *each.remarks):
                eye.print(f"{each.scene.label}: {sentence}", style="yellow", markup=False, soft_wrap=True)
        path = _drawn(request, composed, out, is_one=bool(scene))
        if as_json:
            print_json({"ok": True, "picture": str(path), "scenes": [each.as_json() for each in composed]})
        else:
            typer.echo(path)


def _chosen(request: "VideoRequest", wanted: str) -> "tuple[SceneRequest, ...]":
    """The scene of this name or number, or all of them.

    Raises:
        InvalidRequest: there is no such scene; the message says which there are.
    """
    scenes = request.scene_requests()
    if not wanted:
        return scenes
    found = tuple(each for each in scenes if wanted in (each.scene.name, str(each.number)))
    if not found:
        names = ", ".join(f"“{each.scene.name}”" for each in scenes)
        raise InvalidRequest(f"there is no scene “{wanted}”; there are {names or 'none yet, only a topic'}", "SCENE")
    return found[:1]


def _all_composed(request: "VideoRequest", scenes: "Sequence[SceneRequest]") -> list[Composed]:
    """Every scene composed, as many at once as the settings allow renders."""
    from callsheet.scratch import scratch_dir
    from callsheet.settings import settings
    from callsheet.stage import canaries
    from callsheet.stage.limits import stage_limits

    async def compose_all() -> list[Composed]:
        await canaries.ensure_fence(settings().home, stage_limits(settings()))
        with scratch_dir(settings().scratch_dir, "preview") as folder:
            return list(await asyncio.gather(*(_composed(each, folder / str(each.number)) for each in scenes)))

    with tidying_up():
        return asyncio.run(compose_all())


async def _composed(scene: "SceneRequest", folder: Path) -> Composed:
    from callsheet.model.attempts import trouble_of
    from callsheet.settings import settings
    from callsheet.stage import sandbox
    from callsheet.stage.limits import stage_limits
    from callsheet.threads import in_a_thread

    try:
        code, files = await in_a_thread(_code_of, scene, folder)
        taken = await sandbox.rehearse(code, scene.render_profile, folder, stage_limits(settings()), files)
    except (SceneRejected, SceneFailed, SceneKilled) as error:
        return Composed(scene, problems=tuple(map(str, trouble_of(error).findings)))
    layout = tuple(str(found.message) for found in taken.facts.layout) if scene.scene.code else ()
    return Composed(
        scene,
        remarks=(*map(str, code.remarks), *layout),
        duration_s=taken.facts.frames / scene.render_profile.frame_rate,
        poster=taken.poster.read_bytes() if taken.poster else b"",
    )


def _code_of(scene: "SceneRequest", folder: Path) -> "tuple[ValidatedSceneCode, dict[str, Path]]":
    """The scene's code, checked, and the files that it opens by their names; its working folder is made.

    Raises:
        SceneRejected: something in its code or its content is wrong.
    """
    from callsheet.model.scenes import Origin, OriginKind, SceneCode
    from callsheet.settings import settings
    from callsheet.stage.templates.fill import fill_template
    from callsheet.stage.user_files import checked_files
    from callsheet.stage.validation import Beside, is_latex_there, load_catalogue, reviewed, validate

    folder.mkdir()
    brief = scene.scene
    if not brief.code:
        filled = fill_template(brief.name, brief.filled(), scene.look)
        return reviewed(filled.code), dict(filled.files)
    origin = Origin(kind=OriginKind.CODE, maker="the request")
    code = SceneCode(scene_name=brief.name, class_name="", source=brief.code, origin=origin)
    files = checked_files([Path(file) for file in brief.files])
    beside = Beside.of(files, {name: path for name, path in files.items() if path.suffix == ".py"})
    catalogue = load_catalogue(settings().catalogue_dir)
    return validate(code, catalogue, has_latex=is_latex_there(), beside=beside), files


def _drawn(request: "VideoRequest", composed: Sequence[Composed], out: Path, *, is_one: bool) -> Path:
    """The picture of one scene as PNG, or the pictures of all on a sheet.

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


def _estimate(request: "VideoRequest", composed: Sequence[Composed]) -> dict[str, Any]:
    """Length, time and price of the film, with what is set up on this machine."""
    from functools import partial

    from callsheet.model.estimate import Resources, estimate
    from callsheet.settings import settings
    from callsheet.stage.templates.lengths import expected_s
    from callsheet.writing.prices import tokens_usd

    now = settings()
    resources = Resources(
        writer_model=now.writer_model,
        repairs=now.repairs,
        answer_tokens=now.writer_max_tokens,
        renders_at_once=now.renders_at_once,
    )
    found = estimate(request, resources, partial(tokens_usd, now.writer_model, now.writer_base_url), expected_s)
    is_asked = bool(found.writer_model)
    known = [each.duration_s for each in composed if not (is_asked and each.scene.scene.prompt)]
    return {
        "duration_s": round(sum(length or 0.0 for length in known), 2),
        "scenes_of_unknown_length": found.scenes - sum(length is not None for length in known),
        "about_s": round(found.about_s, 1),
        "writer_model": found.writer_model,
        "price_at_most_usd": found.price_at_most_usd,
    }


def _print(file: Path, composed: Sequence[Composed], facts: dict[str, Any]) -> None:
    from callsheet.model.cost import usd_words
    from callsheet.model.estimate import rounded_up

    for each in composed:
        for problem in each.problems:
            eye.print(f"{file}: scene “{each.scene.scene.name}”: {problem}", style="red", markup=False, soft_wrap=True)
        for remark in each.remarks:
            eye.print(
                f"{file}: scene “{each.scene.scene.name}”: {remark}", style="yellow", markup=False, soft_wrap=True
            )
    unknown = facts["scenes_of_unknown_length"]
    length = f"{facts['duration_s']:.1f} s" + (f" and {unknown} scenes of unknown length" if unknown else "")
    price = facts["price_at_most_usd"]
    costs = "at an unknown price" if price is None else f"for {usd_words(price)} at most" if price else "at no cost"
    wrong = sum(bool(each.problems) for each in composed)
    verdict = f"{wrong} of {len(composed)} scenes can't be made" if wrong else "Nothing is wrong"
    typer.echo(f"{verdict}. Length: {length}. Making it takes about {rounded_up(facts['about_s'])}, {costs}.")
