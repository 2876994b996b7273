"""The board of a film: plan the shots, draw a panel for each, show them, ask, and take the answer."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from prefect import get_run_logger
from pydantic import Field

from callsheet.errors import InvalidRequest
from callsheet.footage.panel_camera import panel_picture
from callsheet.media.panels.panel import draw_layers
from callsheet.model.film.language import language_of
from callsheet.model.film.media import StoredObject, Video
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.film.screenplay_analysis import GrammarFinding, PanelLayers, ScreenplayAnalysis
from callsheet.model.footage.jobs import FootageEstimate
from callsheet.model.footage.orders import at_most_usd, missing_of
from callsheet.model.problems import listed
from callsheet.model.requests.movie import MovieMode, MovieRequest, MovieStage, ShotBrief
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.model.run.writing import BY_PERSON, BY_RULES, StoryboardReport
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.sources.panel_folder import panels_of_shots
from callsheet.sources.screenplays.screenplay_reader import FIELD
from callsheet.speech.casting import cast_voices
from callsheet.threads import in_a_thread
from callsheet.writing.screenplay.film_grammar import check_shots, find_unspoken
from callsheet.writing.screenplay.shot_rules import plan_shots
from callsheet.writing.screenplay.trailer import choose_trailer, scenes_in
from tasks import policies, wiring
from tasks.intake import take_in_pictures
from tasks.painting import FilmShots, PaintedPanels, estimate_film, paint_panels
from tasks.publishing import upload
from tasks.run.approval import ask_for_approval, was_asked
from tasks.run.artifacts import show_page
from tasks.run.budget import allow_costs, find_objection
from tasks.run.footage_report import cell, price_of_all, report_estimate, shown_picture, time_of_all
from tasks.run.progress import tell_stage
from tasks.run.stopped_films import stop_film
from tasks.screenplays import AnalysedScript
from tasks.step import step

CARD_S = 2.5
_SHOWN_PANEL_PX = 480
_NAMED = 10
"""Shots that a sentence names; for more it says how many."""


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
    painted: PaintedPanels = Field(default_factory=PaintedPanels)
    """What a panel model has made, if the request names one."""
    estimates: dict[str, FootageEstimate] = Field(default_factory=dict)
    """What sheets, panels and clips of models cost, by their labels."""
    unspoken: tuple[str, ...] = ()
    """What is said in no shot of a person's list: a sentence each."""
    asks_for_panels: bool = False
    """Whether the request has panels, so that a shot without one is worth a sentence."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what is not as it was asked for: a sentence each."""
        found = (*self.unspoken, *self.painted.remarks)
        drawn = [shot.name for shot in self.shots if shot.name not in self.pictures]
        if not self.asks_for_panels or not drawn:
            return found
        more = f" and {len(drawn) - _NAMED} more" if len(drawn) > _NAMED else ""
        named = f"shot{'s' * (len(drawn) > 1)} {', '.join(drawn[:_NAMED])}{more}"
        return (*found, f"Your panels have no picture for {named}: Callsheet draws what is missing")

    @property
    def to_pay_usd(self) -> float | None:
        """Return what is to be paid to models now; None if a price is unknown."""
        return at_most_usd(missing_of(self.estimates.values()))

    def panel_of(self, shot: ShotBrief) -> StoredObject | None:
        """Return the panel that a person gave or a model made; None if Callsheet draws it."""
        made = self.painted.panels.get(shot.name)
        return self.pictures.get(shot.name) or (made.stored if made else None)

    def layers_of(self, shot: ShotBrief, speakers: Sequence[str] = ()) -> PanelLayers:
        """Return the drawing of a shot, in which these people speak."""
        return draw_layers(shot, self.analysis, speakers)


async def plan_movie(request: MovieRequest, script: AnalysedScript) -> MovieBoard:
    """Return the shots of the film: those of the request, or of the screenplay by rules.

    Raises:
        InvalidRequest: the screenplay has no such scene, or no shot that is short enough.
    """
    board = await in_a_thread(_board_of, script, request)
    tell_stage("selection", f"{len(board.shots)} shots are planned")
    if board.panels:
        fields = {file: f"panels.{name}" for name, file in board.panels.items()}
        stored = await take_in_pictures(fields)
        pictures = {name: stored[file] for name, file in board.panels.items()}
        board = board.model_copy(update={"pictures": pictures})
    for sentence in board.remarks:
        get_run_logger().warning(sentence)
    return board


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
        chosen = choose_trailer(
            analysis,
            shots,
            request.length_s - cards_s(request),
            with_ending=request.ending or bool(request.only),
            speed=request.voice.speed,
        )
        shots = list(chosen.shots)
        reasons = {scene.scene: scene.reason for scene in chosen.scenes}
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
        asks_for_panels=bool(request.panels) and not request.panel_model,
    )


def cards_s(request: MovieRequest) -> float:
    """Return how long the cards of a film are."""
    return 2 * CARD_S if request.cards else 0.0


async def approve_board(
    request: MovieRequest, board: MovieBoard, make_animatic: Callable[[MovieRequest, MovieBoard], Awaitable[Video]]
) -> MovieBoard:
    """Return the board as a person approved it, or as it is; show it in the run.

    Approval is necessary if the request asks for it, or if what models are paid exceeds a cap. In this case the person
    also gets the animatic, and the first call does not return (see `ask_for_approval`).

    Raises:
        NotApproved: the person rejects it.
        InvalidRequest: the voices of the request don't fit, a changed shot names what is not there, or there is no such
            model.
    """
    await in_a_thread(voices_of, request, board)  # a mistake is told before anything is made
    board = await _estimate_board(request, board)
    objection = await find_objection(board.to_pay_usd) if board.estimates else ""
    # A run that has asked once keeps that answer.
    if not (request.approval or objection or (board.estimates and was_asked())):
        await show_board(request, board)
        return board

    async def take_changed(plan: MovieRequest) -> MovieBoard:
        return await _estimate_board(request, _with_shots(board, plan.scenes))

    async def show_with_animatic() -> str:
        return await show_board(request, board, await make_animatic(request, board))

    plan = request.model_copy(update={"scenes": board.shots})
    agreed = await ask_for_approval(plan, show_with_animatic, take_changed, objection)
    if agreed.estimates:
        await allow_costs(agreed.to_pay_usd)
    return agreed


async def _estimate_board(request: MovieRequest, board: MovieBoard) -> MovieBoard:
    """Return the board with what its models cost; show that in the run."""
    if not (request.panel_model or request.video_model):
        return board
    estimates = await estimate_film(film_shots(request, board))
    await report_estimate(estimates)
    return board.model_copy(update={"estimates": estimates})


def film_shots(request: MovieRequest, board: MovieBoard) -> FilmShots:
    """Return the shots of a board for the models that the request names."""
    return FilmShots(request, board.analysis, board.shots, board.pictures)


async def paint_board(request: MovieRequest, board: MovieBoard) -> MovieBoard:
    """Return the board with the panels of the model that the request names; show it in the run.

    Raises as `paint_panels` does.
    """
    if not request.panel_model:
        return board
    board = board.model_copy(update={"painted": await paint_panels(film_shots(request, board))})
    for sentence in board.painted.remarks:
        get_run_logger().warning(sentence)
    await show_board(request, board)
    return board


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


async def show_board(request: MovieRequest, board: MovieBoard, animatic: Video | None = None) -> str:
    """Show each shot with its panel, and the animatic; return the page for the person who decides."""
    pictures = []
    for number, shot in enumerate(board.shots, start=1):
        pictures.append(board.panel_of(shot) or await draw_panel(board.layers_of(shot), shot.name))
        if not request.panel_model:
            tell_stage("panels", f"{number} of {len(board.shots)} panels are drawn", number, len(board.shots))
    page = _page_of(board, pictures)
    if animatic:
        page = f"{_watched(animatic)}\n\n{page}"
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


def _watched(animatic: Video) -> str:
    """Return where a person can watch the animatic, as markdown."""
    url = wiring.media_url(animatic.stored)
    address = f"[Watch the animatic](<{url}>)" if url else f"The animatic is `{animatic.stored.key}`"
    return f"{address}: {animatic.frames / animatic.frame_rate:.0f} seconds, as Callsheet draws the shots."


def _page_of(board: MovieBoard, pictures: Sequence[StoredObject]) -> str:
    said = {each.number: each for each in board.analysis.utterances}
    warnings: dict[str, list[str]] = {}
    for finding in board.findings:
        warnings.setdefault(finding.shot, []).append(f"{finding.rule}: {finding.sentence}")
    rows = []
    for shot, picture in zip(board.shots, pictures, strict=True):
        scene = board.analysis.scene_of(shot)
        dialogue = " / ".join(f"{said[n].character}: {said[n].text}" for n in shot.utterances if n in said)
        rows.append(
            f"| {cell(shot.name)} | {shown_picture(picture)} | {cell(scene.heading if scene else '')} | {shot.size}, "
            f"{shot.movement} | {shot.length_s:.1f} | {cell(dialogue or shot.action)} "
            f"| {cell('; '.join(warnings.get(shot.name, ())))} |"
        )
    total_s = sum(shot.length_s for shot in board.shots)
    head = f"{len(board.shots)} shots, about {total_s:.0f} seconds"
    if board.estimates:
        estimates = board.estimates.values()
        models = listed(sorted({each.model for each in estimates}))
        head += f". {models}: {price_of_all(estimates)}, {time_of_all(estimates)}"
    why = [f"- {cell(sentence)}" for sentence in board.remarks]
    why += [f"- scene {scene}: {cell(reason)}" for scene, reason in board.reasons.items()]
    heads = "| shot | panel | scene | camera | seconds | said or done | warnings |\n|---|---|---|---|---|---|---|"
    return "\n".join([head, "", *why, "", heads, *rows])


def voices_of(request: MovieRequest, board: MovieBoard) -> dict[str, VoiceChoice]:
    """Return the voice of each character.

    Raises:
        InvalidRequest: about `voices`; it names no character.
    """
    known = {spelling: each.name for each in board.analysis.characters for spelling in (each.name, *each.aliases)}
    given: dict[str, str] = {}
    for name, voice in request.voices.items():
        if name.upper() not in known and name not in known:
            raise InvalidRequest(f"“{name}” is no character; there are {', '.join(sorted(known)[:20])}", "voices")
        given[known.get(name, known.get(name.upper(), name))] = voice
    return cast_voices(board.analysis.characters, board.language, request.voice, given)


def pictures_of(board: MovieBoard, shots: Sequence[ShotBrief]) -> dict[str, str]:
    """Return the keys of the pictures of these shots, by the names of the shots."""
    return {shot.name: board.pictures[shot.name].key for shot in shots if shot.name in board.pictures}


def report_on(request: MovieRequest, board: MovieBoard, left_out: str) -> StoryboardReport | None:
    """Return what is not as it was asked for; None if all is. `left_out` says what the trailer leaves out."""
    written_by = BY_PERSON if request.scenes else BY_RULES
    remarks = _remarks_on(board, left_out)
    return StoryboardReport(written_by=written_by, remarks=remarks) if remarks else None


def _remarks_on(board: MovieBoard, left_out: str) -> tuple[str, ...]:
    return (*board.remarks, left_out) if left_out else board.remarks


async def stop_after_animatic(request: MovieRequest, board: MovieBoard, animatic: Video) -> StoppedFilm:
    """Return what there is of a film after its animatic: no person has approved its board."""
    await show_board(request, board, animatic)
    decided = {"scenes": board.shots, "selected": True, "panels": pictures_of(board, board.shots), "stop_after": None}
    plan = request.model_copy(update=decided)
    return await stop_film(MovieStage.ANIMATIC, plan, board.analysis, **notes_on(board), animatic=animatic.stored)


async def stop_after_board(request: MovieRequest, board: MovieBoard) -> StoppedFilm:
    """Return what there is of a film after its board, which is approved if the request asked for that."""
    decided = {"scenes": board.shots, "selected": True, "approval": False, "stop_after": None}
    plan = request.model_copy(update={**decided, "panels": pictures_of(board, board.shots)})
    painted = {name: made.stored for name, made in board.painted.panels.items()}
    return await stop_film(MovieStage.BOARD, plan, board.analysis, **notes_on(board), painted=painted)


def notes_on(board: MovieBoard, left_out: str = "") -> dict[str, Any]:
    """Return what a person reads about a board: warnings, reasons and remarks."""
    return {"findings": board.findings, "reasons": board.reasons, "remarks": _remarks_on(board, left_out)}
