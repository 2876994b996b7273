"""Narration: lines become spoken sentences, each kept by its sound: only a changed one is spoken again."""

from collections.abc import Sequence

from prefect.context import TaskRunContext
from prefect.runtime import flow_run

from callsheet.errors import SceneFailed
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.film.speech_plan import SpeechPlan, SpokenLine, plan_speech
from callsheet.model.film.voice_track import HeardSentence, StoredSentence
from callsheet.model.requests.video import SceneRequest
from callsheet.model.run.manifest import SceneReport
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.sentences import sentences_of
from callsheet.threads import in_a_thread
from tasks import policies, wiring
from tasks.publishing import upload
from tasks.step import step


class Narration(Value):
    """What is heard in a scene, and when."""

    plan: SpeechPlan
    heard: tuple[HeardSentence, ...]


async def narrate_scene(request: SceneRequest) -> Narration | None:
    """Return the spoken lines of a scene, each at its time; None for a scene without narration.

    Raises as `speak_lines` does.
    """
    written = request.scene.narration
    language, frame_rate = request.spoken_language, request.render_profile.frame_rate
    spoken = await speak_lines([line.text for line in written], language, request.voice, request.label)
    lines = [
        SpokenLine(at=line.at, sentences=tuple(each.sentence for each in sentences))
        for line, sentences in zip(written, spoken, strict=True)
        if sentences
    ]
    if not lines:
        return None
    plan = plan_speech(lines, frame_rate)
    starts = [start_s for line in plan.speech.lines for start_s in line.sentence_starts_s]
    stored = [sentence for sentences in spoken for sentence in sentences]
    heard = (HeardSentence(spoken=each, start_s=start_s) for each, start_s in zip(stored, starts, strict=True))
    return Narration(plan=plan, heard=tuple(heard))


def with_narration(report: SceneReport, narration: Narration) -> SceneReport:
    """Return the report of a scene with what is heard in it.

    Raises:
        SceneFailed: its picture ends before its speech, which only scene code can do.
    """
    assert report.clip
    missing_s = narration.heard[-1].end_s - report.clip.duration_s
    if missing_s > 0:
        reason = f"its picture ends {missing_s:.1f} s before its narration: let its code wait, or shorten its lines"
        raise SceneFailed(report.name, reason)
    plan = narration.plan
    planned_s = plan.speech.duration_s
    return report.model_copy(update={"speech": narration.heard, "planned_s": planned_s, "speech_remark": plan.remark})


async def speak_lines(
    lines: Sequence[str], language: str, choice: VoiceChoice, label: str
) -> tuple[tuple[StoredSentence, ...], ...]:
    """Return the spoken sentences of each line.

    After a voice has failed once, the next sentences don't wait for it.

    Raises:
        InvalidRequest: no voice has the name, or none speaks the language.
        CallsheetError: the choice is to fail, and its voice did.
    """
    is_patient = True
    spoken: list[tuple[StoredSentence, ...]] = []
    for line in lines:
        sentences = []
        for text in await in_a_thread(sentences_of, line, language):
            sentence = await _speak(text, language, choice, label, is_patient=is_patient)
            is_patient = is_patient and not sentence.sentence.passed_over
            sentences.append(sentence)
        spoken.append(tuple(sentences))
    return tuple(spoken)


class SpokenInRun(Value):
    """A sentence, and the run that spoke it."""

    spoken: StoredSentence
    run_id: str


async def _speak(text: str, language: str, choice: VoiceChoice, label: str, *, is_patient: bool) -> StoredSentence:
    """Return one spoken sentence.

    If another voice took the place of the first one in an earlier run, ask the first one again.
    """
    key = await in_a_thread(wiring.narrator().sentence_key, text, language, choice)
    given = (key, text, language, choice, label, is_patient)
    made = await speak_sentence(*given)
    if made.spoken.sentence.passed_over and made.run_id != flow_run.id:
        made = await speak_sentence.renew(*given)
    return made.spoken


@step(policies.SPEAKING, name="speak-sentence", run_name="speak-sentence {label}")
async def speak_sentence(
    key: str, text: str, language: str, choice: VoiceChoice, label: str, is_patient: bool
) -> SpokenInRun:
    """Speak a sentence; store its sound. `key` is the narrator's identity of it.

    Unless it `is_patient`, a voice that can't speak now gives way to the next one at once.
    """
    with scratch_dir(wiring.scratch_root(), "speech") as folder:
        out = folder / "sentence.wav"
        last = not is_patient or _is_last_try()
        spoken = await wiring.narrator().speak(text, language, choice, out, is_last_try=last)
        stored = StoredSentence(sentence=spoken, stored=await upload(out, "speech", "audio/wav"))
        return SpokenInRun(spoken=stored, run_id=str(flow_run.id))


def _is_last_try() -> bool:
    """Return whether Prefect does not repeat this task if it fails."""
    context = TaskRunContext.get()
    return context is None or context.task_run.run_count > context.task.retries
