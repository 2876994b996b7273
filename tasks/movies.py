"""From a screenplay to the shots of a film: read it, plan the shots, draw panels, ask, speak, film each shot."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from prefect import get_run_logger
from pydantic import Field

from callsheet.errors import InvalidRequest
from callsheet.footage.panel_camera import ShotMove, film_card, film_panel, film_picture, panel_picture
from callsheet.media.panels.panel import draw_layers
from callsheet.model.film.language import language_of
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.screenplay import Screenplay
from callsheet.model.film.screenplay_analysis import FilmScene, GrammarFinding, PanelLayers, ScreenplayAnalysis
from callsheet.model.requests.movie import MovieMode, MovieRequest, MovieStage, ShotBrief, ShotRequest
from callsheet.model.run.manifest import SceneReport
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.model.run.writing import BY_PERSON, BY_RULES, StoryboardReport
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.sources.panel_folder import panels_of_shots
from callsheet.sources.screenplays.screenplay_reader import FIELD, read_screenplay
from callsheet.speech.casting import cast_voices
from callsheet.storage.keys import digest_in
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress
from callsheet.writing.screenplay.film_grammar import check_shots, find_unspoken
from callsheet.writing.screenplay.film_timing import SaidUtterance, TimedShot, time_shots
from callsheet.writing.screenplay.script_facts import analyse
from callsheet.writing.screenplay.shot_rules import plan_shots
from callsheet.writing.screenplay.trailer import choose_trailer, scenes_in
from tasks import policies, wiring
from tasks.intake import take_in_pictures
from tasks.narration import speak_lines
from tasks.publishing import store_clip, upload
from tasks.run.approval import ask_for_approval
from tasks.run.artifacts import show_page
from tasks.run.footage_report import cell, shown_picture
from tasks.run.process import this_run
from tasks.run.progress import current_progress
from tasks.step import step

CARD_S = 2.5
CHOSEN_SHARE = 1.1
"""A trailer begins with so many more shots than fit by the estimate of their speech; what is too much is left out."""
_SHOWN_PANEL_PX = 480
_NAMED = 10
"""Shots that a sentence names; for more it says how many."""
_END_WORDS = {
    "en": "The End",
    "de": "Ende",
    "fr": "Fin",
    "es": "Fin",
    "it": "Fine",
    "pt": "Fim",
    "ru": "Конец",
    "zh": "完",
    "ja": "終",
}


@dataclass(frozen=True)
class AnalysedScript:
    """A screenplay, and who and what it is about."""

    screenplay: Screenplay
    analysis: ScreenplayAnalysis


class MovieBoard(Value):
    """The plan of a film: what the screenplay says, and the shots in their order."""

    analysis: ScreenplayAnalysis
    shots: tuple[ShotBrief, ...]
    findings: tuple[GrammarFinding, ...]
    reasons: dict[int, str]
    """Why a scene is in a trailer, by its number."""
    language: str
    panels: dict[str, str] = Field(default_factory=dict)
    """Panels that a person gives, as the request names their files, by the name of the shot."""
    pictures: dict[str, StoredObject] = Field(default_factory=dict)
    """The same as they are stored."""
    unspoken: tuple[str, ...] = ()
    """What is said in no shot of a person's list: a sentence each."""
    asks_for_panels: bool = False
    """Whether the request has panels, so that a shot without one is worth a sentence."""
    """Whether the request has panels, so that a shot without one is worth a sentence."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what is not as it was asked for: a sentence each."""
        drawn = [shot.name for shot in self.shots if shot.name not in self.pictures]
        if not self.asks_for_panels or not drawn:
            return self.unspoken
        more = f" and {len(drawn) - _NAMED} more" if len(drawn) > _NAMED else ""
        named = f"shot{'s' * (len(drawn) > 1)} {', '.join(drawn[:_NAMED])}{more}"
        return (*self.unspoken, f"Your panels have no picture for {named}: Callsheet draws what is missing")

    def scene_of(self, shot: ShotBrief) -> FilmScene | None:
        """Return the scene of the screenplay to which a shot belongs."""
        return next((scene for scene in self.analysis.scenes if scene.number == shot.scene), None)

    def layers_of(self, shot: ShotBrief, speakers: Sequence[str] = ()) -> PanelLayers:
        """Return the drawing of a shot, in which these people speak."""
        return draw_layers(shot, self.analysis, speakers)


class FilmedShots(Value):
    """The shots of a film as they are to be filmed, and the plan that gives the same film again."""

    plan: MovieRequest
    requests: tuple[ShotRequest, ...]
    chapters: tuple[str, ...]
    """The heading that begins with each shot; empty within a scene."""


async def analyse_script(request: MovieRequest) -> AnalysedScript:
    """Read the screenplay, and return who and what it is about; show that in the run.

    Raises:
        InvalidRequest: the screenplay can't be read.
    """
    _tell("script", "reading the screenplay", 0)
    screenplay = await _read_script(request.screenplay or "", request.script, request.title)
    _tell("script", "analysing the screenplay")
    analysis = await in_a_thread(analyse, screenplay)
    _tell("analysis", f"{len(analysis.scenes)} scenes are analysed")
    _tell("characters", f"{len(analysis.characters)} characters are found")
    _tell("settings", f"{len(analysis.settings)} places are found")
    await show_page(key="analysis", description=f"Analysis of “{request.title}”", markdown=_page_about(analysis))
    return AnalysedScript(screenplay, analysis)


def _tell(stage: str, doing: str, done: int = 1, total: int = 1) -> None:
    """Show how far a stage before the clips is. When it is over, send its event."""
    progress = current_progress()
    if progress is None:
        return
    progress.change(lambda now: now.in_stage(stage, doing, done, total))
    if done == total:
        progress.tell_finished(stage)


def _page_about(analysis: ScreenplayAnalysis) -> str:
    """Return the characters, the places and the scenes, each with the words of the screenplay about it."""
    people = [
        f"| {cell(each.name)} | {each.speeches} | "
        f"{cell('; '.join(f'“{quote.text}” (line {quote.line})' for quote in each.looks))} |"
        for each in analysis.characters
    ]
    places = [
        f"| {cell(each.name)} | {cell(', '.join(each.times))} | {', '.join(map(str, each.scenes))} | "
        f"{cell(each.mood.text if each.mood else '')} |"
        for each in analysis.settings
    ]
    scenes = [
        f"| {each.number} | {cell(each.heading)} | {each.importance:.2f} | {cell('; '.join(each.reasons))} |"
        for each in analysis.scenes
    ]
    tables = (
        ("| character | speeches | looks |\n|---|---|---|", people),
        ("| place | times | scenes | mood |\n|---|---|---|---|", places),
        ("| scene | heading | importance | because |\n|---|---|---|---|", scenes),
    )
    return "\n\n".join("\n".join([head, *rows]) for head, rows in tables)


async def plan_movie(request: MovieRequest, script: AnalysedScript) -> MovieBoard:
    """Return the shots of the film: those of the request, or of the screenplay by rules.

    Raises:
        InvalidRequest: the screenplay has no such scene, or no shot that is short enough.
    """
    board = await in_a_thread(_board_of, script, request)
    _tell("selection", f"{len(board.shots)} shots are planned")
    if board.panels:
        fields = {file: f"panels.{name}" for name, file in board.panels.items()}
        stored = await take_in_pictures(fields)
        pictures = {name: stored[file] for name, file in board.panels.items()}
        board = board.model_copy(update={"pictures": pictures})
    for sentence in board.remarks:
        get_run_logger().warning(sentence)
    return board


@step(policies.READING_SCREENPLAY, name="read-screenplay")
async def _read_script(file: str, script: str, title: str) -> Screenplay:
    """Read a screenplay once a run, behind the fence: a file, a stored key, or a text."""
    with scratch_dir(wiring.scratch_root(), "screenplay") as folder:
        inner, limits = folder / "read", wiring.stage_limits()
        inner.mkdir()
        if script:
            source = folder / "script.fountain"
            source.write_text(script, encoding="utf-8")
            return await read_screenplay(source, title, inner, limits, lambda _: report_progress())
        if digest_in(file):
            async with wiring.opened_key(file) as path:
                return await read_screenplay(path, title, inner, limits, lambda _: report_progress())
        return await read_screenplay(Path(file), file, inner, limits, lambda _: report_progress())


def _board_of(script: AnalysedScript, request: MovieRequest) -> MovieBoard:
    analysis = script.analysis
    planned = request.scenes or plan_shots(script.screenplay, analysis)
    shots = [each if isinstance(each, ShotBrief) else ShotBrief.model_validate(each.model_dump()) for each in planned]
    panels = panels_of_shots(request.panels, [shot.name for shot in shots])
    utterances = analysis.utterances
    if request.only:
        numbers = set(scenes_in(request.only, len(analysis.scenes)))
        shots = [shot for shot in shots if shot.scene in numbers]
        utterances = tuple(each for each in utterances if each.scene in numbers)
    unspoken = find_unspoken(shots, utterances) if request.scenes and not request.selected else ()
    reasons: dict[int, str] = {}
    if request.mode is MovieMode.TRAILER and not request.selected:
        room_s = (request.length_s - _cards_s(request)) * CHOSEN_SHARE
        chosen = choose_trailer(analysis, shots, room_s, with_ending=request.ending or bool(request.only))
        names = {name for scene in chosen for name in scene.shots}
        shots = [shot for shot in shots if shot.name in names]
        reasons = {scene.scene: scene.reason for scene in chosen}
    if not shots:
        raise InvalidRequest("has no shots: it holds no scene with an action or a speech", FIELD)
    language = request.language or language_of([each.text for each in analysis.utterances]) or "en"
    return MovieBoard(
        analysis=analysis,
        shots=tuple(shots),
        findings=check_shots(shots, analysis.utterances),
        reasons=reasons,
        language=language,
        panels={shot.name: panels[shot.name] for shot in shots if shot.name in panels},
        unspoken=unspoken,
        asks_for_panels=bool(request.panels),
    )


def _cards_s(request: MovieRequest) -> float:
    return 2 * CARD_S if request.cards else 0.0


async def approve_board(request: MovieRequest, board: MovieBoard) -> MovieBoard:
    """Return the board as a person approved it, or as it is; show it in the run.

    If the request asks for approval, the first call does not return (see `ask_for_approval`).

    Raises:
        NotApproved: the person rejects it.
        InvalidRequest: the voices of the request don't fit, or a changed shot names what is not there.
    """
    await in_a_thread(_voices_of, request, board)  # a mistake is told before anything is made
    if not request.approval:
        await show_board(request, board)
        return board

    async def take_changed(plan: MovieRequest) -> MovieBoard:
        return _with_shots(board, plan.scenes)

    plan = request.model_copy(update={"scenes": board.shots})
    return await ask_for_approval(plan, partial(show_board, request, board), take_changed)


def _with_shots(board: MovieBoard, shots: tuple[ShotBrief, ...]) -> MovieBoard:
    scenes = {scene.number for scene in board.analysis.scenes}
    said = {each.number for each in board.analysis.utterances}
    for shot in shots:
        if shot.scene not in scenes:
            raise InvalidRequest(f"shot {shot.name}: the screenplay has no scene {shot.scene}", "scenes")
        if missing := [number for number in shot.utterances if number not in said]:
            raise InvalidRequest(f"shot {shot.name}: the screenplay has no utterance {missing[0]}", "scenes")
    findings = check_shots(shots, board.analysis.utterances)
    return board.model_copy(update={"shots": shots, "findings": findings})


async def show_board(request: MovieRequest, board: MovieBoard) -> str:
    """Show each shot with its panel, and return the page for the person who decides."""
    pictures = []
    for number, shot in enumerate(board.shots, start=1):
        given = board.pictures.get(shot.name)
        pictures.append(given or await draw_panel(board.layers_of(shot), shot.name))
        _tell("panels", f"{number} of {len(board.shots)} panels are drawn", number, len(board.shots))
    page = _page_of(board, pictures)
    await show_page(key="board", description=f"Board of “{request.title}”", markdown=page)
    return page


@step(policies.DRAWING_PANEL, name="draw-panel", run_name="draw-panel {label}")
async def draw_panel(layers: PanelLayers, label: str) -> StoredObject:
    """Draw the panel of a shot as a picture for people."""
    with scratch_dir(wiring.scratch_root(), "panel") as folder:
        path = folder / "panel.png"
        picture = await in_a_thread(panel_picture, layers, _SHOWN_PANEL_PX)
        await in_a_thread(picture.save, path)
        return await upload(path, "panels", "image/png")


def _page_of(board: MovieBoard, pictures: Sequence[StoredObject]) -> str:
    said = {each.number: each for each in board.analysis.utterances}
    warnings: dict[str, list[str]] = {}
    for finding in board.findings:
        warnings.setdefault(finding.shot, []).append(f"{finding.rule}: {finding.sentence}")
    rows = []
    for shot, picture in zip(board.shots, pictures, strict=True):
        scene = board.scene_of(shot)
        dialogue = " / ".join(f"{said[n].character}: {said[n].text}" for n in shot.utterances if n in said)
        rows.append(
            f"| {cell(shot.name)} | {shown_picture(picture)} | {cell(scene.heading if scene else '')} | {shot.size}, "
            f"{shot.movement} | {shot.length_s:.1f} | {cell(dialogue or shot.action)} "
            f"| {cell('; '.join(warnings.get(shot.name, ())))} |"
        )
    total_s = sum(shot.length_s for shot in board.shots)
    head = f"{len(board.shots)} shots, about {total_s:.0f} seconds"
    why = [f"- {cell(sentence)}" for sentence in board.remarks]
    why += [f"- scene {scene}: {cell(reason)}" for scene, reason in board.reasons.items()]
    heads = "| shot | panel | scene | camera | seconds | said or done | warnings |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, "", *why, "", heads, *rows])


async def speak_board(request: MovieRequest, board: MovieBoard) -> FilmedShots:
    """Speak all that is said, each character with the same voice, and lay out the shots around the speech.

    Raises as `speak_lines` does.
    """
    voices = await in_a_thread(_voices_of, request, board)
    known = {each.number: each for each in board.analysis.utterances}
    said: dict[int, SaidUtterance] = {}
    lines = len({number for shot in board.shots for number in shot.utterances} & known.keys())
    for shot in board.shots:
        for number in shot.utterances:
            if number in said or number not in known:
                continue
            utterance = known[number]
            choice = voices.get(utterance.character, request.voice)
            label = f"{shot.name} {utterance.character}"
            [sentences] = await speak_lines([utterance.text], board.language, choice, label)
            said[number] = SaidUtterance(utterance, sentences)
            _tell("clips", f"{len(said)} of {lines} lines are spoken", 0)
    length_s = request.length_s - _cards_s(request) if request.mode is MovieMode.TRAILER else None
    rate = PROFILES[request.profile].frame_rate
    timed = await in_a_thread(time_shots, board.shots, said, rate, length_s)
    return _filmed(request, board, timed)


def _voices_of(request: MovieRequest, board: MovieBoard) -> dict[str, VoiceChoice]:
    known = {spelling: each.name for each in board.analysis.characters for spelling in (each.name, *each.aliases)}
    given: dict[str, str] = {}
    for name, voice in request.voices.items():
        if name.upper() not in known and name not in known:
            raise InvalidRequest(f"“{name}” is no character; there are {', '.join(sorted(known)[:20])}", "voices")
        given[known.get(name, known.get(name.upper(), name))] = voice
    return cast_voices(board.analysis.characters, board.language, request.voice, given)


def _filmed(request: MovieRequest, board: MovieBoard, timed: Sequence[TimedShot]) -> FilmedShots:
    """Return the requests of all shots, between the cards."""
    rate = PROFILES[request.profile].frame_rate
    briefs = {shot.name: shot for shot in board.shots}
    shots = tuple(
        briefs[each.shot.name].model_copy(update={"length_s": round(each.frames / rate, 4)}) for each in timed
    )
    drawn = [
        (
            {
                "scene": shot,
                **_panel_of(board, shot, tuple(each.spoken or ())),
                "frames": each.frames,
                "speech": each.heard,
                "spoken": dict(each.spoken or {}),
            },
            _heading(board, shots, place),
        )
        for place, (shot, each) in enumerate(zip(shots, timed, strict=True))
    ]
    if request.cards:
        is_trailer = request.mode is MovieMode.TRAILER
        end = board.analysis.title if is_trailer else _END_WORDS.get(board.language[:2], _END_WORDS["en"])
        title = _card(board, "title", board.analysis.title, shots[:1], rate)
        drawn = [(title, ""), *drawn, (_card(board, "end", end, shots[-1:], rate), "")]
    first = 0 if request.cards else 1  # a shot has its number in the list, with cards or without
    # What a person gets again from this plan is this film: its shots are chosen, and as long as they are.
    again = {"mode": MovieMode.FULL, "only": "", "scenes": shots, "selected": True, "stop_after": None}
    again |= {"panels": _panels_of(board, shots)}
    return FilmedShots(
        plan=request.model_copy(update=again),
        requests=tuple(
            ShotRequest.model_validate({**fields, "number": number, "profile": request.profile})
            for number, (fields, _) in enumerate(drawn, start=first)
        ),
        chapters=tuple(chapter for _, chapter in drawn),
    )


def _panel_of(board: MovieBoard, shot: ShotBrief, speakers: tuple[str, ...]) -> dict[str, object]:
    """Return the picture that a person gave for a shot, or its drawing."""
    given = board.pictures.get(shot.name)
    return {"picture": given} if given else {"layers": board.layers_of(shot, speakers)}


def _panels_of(board: MovieBoard, shots: Sequence[ShotBrief]) -> dict[str, str]:
    """Return the keys of the pictures of these shots, by the names of the shots."""
    return {shot.name: board.pictures[shot.name].key for shot in shots if shot.name in board.pictures}


def _heading(board: MovieBoard, shots: Sequence[ShotBrief], place: int) -> str:
    """Return the heading of a scene where it begins."""
    if place and shots[place - 1].scene == shots[place].scene:
        return ""
    scene = board.scene_of(shots[place])
    return scene.heading if scene else f"Scene {shots[place].scene}"


def _card(board: MovieBoard, name: str, words: str, beside: Sequence[ShotBrief], frame_rate: int) -> dict[str, object]:
    """Return a card over the place of the shot `beside` it; a changed shot leaves it as it is."""
    brief = ShotBrief(name=name, scene=0, size="wide", action=words, length_s=CARD_S)
    places = [ShotBrief(name=name, scene=shot.scene, size="wide") for shot in beside if shot.name not in board.pictures]
    layers = draw_layers(places[0], board.analysis) if places else None
    return {"scene": brief, "card": words[:400], "layers": layers, "frames": round(CARD_S * frame_rate)}


def report_on(request: MovieRequest, board: MovieBoard) -> StoryboardReport | None:
    """Return what is not as it was asked for; None if all is."""
    written_by = BY_PERSON if request.scenes else BY_RULES
    return StoryboardReport(written_by=written_by, remarks=board.remarks) if board.remarks else None


async def stop_after_analysis(request: MovieRequest, script: AnalysedScript) -> StoppedFilm:
    """Return what there is of a film after its analysis."""
    return await _stop(MovieStage.ANALYSIS, request.model_copy(update={"stop_after": None}), script.analysis)


async def stop_after_board(request: MovieRequest, board: MovieBoard) -> StoppedFilm:
    """Return what there is of a film after its board, which is approved if the request asked for that."""
    decided = {"scenes": board.shots, "selected": True, "approval": False, "stop_after": None}
    plan = request.model_copy(update={**decided, "panels": _panels_of(board, board.shots)})
    return await _stop(MovieStage.BOARD, plan, board.analysis, **_notes_on(board))


async def stop_after_clips(board: MovieBoard, shots: FilmedShots, scenes: tuple[SceneReport, ...]) -> StoppedFilm:
    """Return what there is of a film after its clips."""
    plan = shots.plan.model_copy(update={"approval": False})
    return await _stop(MovieStage.CLIPS, plan, board.analysis, **_notes_on(board), scenes=scenes)


def _notes_on(board: MovieBoard) -> dict[str, Any]:
    return {"findings": board.findings, "reasons": board.reasons, "remarks": board.remarks}


async def _stop(stage: MovieStage, plan: MovieRequest, analysis: ScreenplayAnalysis, **made: Any) -> StoppedFilm:
    run = this_run()
    stopped = StoppedFilm(
        title=plan.title, stage=stage, plan=plan, analysis=analysis, run_id=str(run.id) if run else "", **made
    )
    await show_page(key="stopped", description=f"“{plan.title}”", markdown=f"The run {stopped.sentence}.")
    return stopped


async def film_shot_clip(request: ShotRequest) -> Clip:
    """Return the clip of a shot: kept from before, if nothing of it has changed."""
    shot = request.scene
    if request.picture is not None:
        move = ShotMove(shot.movement, shot.moves, take=shot.take)
        return await _film_picture(request.picture, move, request.frames, request.profile, request.label)
    if request.layers is None or request.card:
        return await _film_card(request.card, request.layers, request.frames, request.profile, request.label)
    move = ShotMove(shot.movement, shot.moves, walks=bool(shot.moves and shot.seen), take=shot.take)
    return await _film_panel(request.layers, move, request.frames, request.profile, request.spoken, request.label)


@step(policies.FILMING, name="film-panel", run_name="film-panel {label}")
async def _film_panel(
    layers: PanelLayers,
    move: ShotMove,
    frames: int,
    profile: ProfileName,
    spoken: dict[str, tuple[tuple[float, float], ...]],
    label: str,
) -> Clip:
    """Film a drawn panel with the move of its shot."""
    with scratch_dir(wiring.scratch_root(), "shot") as folder:
        path = folder / "clip.mp4"
        await in_a_thread(film_panel, layers, move, frames, PROFILES[profile], path, spoken)
        return await store_clip(path, PROFILES[profile])


@step(policies.FILMING, name="film-picture", run_name="film-picture {label}")
async def _film_picture(picture: StoredObject, move: ShotMove, frames: int, profile: ProfileName, label: str) -> Clip:
    """Film a panel that a person gave with the move of its shot."""
    async with wiring.opened_key(picture.key) as given:
        with scratch_dir(wiring.scratch_root(), "shot") as folder:
            path = folder / "clip.mp4"
            await in_a_thread(film_picture, given, move, frames, PROFILES[profile], path)
            return await store_clip(path, PROFILES[profile])


@step(policies.FILMING, name="film-card", run_name="film-card {label}")
async def _film_card(words: str, place: PanelLayers | None, frames: int, profile: ProfileName, label: str) -> Clip:
    """Film a card with words over a place of the film."""
    with scratch_dir(wiring.scratch_root(), "card") as folder:
        path = folder / "clip.mp4"
        await in_a_thread(film_card, words, place, frames, PROFILES[profile], path)
        return await store_clip(path, PROFILES[profile])
