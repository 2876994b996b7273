"""The voices of this machine speak for real: short sentences, measured."""

import wave
from pathlib import Path

import numpy as np
import pytest
import yaml

from callsheet import speech
from callsheet.errors import InvalidRequest, SetupIncomplete
from callsheet.model.film.narration import Gender, Lexicon, OnVoiceFailure, SpokenSentence, Timing, VoiceChoice
from callsheet.speech import models
from callsheet.speech.catalogue import voice_catalogue
from callsheet.speech.kokoro import Kokoro, voice_rows
from callsheet.speech.narrator import Narrator, local_providers
from callsheet.speech.symbols import LONGEST, English, pieces_of
from callsheet.speech.text_map import word_places

SENTENCES = {
    ("en", ""): ("In 2024, 42% of README.md was new.", "heart", Timing.EXACT),
    ("en", "michael"): ("Films have 3 parts.", "michael", Timing.EXACT),
    ("en-GB", "female"): ("It is 5 o'clock.", "emma", Timing.EXACT),
    ("es", ""): ("Hola, ¿cómo estás?", "dora-es", Timing.EXACT),
    ("de", "male"): ("Am 3. Tag, um 21:05 Uhr, kam er an.", "espeak-de", Timing.ESTIMATED),
    ("ru", "female"): ("У меня 42 яблока.", "espeak-ru-female", Timing.ESTIMATED),
    ("zh", ""): ("你好，这是测试。", "espeak-zh", Timing.ESTIMATED),
}


@pytest.fixture(scope="module")
def narrator() -> Narrator:
    """One for all, as a film has one."""
    return Narrator()


def sound_of(path: Path) -> np.ndarray:
    """The samples of a WAV file; full scale is 1."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def check_sound(sentence: SpokenSentence, path: Path) -> None:
    """Loud enough, not clipped, silent at its ends, as long as it says; the words in their order inside of it."""
    samples = sound_of(path)
    assert len(samples) == sentence.samples
    assert 0.1 < np.abs(samples).max() < 0.9
    assert 0.02 < np.sqrt(np.mean(samples**2)) < 0.3
    assert np.abs(samples[[0, 1, -2, -1]]).max() < 0.01
    assert [word.text for word in sentence.words] == [
        sentence.text[slice(*place)] for place in word_places(sentence.text)
    ]
    times = [time for word in sentence.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= sentence.length_s
    for word in sentence.words:
        assert sentence.text[word.begins_at : word.ends_at] == word.text
        assert word.end_s > word.start_s


@pytest.mark.parametrize(("language", "voice"), SENTENCES)
async def test_a_voice_speaks(narrator: Narrator, tmp_path: Path, language: str, voice: str):
    """The one that is meant, with a time for each written word."""
    text, name, timing = SENTENCES[language, voice]
    out = tmp_path / "out.wav"
    choice = VoiceChoice(voice=voice, on_failure=OnVoiceFailure.FAIL)
    sentence = await narrator.speak(text, language, choice, out)
    assert sentence.voice is not None
    assert (sentence.voice.name, sentence.timing, sentence.passed_over) == (name, timing, ())
    assert 0.6 < sentence.length_s < 5
    check_sound(sentence, out)


async def test_the_same_sentence_sounds_the_same(narrator: Narrator, tmp_path: Path):
    """Bit by bit, on one machine."""
    for name in ("one.wav", "two.wav"):
        await narrator.speak("The same words.", "en", VoiceChoice(), tmp_path / name)
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()


async def test_speed_is_the_length(narrator: Narrator, tmp_path: Path):
    """A voice of twice the speed needs about half the time."""
    lengths = {}
    for language, speed in (("en", 1.0), ("en", 2.0), ("nl", 1.0), ("nl", 2.0)):
        choice = VoiceChoice(speed=speed)
        sentence = await narrator.speak("Hans is in Amsterdam, in Nederland.", language, choice, tmp_path / "out.wav")
        lengths[language, speed] = sentence.length_s
    assert 0.4 < lengths["en", 2.0] / lengths["en", 1.0] < 0.7
    assert 0.4 < lengths["nl", 2.0] / lengths["nl", 1.0] < 0.7


@pytest.mark.parametrize("voice", ["heart", "michael"])
async def test_the_times_of_words_are_those_of_the_sound(narrator: Narrator, tmp_path: Path, voice: str):
    """The first word begins and the last one ends within three frames of a film of what is heard."""
    choice = VoiceChoice(voice=voice)
    sentence = await narrator.speak("Open it for everyone now.", "en", choice, tmp_path / "out.wav")
    samples = np.abs(sound_of(tmp_path / "out.wav"))
    loud = np.flatnonzero(samples > 0.1 * samples.max()) / sentence.sample_rate_hz
    assert sentence.words[0].start_s == pytest.approx(loud[0], abs=0.1)
    assert sentence.words[-1].end_s == pytest.approx(loud[-1], abs=0.1)


async def test_words_are_heard_when_their_times_say(narrator: Narrator, tmp_path: Path):
    """Between two clauses the voice rests, and no word is there."""
    sentence = await narrator.speak(
        "First comes the river; mountains follow.", "en", VoiceChoice(), tmp_path / "out.wav"
    )
    river, mountains = (next(word for word in sentence.words if name in word.text) for name in ("river", "mountains"))
    samples, rate = sound_of(tmp_path / "out.wav"), sentence.sample_rate_hz
    step = rate // 50
    begins, ends = round(river.start_s * rate), round(mountains.end_s * rate)
    levels = [float(np.sqrt(np.mean(samples[place : place + step] ** 2))) for place in range(begins, ends, step)]
    quietest_s = river.start_s + (int(np.argmin(levels)) + 0.5) / 50
    assert river.end_s - 0.04 < quietest_s < mountains.start_s + 0.04


async def test_a_lexicon_changes_what_is_heard(narrator: Narrator, tmp_path: Path):
    """Sounds in IPA make another sound of the same text."""
    choice = VoiceChoice(lexicon=Lexicon(words={"gif": "/ʤˈɪf/"}))
    await narrator.speak("A gif moves.", "en", VoiceChoice(), tmp_path / "plain.wav")
    sentence = await narrator.speak("A gif moves.", "en", choice, tmp_path / "said.wav")
    assert sentence.spoken == "A gif moves."
    assert (tmp_path / "plain.wav").read_bytes() != (tmp_path / "said.wav").read_bytes()


def test_a_sentence_has_another_key_if_it_sounds_different(narrator: Narrator):
    """Text, voice, speed, language, and the sounds of its own words count; words of others do not."""

    def key(text: str = "A gif moves.", language: str = "en", **choice: object) -> str:
        return narrator.sentence_key(text, language, VoiceChoice.model_validate(choice))

    others = [
        key("A gif moved."), key(voice="michael"), key(voice="bella"), key(speed=1.1), key(language="de"),
        key(lexicon={"words": {"gif": "/ʤˈɪf/"}}), key(lexicon={"words": {"gif": "jif"}}),
    ]  # fmt: skip
    assert len({key(), *others}) == 1 + len(others)
    assert key() == key(lexicon={"words": {"png": "ping", "svg": "/ɛs/"}}) == key(voice="female") == key(voice="heart")


def test_every_local_voice_is_there():
    """Each of Kokoro's has a table, and every voice of this machine has somebody who speaks with it."""
    catalogue = voice_catalogue()
    names = [voice.name for voice in catalogue.voices]
    assert len(set(names)) == len(names)
    assert {provider.name for provider in local_providers()} == {
        voice.provider for voice in catalogue.voices if voice.provider != "openai"
    }
    for voice in catalogue.voices:
        if voice.provider == "kokoro":
            rows = voice_rows(voice.vendor_id)
            assert rows.shape == (510, 256)
            assert 0.1 < rows.std() < 0.3


@pytest.mark.parametrize(
    ("wanted", "language", "name"),
    [
        ("", "en", "heart"),
        ("male", "en", "michael"),
        ("male", "en-GB", "george"),
        ("female", "de", "espeak-de-female"),
        ("michael", "es", "alex-es"),
        ("am_fenrir", "en-US", "fenrir"),
        ("male_warm", "en", "fenrir"),
        ("Bella", "en", "bella"),
        ("nova", "fr", "siwis"),
        ("openai-nova", "fr", "openai-nova"),
        ("", "no", "espeak-nb"),
        ("", "fr", "siwis"),
        ("espeak-de", "de", "espeak-de"),
    ],
)
def test_a_name_leads_to_a_voice(wanted: str, language: str, name: str):
    """By name, vendor's id or gender; in a language that it doesn't speak, the best of its gender."""
    assert voice_catalogue().voice(wanted, language).name == name


@pytest.mark.parametrize(
    ("wanted", "language", "sentence"),
    [
        ("micheal", "en", "voice: there is no voice “micheal”: take michael"),
        ("", "tlh", "language: no voice speaks “tlh”: name a language as in en, de or pt-BR"),
    ],
)
def test_a_name_that_is_none_is_told(wanted: str, language: str, sentence: str):
    """With the nearest names."""
    with pytest.raises(InvalidRequest) as raised:
        voice_catalogue().voice(wanted, language)
    assert str(raised.value).startswith(sentence)


def test_every_order_of_voices_ends_on_this_machine():
    """After what was asked for: the same gender, the neural voices first."""
    order = voice_catalogue().order(VoiceChoice(voice="openai-onyx", next_voices=("bella",)), "en")
    assert [voice.name for voice in order] == ["openai-onyx", "bella", "michael", "espeak-en-us"]
    assert {voice.gender for voice in order[2:]} == {Gender.MALE}


def test_a_damaged_model_is_not_used(monkeypatch: pytest.MonkeyPatch):
    """Its digest is not the one that is known."""
    models.check_models()
    damaged = models.ModelFile("Kokoro", models.KOKORO.parts[:3], models.KOKORO.sha256, "")
    monkeypatch.setattr(models, "KOKORO", damaged)
    with pytest.raises(SetupIncomplete, match="The voice model Kokoro is damaged"):
        models.check_models()


async def test_a_model_and_a_voice_of_ones_own_speak(tmp_path: Path):
    """The file is used as it is; a blend of two voices is a third one."""
    (tmp_path / "own.onnx").write_bytes(models.read_model(models.KOKORO))
    blend = (voice_rows("am_michael") + voice_rows("bm_george")) / 2
    (tmp_path / "bm_blend.bin").write_bytes(blend.astype("<f4").tobytes())
    own = Kokoro(tmp_path / "own.onnx", tmp_path)
    choice = VoiceChoice(voice="kokoro:bm_blend", on_failure=OnVoiceFailure.FAIL)
    sentence = await Narrator([own]).speak("Films have parts.", "en", choice, tmp_path / "out.wav")
    check_sound(sentence, tmp_path / "out.wav")
    assert sentence.voice is not None
    assert (sentence.voice.language, sentence.timing) == ("en-GB", Timing.EXACT)
    assert own.digest(sentence.voice) != Kokoro().digest(sentence.voice)


@pytest.mark.parametrize(
    ("model", "voice", "sentence"),
    [(b"no model", None, "no ONNX file"), (None, b"1234", "has 1 numbers"), (None, None, "Kokoro has no voice “am_x”")],
)
async def test_a_model_or_voice_that_is_none_is_told(
    tmp_path: Path, model: bytes | None, voice: bytes | None, sentence: str
):
    """In one sentence that names the file or the setting."""
    for name, content in (("own.onnx", model), ("am_x.bin", voice)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
    own = Kokoro((tmp_path / "own.onnx") if model else None, tmp_path)
    named = "kokoro:am_x" if model is None else "michael"
    with pytest.raises(SetupIncomplete, match=sentence):
        await Narrator([own]).speak(
            "Hi.", "en", VoiceChoice(voice=named, on_failure=OnVoiceFailure.FAIL), tmp_path / "out.wav"
        )


def test_a_long_text_is_read_in_pieces():
    """None is longer than a voice reads, each is cut between words, and nothing is lost."""
    text = "A house, a tree, a river and a hill stand here; " * 30
    found, _ = English().read(text, {})
    pieces = list(pieces_of(found))
    assert len(pieces) > 3
    assert max(map(len, pieces)) <= LONGEST + 1
    words = [symbol.word for piece in pieces for symbol in piece if symbol.word is not None]
    assert words == sorted(words)
    assert words == [symbol.word for symbol in found if symbol.word is not None]


@pytest.mark.parametrize(
    ("written", "sounds"), [("Redis", "ɹˈɛdɪs"), ("JSON", "ʤˈAsᵊn"), ("README", "ɹˈidmˌi"), ("config", "kˈɑnfɪɡ")]
)
def test_names_of_computing_have_the_sounds_that_people_give_them(written: str, sounds: str):
    """No dictionary has them; a lexicon wins over them."""
    assert "".join(symbol.text for symbol in English().read(written, {})[0]) == sounds
    assert "".join(symbol.text for symbol in English().read(written, {written: "ɛs"})[0]) == "ɛs"


def test_the_sounds_of_names_are_signs_that_voices_read():
    """A sign that they don't know would be left out, and the name with it."""
    names = yaml.safe_load(Path(speech.__file__).with_name("spoken_names.yaml").read_text(encoding="utf-8"))
    assert {sign for sounds in names.values() for sign in sounds} <= models.symbols().keys()
    assert all(name == name.casefold() for name in names)
