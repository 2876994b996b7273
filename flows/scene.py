"""One scene: speak, write, validate, rehearse, repair if its writer can, render, store, report."""

from collections.abc import Awaitable, Callable
from functools import partial

from prefect import flow

from callsheet.errors import ContextTooSmall, NothingWritten, SceneAbandoned, SceneFailed, SceneKilled, SceneRejected
from callsheet.model.content import Content, PlaceholderContent
from callsheet.model.deployed import deployed
from callsheet.model.film.rehearsal import Rehearsal
from callsheet.model.film.scenes import ValidatedSceneCode
from callsheet.model.film.speech_plan import SceneSpeech
from callsheet.model.requests.video import SceneBrief, SceneRequest
from callsheet.model.run.attempts import (
    Attempt,
    AttemptHistory,
    AttemptResult,
    Draft,
    Feedback,
    NextStep,
    SceneStage,
    layout_trouble,
    narration_trouble,
    trouble_of,
)
from callsheet.model.run.manifest import SceneOutcome, SceneReport
from tasks.narration import VoiceoverSpeech, narrate_scene, speak_voiceovers, with_narration
from tasks.run.cost_approval import require_cost_approval_of_scene
from tasks.run.lifecycle import run_lifecycle
from tasks.run.progress import progress_of
from tasks.run.reporting import report_attempts, report_scene
from tasks.run.request import check_scene, name_run, take_request
from tasks.scenes import fill_template, rehearse_scene, render_scene, render_spoken_scene, validate_scene_code
from tasks.wiring import repairs_at_most
from tasks.writing import draft_scene, is_drafted, repair_scene_code

LAID_OUT_WITHOUT_MODEL = (
    "The prompt was laid out as it is written, because no language model is set up to write a scene from it."
)
LAID_OUT_INSTEAD = "The prompt was laid out as it is written, because no scene could be made of it."


@deployed("One scene becomes a separate clip.")
@flow(name="generate-scene", flow_run_name=name_run, validate_parameters=False)
@take_request
async def generate_scene(request: SceneRequest) -> SceneReport:
    """Make one scene as a separate clip.

    Args:
        request: The scene, the profile of its render, and its look.
    """
    async with run_lifecycle(), progress_of(request.label, scenes=1):
        await check_scene(request)
        await require_cost_approval_of_scene(request)
        report = await _make(request)
        await report_scene(report, request.label)
    return report


async def make_placeholder(request: SceneRequest, error: str, attempts: tuple[Attempt, ...] = ()) -> SceneReport:
    """Make a calm card in the place of a scene that failed with `error`."""
    card = PlaceholderContent(scene_name=request.scene.name, number=request.number, reason=error[:300])
    report = await _make_from_template(request, card, SceneOutcome.PLACEHOLDER)
    return report.model_copy(update={"error": error, "attempts": attempts})


async def make_explained(request: SceneRequest, error: str, attempts: tuple[Attempt, ...] = ()) -> SceneReport:
    """Make a scene that shows the failed scene's prompt, laid out as text."""
    report = await _make_from_template(request, request.scene.filled(), SceneOutcome.EXPLAINED, LAID_OUT_INSTEAD)
    return report.model_copy(update={"error": error, "attempts": attempts})


async def _make(request: SceneRequest) -> SceneReport:
    narration = await narrate_scene(request)
    if is_drafted(request.scene):
        report = await _make_from_draft(request)
    else:
        note = LAID_OUT_WITHOUT_MODEL if request.scene.prompt else ""
        speech = narration.plan.speech if narration else None
        report = await _make_from_template(request, request.scene.filled(), SceneOutcome.RENDERED, note, speech)
    return with_narration(report, narration) if narration and not report.speech else report


async def _make_from_template(
    request: SceneRequest,
    content: Content,
    outcome: SceneOutcome,
    note: str = "",
    speech: SceneSpeech | None = None,
) -> SceneReport:
    """Render a template's code, which was reviewed: it needs no rehearsal and no repair."""
    code = await fill_template(request, content, request.label, speech)
    checked = await validate_scene_code(code, request.label)
    clip = await render_scene(checked, request.render_profile, request.label)
    # Only in the report: these remarks do not change the clip.
    origin = code.origin.model_copy(update={"note": note})
    return SceneReport(number=request.number, name=request.scene.name, outcome=outcome, clip=clip, origin=origin)


async def _make_from_draft(request: SceneRequest) -> SceneReport:
    """Try the code; its findings go back to the writer, a bounded number of times."""
    history = AttemptHistory(asks_left=repairs_at_most(request.scene), takes_flaws=bool(request.scene.code))
    question: Callable[..., Awaitable[Draft]] = partial(draft_scene, request)
    ask: Callable[[], Awaitable[Draft]] = partial(question, again=history.asking_again)
    while True:
        result = await _try(ask, request, history.takes_flaws)
        history = history.after(result)
        match history.next_step, result.draft:
            case NextStep.DONE | NextStep.GIVE_UP, _:
                break
            case NextStep.TAKE_AS_IT_IS, _ if history.runs:
                ask = partial(_again, history.runs)
                continue
            case NextStep.REPAIR, Draft(code=code):
                question = partial(repair_scene_code, code, result.trouble, request)
        number = len(history.attempts) + 1
        ask = partial(question, attempt=number, hint=result.hint, again=history.asking_again)
    await report_attempts(history.attempts, request.label)
    if result.draft is None or result.clip is None:
        raise SceneAbandoned(request.scene.name, str(result.trouble), history.attempts)
    return SceneReport(
        number=request.number,
        name=request.scene.name,
        outcome=SceneOutcome.RENDERED,
        clip=result.clip,
        origin=result.draft.code.origin,
        rehearsal=result.rehearsal,
        attempts=history.attempts,
        speech=result.speech,
        speech_remark=result.speech_remark,
    )


async def _again(draft: Draft) -> Draft:
    """Return a version that is known already; its cost was counted the first time."""
    return Draft(code=draft.code)


async def _try(ask: Callable[[], Awaitable[Draft]], request: SceneRequest, takes_flaws: bool) -> AttemptResult:
    draft, stage = None, SceneStage.WRITE
    try:
        draft = await ask()
        stage = SceneStage.VALIDATE
        code = await validate_scene_code(draft.code, request.label)
        stage = SceneStage.REHEARSE
        rehearsal, speech = await _rehearse(code, request, takes_flaws)
        flaws = _flaws(rehearsal, request.scene)
        if flaws.findings and not takes_flaws:
            return AttemptResult(stage=stage, draft=draft, trouble=flaws, rehearsal=rehearsal)
        stage = SceneStage.RENDER
        if speech is None:
            clip = await render_scene(code, request.render_profile, request.label, rehearsal.animations)
            return AttemptResult(stage=stage, draft=draft, rehearsal=rehearsal, clip=clip)
        spoken = await render_spoken_scene(
            code, request.render_profile, speech.times, request.label, rehearsal.animations
        )
        heard = speech.heard_in(request.scene.name, spoken.clip, spoken.start_frames)
        return AttemptResult(
            stage=stage,
            draft=draft,
            rehearsal=rehearsal,
            clip=spoken.clip,
            speech=heard,
            speech_remark=speech.remark,
        )
    except NothingWritten as error:
        return AttemptResult(
            stage=stage, call=error.call, said=error.answer, hint=error.hint, trouble=trouble_of(error)
        )
    except (SceneRejected, SceneFailed, SceneKilled, ContextTooSmall) as error:
        # SceneKilled has been through its task's retries: the code itself is the cause of every kill.
        return AttemptResult(stage=stage, draft=draft, trouble=trouble_of(error))


async def _rehearse(
    code: ValidatedSceneCode, request: SceneRequest, takes_flaws: bool
) -> tuple[Rehearsal, VoiceoverSpeech | None]:
    """Rehearse code. If it speaks, rehearse it once more with the times of its spoken words.

    Words of a version with flaws, which its writer will change, are not spoken.
    """
    rehearsal = await rehearse_scene(code, request.render_profile, request.label)
    if not takes_flaws and _flaws(rehearsal, request.scene).findings:
        return rehearsal, None
    speech = await speak_voiceovers(request, rehearsal.voiceovers)
    if speech is None:
        return rehearsal, None
    return await rehearse_scene(code, request.render_profile, request.label, speech.times), speech


def _flaws(rehearsal: Rehearsal, brief: SceneBrief) -> Feedback:
    """Return what is wrong with the picture, or with the words that a model's code lets a voice say."""
    flaws = layout_trouble(rehearsal, brief.duration_s)
    if not brief.prompt or not brief.narration:
        return flaws
    unsaid = narration_trouble(rehearsal.voiceovers, [line.text for line in brief.narration])
    return Feedback(findings=(*flaws.findings, *unsaid.findings))
