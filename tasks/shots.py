"""From a board to the clips of a film: speak what is said, lay out the shots around it, film each shot."""

from collections.abc import Mapping, Sequence

from prefect import get_run_logger

from callsheet.footage.panel_camera import ShotMove, film_card, film_panel, film_picture
from callsheet.media.panels.panel import draw_layers
from callsheet.model.film.media import Clip, StoredObject
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.film.scenes import Origin, OriginKind
from callsheet.model.film.screenplay_analysis import PanelLayers
from callsheet.model.footage.jobs import JobKind
from callsheet.model.footage.orders import FootageOrder, FootageRecord
from callsheet.model.requests.movie import MovieMode, MovieRequest, MovieStage, ShotBrief, ShotRequest
from callsheet.model.run.manifest import SceneOutcome, SceneReport
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.threads import in_a_thread
from callsheet.writing.screenplay.film_timing import SaidUtterance, TimedShot, said_in_none, time_shots
from tasks import policies, wiring
from tasks.boards import CARD_S, MovieBoard, cards_s, film_shots, notes_on, pictures_of, voices_of
from tasks.footage import make_clip
from tasks.narration import speak_lines
from tasks.publishing import store_clip
from tasks.run.footage_report import report_footage
from tasks.run.progress import tell_stage
from tasks.run.stopped_films import stop_film
from tasks.step import step

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


class FilmedShots(Value):
    """The shots of a film as they are to be filmed, and the plan that gives the same film again."""

    plan: MovieRequest
    requests: tuple[ShotRequest, ...]
    chapters: tuple[str, ...]
    """The heading that begins with each shot; empty within a scene."""
    left_out: str = ""
    """What the trailer leaves out because its speech is too long, as a sentence; empty if it has all."""


async def speak_board(request: MovieRequest, board: MovieBoard, stage: str = "clips") -> FilmedShots:
    """Speak all that is said, each character with the same voice, and lay out the shots around the speech.

    `stage` names the band of the run's progress.

    Raises as `speak_lines` does.
    """
    voices = await in_a_thread(voices_of, request, board)
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
            tell_stage(stage, f"{len(said)} of {lines} lines are spoken", 0)
    length_s = request.length_s - cards_s(request) if request.mode is MovieMode.TRAILER else None
    rate = PROFILES[request.profile].frame_rate
    timed = await in_a_thread(time_shots, board.shots, said, rate, length_s)
    filmed = _filmed(request, board, timed, await _clip_orders(request, board))
    if left_out := said_in_none(board.shots, [each.shot for each in timed]):
        get_run_logger().warning(left_out)
    return filmed.model_copy(update={"left_out": left_out})


async def _clip_orders(request: MovieRequest, board: MovieBoard) -> dict[str, FootageOrder]:
    """Return the orders to the model that makes clips of panels, by the names of the shots."""
    if not request.video_model:
        return {}
    film = film_shots(request, board)
    panels = {shot.name: board.panel_of(shot) or await film.sketch_of(shot) for shot in board.shots}
    return {shot.name: film.clip_order(shot, panels[shot.name]) for shot in board.shots}


def _filmed(
    request: MovieRequest, board: MovieBoard, timed: Sequence[TimedShot], clips: Mapping[str, FootageOrder]
) -> FilmedShots:
    """Return the requests of all shots, between the cards."""
    rate = PROFILES[request.profile].frame_rate
    briefs = {shot.name: shot for shot in board.shots}
    shots = tuple(
        briefs[each.shot.name].model_copy(
            update={
                "length_s": round(each.frames / rate, 4),
                # The same clip is ordered again, whatever the length by its speech.
                **({"clip_s": clips[each.shot.name].duration_s} if clips else {}),
            }
        )
        for each in timed
    )
    drawn = [
        (
            {
                "scene": shot,
                **_panel_of(board, shot, tuple(each.spoken or ())),
                "video": clips.get(shot.name),
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
    again |= {"panels": pictures_of(board, shots)}
    return FilmedShots(
        plan=request.model_copy(update=again),
        requests=tuple(
            ShotRequest.model_validate({**fields, "number": number, "profile": request.profile})
            for number, (fields, _) in enumerate(drawn, start=first)
        ),
        chapters=tuple(chapter for _, chapter in drawn),
    )


def _panel_of(board: MovieBoard, shot: ShotBrief, speakers: tuple[str, ...]) -> dict[str, object]:
    """Return the picture that a person gave or a model made for a shot, or its drawing."""
    picture = board.panel_of(shot)
    if picture is None:
        return {"layers": board.layers_of(shot, speakers)}
    made = board.painted.panels.get(shot.name)
    return {"picture": picture, "made_by": (made.record,) if made else ()}


def _heading(board: MovieBoard, shots: Sequence[ShotBrief], place: int) -> str:
    """Return the heading of a scene where it begins."""
    if place and shots[place - 1].scene == shots[place].scene:
        return ""
    scene = board.analysis.scene_of(shots[place])
    return scene.heading if scene else f"Scene {shots[place].scene}"


def _card(board: MovieBoard, name: str, words: str, beside: Sequence[ShotBrief], frame_rate: int) -> dict[str, object]:
    """Return a card over the place of the shot `beside` it; a changed shot leaves it as it is."""
    brief = ShotBrief(name=name, scene=0, size="wide", action=words, length_s=CARD_S)
    places = [ShotBrief(name=name, scene=shot.scene, size="wide") for shot in beside if not board.panel_of(shot)]
    layers = draw_layers(places[0], board.analysis) if places else None
    return {"scene": brief, "card": words[:400], "layers": layers, "frames": round(CARD_S * frame_rate)}


async def report_makers(board: MovieBoard, scenes: Sequence[SceneReport]) -> tuple[FootageRecord, ...]:
    """Show which models made what; return those of footage that no single scene has."""
    of_film = board.painted.records
    for report in scenes:
        clips = [record for record in report.footage if record.kind is JobKind.ANIMATE_IMAGE]
        of_film |= {f"clip {report.name}": record for record in clips}
    await report_footage(of_film)
    in_scenes = {record.prediction_id for report in scenes for record in report.footage}
    return tuple(record for record in of_film.values() if record.prediction_id not in in_scenes)


async def stop_after_clips(board: MovieBoard, shots: FilmedShots, scenes: tuple[SceneReport, ...]) -> StoppedFilm:
    """Return what there is of a film after its clips."""
    plan = shots.plan.model_copy(update={"approval": False})
    notes = notes_on(board, shots.left_out)
    return await stop_film(MovieStage.CLIPS, plan, board.analysis, **notes, scenes=scenes)


async def film_shot_clip(request: ShotRequest) -> SceneReport:
    """Return the report of a shot, with its clip, kept from before if nothing of it has changed, and who made it."""
    footage = request.made_by
    if request.video is not None:
        clip, record = await make_clip(request.video, request.label, request.frames)
        footage = (*footage, record)
    else:
        clip = await _film_by_camera(request)
    maker = f"{footage[-1].provider} {footage[-1].model}" if footage else "callsheet panels"
    return SceneReport(
        number=request.number,
        name=request.scene.name,
        outcome=SceneOutcome.RENDERED,
        clip=clip,
        origin=Origin(kind=OriginKind.FOOTAGE, maker=maker),
        footage=footage,
        speech=request.speech,
        planned_s=request.duration_s,
    )


async def _film_by_camera(request: ShotRequest) -> Clip:
    """Return a move of the camera over the panel of a shot, or over a card."""
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
