"""Narration: lines become spoken sentences, each kept by its sound: only a changed one is spoken again."""

from collections.abc import Sequence

from prefect import get_run_logger
from prefect.context import TaskRunContext
from prefect.runtime import flow_run

from callsheet.errors import SceneFailed
from callsheet.model.film.language import language_of
from callsheet.model.film.media import Clip
from callsheet.model.film.narration import VoiceChoice
from callsheet.model.film.speech_plan import SpeechPlan, SpokenLine, plan_speech
from callsheet.model.film.voice_track import HeardSentence, StoredSentence
from callsheet.model.film.voiceover import VoiceoverScript, VoiceoverTimes, spoken_times
from callsheet.model.requests.video import DEFAULT_LANGUAGE, SceneRequest
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
    _check_end(report.name, report.clip, narration.heard)
    plan = narration.plan
    planned_s = plan.speech.duration_s
    return report.model_copy(update={"speech": narration.heard, "planned_s": planned_s, "speech_remark": plan.remark})


def _check_end(scene_name: str, clip: Clip, heard: Sequence[HeardSentence]) -> None:
    missing_s = heard[-1].end_s - clip.duration_s
    if missing_s > 0:
        reason = f"its picture ends {missing_s:.1f} s before its narration: let its code wait, or shorten its lines"
        raise SceneFailed(scene_name, reason)


class VoiceoverSpeech(Value):
    """What scene code says by itself, as voices have spoken it."""

    times: tuple[VoiceoverTimes, ...]
    """In the order in which the code says them."""
    sentences: tuple[tuple[StoredSentence, ...], ...]
    """Of each voiceover."""
    remark: str = ""
    """A sentence if the code chooses a service that does not speak."""

    def heard_in(self, scene_name: str, clip: Clip, start_frames: Sequence[int]) -> tuple[HeardSentence, ...]:
        """Return when each sentence is heard in a clip whose voiceovers begin at these frames.

        Raises SceneFailed if the picture ends before the last sentence.
        """
        heard = tuple(
            HeardSentence(spoken=sentence, start_s=frame / clip.frame_rate + start_s)
            for frame, times, sentences in zip(start_frames, self.times, self.sentences, strict=True)
            for sentence, start_s in zip(sentences, times.sentence_starts_s, strict=True)
        )
        _check_end(scene_name, clip, heard)
        return heard


async def speak_voiceovers(request: SceneRequest, script: VoiceoverScript) -> VoiceoverSpeech | None:
    """Return what scene code says, spoken; None if it says nothing.

    Raises SceneFailed for code that speaks and has lines of narration, too; else as `speak_lines` does.
    """
    if not script.said:
        return None
    if request.scene.code and request.scene.narration:
        raise SceneFailed(request.scene.name, "its code speaks by itself: leave out its narration")
    texts = [voiceover.text for voiceover in script.said]
    language = request.language or request.look.language or script.language or language_of(texts) or DEFAULT_LANGUAGE
    sentences = await speak_lines(texts, language, request.voice, request.label)
    frame_rate = request.render_profile.frame_rate
    times = [
        spoken_times(text, [each.sentence for each in spoken], frame_rate)
        for text, spoken in zip(texts, sentences, strict=True)
    ]
    remark = _remark_on(script.services, sentences)
    if remark:
        get_run_logger().warning("%s", remark)
    return VoiceoverSpeech(times=tuple(times), sentences=sentences, remark=remark)


def _remark_on(services: Sequence[str], sentences: Sequence[Sequence[StoredSentence]]) -> str:
    """Return the sentence that says which voices speak instead of the services that the code names."""
    if not services:
        return ""
    names = {each.sentence.voice.name: None for spoken in sentences for each in spoken if each.sentence.voice}
    instead = " and ".join(names) if names else "no voice"
    return f"The code names {' and '.join(services)}; {instead} speaks instead"


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
        context = TaskRunContext.get()
        is_last_try = not is_patient or context is None or context.task_run.run_count > context.task.retries
        spoken = await wiring.narrator().speak(text, language, choice, out, is_last_try=is_last_try)
        stored = StoredSentence(sentence=spoken, stored=await upload(out, "speech", "audio/wav"))
        return SpokenInRun(spoken=stored, run_id=str(flow_run.id))
