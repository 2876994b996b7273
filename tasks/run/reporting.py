"""The artifacts of a run for people, beside its progress: a table of scenes, pictures, a player."""

import asyncio
import re
from collections.abc import Callable
from html import escape
from typing import Any

from prefect.client.orchestration import get_client

from callsheet.model.film.media import Clip, Stills, StoredObject
from callsheet.model.labels import CLIP
from callsheet.model.problems import listed
from callsheet.model.run.attempts import Attempt
from callsheet.model.run.cost import CostKind, ModelCall, calls_words, price_text, total_usd
from callsheet.model.run.manifest import Manifest, SceneReport
from callsheet.model.run.timing import timing_of, timing_rows, timing_sentence
from callsheet.model.run.writing import WrittenStoryboard
from callsheet.server.label_writer import write_labels
from tasks import wiring
from tasks.run.artifacts import as_far_as_possible, show_page, show_picture, show_table
from tasks.run.budget import note_cost
from tasks.run.process import this_run
from tasks.run.progress import current_progress


def animations_of(label: str, total: int | None) -> Callable[[int], None]:
    """Return the callback for each rendered animation of scene `label`; `total` may be None."""
    progress = current_progress()
    if progress is None:
        return lambda played: None
    return lambda played: progress.change(lambda now: now.scene_at(label, played, total))


def on_merge_progress() -> Callable[[float], None]:
    """Return the callback of a merge, which gets the finished fraction in the merge's thread."""
    progress = current_progress()
    if progress is None:
        return lambda fraction: None
    loop = asyncio.get_running_loop()

    def tell(fraction: float) -> None:
        loop.call_soon_threadsafe(progress.change, lambda now: now.within_step(fraction))

    return tell


async def report_scene(report: SceneReport, label: str) -> None:
    """Show the finished scene with a player."""
    progress = current_progress()
    if progress is not None:
        progress.change(lambda now: now.scene_done(label))
        progress.tell_finished(f"scene {label}", outcome=report.outcome)
    if report.clip is not None:
        await _note_clip(report.clip)
        page = "\n\n".join(_player(report.clip, label))
        await show_page(key="scene", description=f"Scene {label}", markdown=page)


async def _note_clip(clip: Clip) -> None:
    """Let people see the scene while the others are made."""
    flow_run = this_run()
    if flow_run is not None:
        async with get_client() as client:
            await as_far_as_possible(write_labels(client, flow_run.id, {CLIP: clip.stored.key}))


async def report_outline(calls: tuple[ModelCall, ...], title: str) -> None:
    """Show what a model's split of a topic into scenes has cost."""
    if calls:
        await note_cost(CostKind.MODEL_CALLS, "outline", total_usd(calls))
        await show_table(key="outline", description=f"Outline of “{title}”", table=[*map(_call_cells, calls)])


async def report_attempts(attempts: tuple[Attempt, ...], label: str) -> None:
    """Show every version of a scene's code: its findings, its cost, and the code itself."""
    calls = [attempt.call for attempt in attempts if attempt.call]
    await note_cost(CostKind.MODEL_CALLS, f"scene {label}", total_usd(calls))
    await show_table(
        key="attempts",
        description=f"Attempts at scene {label}",
        table=[_attempt_row(attempt) for attempt in attempts],
    )
    await show_page(
        key="scene-code", description=f"Code of scene {label}", markdown="\n\n".join(map(_attempt_page, attempts))
    )


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    row = {
        "attempt": attempt.number,
        "came to": attempt.stage,
        "found": "nothing" if attempt.is_good else "; ".join(attempt.findings),
        "corrected": "; ".join(attempt.fixes),
    }
    return {**row, **_call_cells(attempt.call)} if attempt.call else row


def _call_cells(call: ModelCall) -> dict[str, Any]:
    return {
        "model": call.model,
        "tokens in": call.input_tokens,
        "tokens out": call.output_tokens,
        "price": price_text(call.price_usd),
    }


def _attempt_page(attempt: Attempt) -> str:
    found = "\n".join(f"- {escape(finding)}" for finding in attempt.findings) or "Nothing was found."
    if attempt.fixes:
        fixes = "\n".join(f"- {escape(fix)}" for fix in attempt.fixes)
        found = f"{found}\n\nCorrected without asking the model:\n\n{fixes}"
    if not attempt.source:
        return f"### Attempt {attempt.number}\n\n{found}\n\n``````text\n{attempt.said}\n``````"
    # A longer fence than any inside, so that the code can't end its block.
    return f"### Attempt {attempt.number}\n\n{found}\n\n``````python\n{attempt.source}\n``````"


async def report_storyboard(written: WrittenStoryboard, title: str) -> None:
    """Show who wrote the storyboard and what is said in each scene, before anything is spoken or rendered."""
    await report_outline(written.calls, title)
    scenes = "\n\n".join(
        f"### {number}. {escape(scene.name)} ({scene.template or 'scene code'})\n\n"
        + "\n\n".join(f"> {escape(line.text)}" for line in scene.narration)
        for number, scene in enumerate(written.storyboard.scenes, start=1)
    )
    notes = "\n\n".join(map(escape, written.report.sentences()))
    await show_page(
        key="narration", description=f"Narration of “{written.storyboard.title}”", markdown=f"{notes}\n\n{scenes}"
    )


async def report_video(manifest: Manifest) -> None:
    """Show the tables of scenes and times, the contact sheet and the finished video with a player."""
    await show_table(
        key="scenes", description=f"Scenes of “{manifest.title}”", table=[_row(report) for report in manifest.scenes]
    )
    if timing := timing_of(manifest):
        await show_table(key="timing", description=timing_sentence(timing), table=timing_rows(timing))
    sheet = wiring.media_url(manifest.stills.contact_sheet)
    if sheet is not None:
        await show_picture(key="contact-sheet", description=f"Contact sheet of “{manifest.title}”", image_url=sheet)
    await show_page(key="video", description=f"“{manifest.title}”", markdown=video_page(manifest))


def video_page(manifest: Manifest) -> str:
    """Return the finished video as markdown: a player, the facts, and what is missing."""
    video = manifest.video
    lines = [
        f"## {escape(manifest.title)}",
        *_player(video, manifest.title, manifest.stills, manifest.captions),
        f"{video.duration_s:.2f} s · {video.width}×{video.height} at {video.frame_rate} frames/s · "
        f"{len(manifest.scenes)} scenes · {video.stored.size_bytes / 1e6:.1f} MB",
    ]
    if manifest.model_calls:
        lines.append(calls_words(manifest.model_calls))
    if manifest.storyboard:
        lines += map(escape, manifest.storyboard.sentences())
    if manifest.spoken_by:
        lines.append(f"Spoken by {escape(listed(manifest.spoken_by))}")
        lines += [f"Another voice took the place of {escape(reason)}" for reason in manifest.voices_passed_over]
    if manifest.missing_scenes:
        lines.append("**Missing scenes:** " + ", ".join(escape(name) for name in manifest.missing_scenes))
    lines.append(f"Stored as `{video.stored.key}`")
    return "\n\n".join(lines)


def _player(
    clip: Clip, title: str, stills: Stills | None = None, captions: StoredObject | None = None
) -> tuple[str, ...]:
    """Return a player, a linked picture and a plain link, as paragraphs of markdown.

    Prefect's V2 UI takes players off a page; its V1 UI shows all three.
    """
    url = wiring.media_url(clip.stored)
    if url is None:
        return (f"Stored as `{clip.stored.key}`; no address is set under which a browser finds it.",)
    poster_url = wiring.media_url(stills.poster) if stills else None
    poster = f' poster="{escape(poster_url)}"' if poster_url else ""
    # Browsers don't read the subtitle track of an MP4, and load one from another server only with its permission.
    track_url = wiring.media_url(captions) if captions else None
    track = f'<track src="{escape(track_url)}" kind="captions" default>' if track_url else ""
    shared = ' crossorigin="anonymous"' if track else ""
    player = f'<video src="{escape(url)}"{poster}{shared} controls preload="auto" width="100%">{track}</video>'
    link_text = re.sub(r"([\\\[\]`*_<>])", r"\\\1", title)  # no character of the title ends the link's text
    return (player, *_picture(url, title, stills), f"[Open “{link_text}” as a file](<{url}>)")


def _picture(url: str, title: str, stills: Stills | None) -> tuple[str, ...]:
    """Return a picture that links to the film.

    Only in a block of HTML, the V1 UI keeps the two together.
    """
    thumbnail_url = wiring.media_url(stills.thumbnail) if stills else None
    if thumbnail_url is None:
        return ()
    return (
        f'<p><a href="{escape(url)}"><img src="{escape(thumbnail_url)}" alt="{escape(title)}" width="320"></a></p>',
    )


def _row(report: SceneReport) -> dict[str, str | int]:
    clip = report.clip
    return {
        "scene": report.number,
        "name": report.name,
        "outcome": str(report.outcome),
        "seconds": f"{clip.duration_s:.2f}" if clip else "–",
        "made by": str(report.origin) if report.origin else "–",
        "attempts": len(report.attempts) or "–",
        "note": report.error or (report.origin.note if report.origin else ""),
    }
