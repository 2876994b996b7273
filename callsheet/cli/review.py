"""`callsheet review SUBJECT`: measure a request file, the film of a run, or a video.

A request file is rehearsed behind the fence: places and times are known without a render. A video is measured by its
pixels. The film of a run is measured by its pixels, scene by scene, by its captions, and by the times of its voice.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from callsheet.cli.control import JsonOption
from callsheet.cli.failures import FAILED, sentences
from callsheet.cli.printing import eye, print_json, wide_console
from callsheet.cli.request import ProfileOption, read_request
from callsheet.disk import whole_file
from callsheet.errors import InvalidRequest

if TYPE_CHECKING:
    from PIL import Image
    from rich.table import Table

    from callsheet.cli.composition import TracedScene
    from callsheet.model.film.profile import ProfileName
    from callsheet.model.film.trace import SceneTrace
    from callsheet.model.requests.video import VideoRequest
    from callsheet.review.measures import Review, ReviewFinding
    from callsheet.review.pixels import VideoPart
    from callsheet.review.voice import HeardLine

VIDEO_SUFFIXES = (".mp4", ".m4v", ".mov")
REQUEST_SUFFIXES = (".yaml", ".yml", ".json")
SHEET_SUFFIXES = (".png", ".jpg", ".jpeg")


def review(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A request file, an MP4 file, or a run with a finished film.")
    ],
    profile: ProfileOption = None,
    sheet: Annotated[
        Path | None, typer.Option(help="PNG or JPEG file for a contact sheet with the findings drawn in.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with exit code 1 if there is a fault.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure a request file, a run's film or a video, and say what is beyond a limit.

    docs/review.md lists the measures. A fault must not be; a remark is worth a look.
    """
    with sentences(as_json):
        if sheet is not None and sheet.suffix.lower() not in SHEET_SUFFIXES:
            raise InvalidRequest("the name of a contact sheet ends in .png or .jpg", "--sheet")
        if sheet is not None:
            sheet.parent.mkdir(parents=True, exist_ok=True)
        path = Path(subject)
        if path.suffix.lower() in VIDEO_SUFFIXES:
            found = _of_video(path, path.name, sheet)
        elif path.suffix.lower() in REQUEST_SUFFIXES:
            found = _of_request(path, profile, sheet)
        else:
            found = _of_run(subject, sheet)
        _print(found, sheet, as_json)
    if strict and found.faults:
        raise typer.Exit(FAILED)


def _of_request(path: Path, profile: "ProfileName | None", sheet: Path | None) -> "Review":
    from callsheet.cli.composition import trace_all
    from callsheet.model.run.kinds import film_kind_taking
    from callsheet.review.film import review_film
    from callsheet.review.sheet import Tile, draw_review_sheet, shown_findings

    asked = read_request(path, profile)
    if not film_kind_taking(type(asked)).is_staged:
        raise InvalidRequest("this file has only pictures: make the film, and review its video", str(path))
    request = cast("VideoRequest", asked).with_opening_and_close()
    traced = _told_apart(trace_all(request.scene_requests()))
    for each in traced:
        for sentence in each.problems:
            eye.print(f"{each.scene.label}: {sentence}", style="yellow", markup=False, soft_wrap=True)
    traces = [each.trace for each in traced if each.trace is not None]
    if not traces:
        raise InvalidRequest("no scene of it can be composed; `callsheet check` says why", str(path))
    found = review_film(request.title, traces)
    if sheet is not None:
        tiles = [Tile(each, _picture_in(traced, each)) for each in shown_findings(found)]
        with whole_file(sheet) as part:
            draw_review_sheet(found, tiles, part)
    return found


def _told_apart(traced: "Sequence[TracedScene]") -> "list[TracedScene]":
    from callsheet.review.measures import told_apart

    names = told_apart(each.scene.scene.name for each in traced)
    return [
        replace(each, trace=each.trace.model_copy(update={"name": name})) if each.trace else each
        for each, name in zip(traced, names, strict=True)
    ]


def _picture_in(traced: "Sequence[TracedScene]", found: "ReviewFinding") -> "Image.Image | None":
    """Return the picture at the end of the span in which a finding lies."""
    from io import BytesIO

    from PIL import Image

    scene = next((each for each in traced if each.trace and each.trace.name == found.scene), None)
    number = _picture_number(scene.trace, found.second) if scene and scene.trace else None
    if scene is None or scene.trace is None or number is None or not scene.pictures:
        return None
    strip = Image.open(BytesIO(scene.pictures))
    height = strip.height // (1 + max(span.picture for span in scene.trace.spans if span.picture is not None))
    return strip.crop((0, number * height, strip.width, (number + 1) * height))


def _picture_number(trace: "SceneTrace", second: float) -> int | None:
    frame = second * trace.frame_rate
    ended = [span for span in trace.spans if span.picture is not None]
    after = [span for span in ended if span.first_frame + span.frames - 1 >= frame - 0.5]
    return (after[0] if after else ended[-1]).picture if ended else None


def _of_run(run: str, sheet: Path | None) -> "Review":
    from callsheet.cli.films import manifest_of
    from callsheet.review.measures import told_apart
    from callsheet.review.pixels import VideoPart
    from callsheet.review.voice import HeardLine
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store

    manifest = manifest_of(run)
    if manifest is None:
        hint = f"there is no film of a run “{run}” here; `callsheet videos` lists what there is"
        raise InvalidRequest(f"{hint}, and `callsheet get RUN` fetches a film that another machine made")
    store = open_store(settings())
    webvtt = store.read_bytes(manifest.captions.key).decode() if manifest.captions else ""
    shots = manifest.timeline.shots
    scenes = [scene for scene in manifest.scenes if scene.clip]
    ends = [*(shot.start_frame for shot in shots[1:]), manifest.timeline.frames]
    names = told_apart(scene.name for scene in scenes)
    parts = [VideoPart(name, shot.start_frame, end) for name, shot, end in zip(names, shots, ends, strict=True)]
    starts_s = [shot.start_frame / manifest.video.frame_rate for shot in shots]
    lines = [
        HeardLine(name, start_s, start_s + heard[0], start_s + heard[1], sentence.spoken.sentence.text)
        for name, scene, start_s in zip(names, scenes, starts_s, strict=True)
        for sentence in scene.speech
        if (heard := sentence.heard_s)
    ]
    with store.opened(manifest.video.stored.key) as video:
        return _of_video(video, manifest.title, sheet, parts, webvtt, lines)


def _of_video(
    video: Path,
    title: str,
    sheet: Path | None,
    parts: "Sequence[VideoPart]" = (),
    webvtt: str = "",
    lines: "Sequence[HeardLine]" = (),
) -> "Review":
    from callsheet.media.stills import pictures_at
    from callsheet.review.film import cues_in, review_captions
    from callsheet.review.measures import joined
    from callsheet.review.pixels import chapters_of, review_frames, video_facts
    from callsheet.review.sheet import Tile, draw_review_sheet, shown_findings
    from callsheet.review.voice import review_voice

    facts, frame_rate = video_facts(video)
    if not facts:
        raise InvalidRequest("the video has no frames", str(video))
    parts = parts or chapters_of(video, frame_rate)
    captions = review_captions(title, cues_in(webvtt), frame_rate, [part.first for part in parts])
    reviews = (
        review_frames(title, facts, frame_rate, parts),
        review_voice(title, lines, facts, frame_rate),
        captions,
    )
    found = joined(title, reviews)
    if sheet is not None:
        starts_s = {part.name: part.first / frame_rate for part in parts}
        chosen = shown_findings(found)
        pictures = pictures_at(video, [starts_s.get(each.scene, 0.0) + each.second for each in chosen])
        tiles = [Tile(each, picture) for each, picture in zip(chosen, pictures, strict=True)]
        with whole_file(sheet) as part:
            draw_review_sheet(found, tiles, part)
    return found


def _print(found: "Review", sheet: Path | None, as_json: bool) -> None:
    if as_json:
        facts = found.model_dump(mode="json")
        unmeasured = {str(number): why for number, why in found.unmeasured.items()}
        print_json({"ok": True, "faults": len(found.faults), **facts, "unmeasured": unmeasured})
        return
    wide_console().print(_figures(found))
    for each in found.findings:
        typer.echo(f"{'fault' if each.is_fault else 'remark'}  {each}")
    faults = len(found.faults)
    typer.echo(f"{faults} faults and {len(found.findings) - faults} remarks in “{found.subject}”.")
    if sheet is not None:
        typer.echo(sheet)


def _figures(found: "Review") -> "Table":
    """Return the worst figure of each measure, with its limit and its scene."""
    from rich.table import Table
    from rich.text import Text

    from callsheet.review.measures import MEASURES

    table = Table("No.", "Measure", "Worst", "Limit", "Scene", "What it is", box=None, pad_edge=False)
    for name, measure in MEASURES.items():
        worst = found.worst(name)
        if worst is None:
            continue
        bound = "" if measure.most is None else f"≤ {measure.most:g}"
        limit = bound if measure.least is None else f"≥ {measure.least:g}"
        style = "" if measure.is_good(worst.value) else "red" if measure.is_fault else "yellow"
        value = Text(f"{worst.value:.3g} {measure.unit}".strip(), style)
        table.add_row(str(measure.number), name, value, limit, Text(worst.scene), measure.says)
    return table
