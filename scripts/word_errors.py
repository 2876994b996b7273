#!/usr/bin/env python3
"""Measure what a speech recogniser mishears in the sentences of films, and how the narration sounds.

    .venv/bin/python scripts/word_errors.py speak FOLDER README.md docs/fence.md --every 3
    python scripts/word_errors.py hear FOLDER --whisper MODEL
    .venv/bin/python scripts/word_errors.py score FOLDER

`speak` writes the storyboards of documents by rules, and speaks their sentences in three ways: as films do (`film`), by
the same voice from the text as it is written (`plain`), and by espeak-ng from the speakable text (`espeak`).

`hear` runs in another environment, with the packages faster-whisper, pocketsphinx and speechmos. MODEL is a folder with
a Whisper model for faster-whisper. pocketsphinx brings its American model. speechmos brings DNSMOS, which tells from
the sound alone how good listeners would find it, from 1 to 5. Add `--film FILE` for the narration of a finished film.

`score` counts word errors: words that are replaced, left out or added, divided by the words of the speakable text.
Numbers and signs that the recogniser writes are first said in words, by the same rules. Two spellings of a word, and a
word in two parts, are no errors. It prints a table, what was misheard of the films' way, and one JSON object as its
last line.
"""

import argparse
import asyncio
import json
import re
import statistics
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path
from typing import Any

WAYS = ("film", "plain", "espeak")
LENGTH_S = 180
HEARD_HZ = 16_000
PIECE_S = 10
"""DNSMOS measures pieces of about nine seconds."""
SPELLINGS = (
    (r"our", "or"), (r"is(?=(?:e[ds]?|ing|ations?)$)", "iz"), (r"tre(?=s?$)", "ter"), (r"grey", "gray"),
    (r"ogue(?=s?$)", "og"), (r"ll(?=(?:ed|ing|er)$)", "l"), (r"ence(?=s?$)", "ense"),
)  # fmt: skip
"""British spellings, and what stands for both. The rules change what was said and what was heard alike."""


def main() -> None:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(description="Measure the word errors of spoken sentences.")
    steps = parser.add_subparsers(dest="step", required=True)
    for name in ("speak", "hear", "score"):
        step = steps.add_parser(name)
        step.add_argument("folder", type=Path)
        if name == "speak":
            step.add_argument("documents", type=Path, nargs="+")
            step.add_argument("--every", type=int, default=1, help="take the first of so many sentences")
        if name == "hear":
            step.add_argument("--whisper", default="", help="folder of a Whisper model for faster-whisper")
            step.add_argument("--film", type=Path, help="a finished film")
    given = parser.parse_args()
    if given.step == "speak":
        asyncio.run(speak(given.folder, given.documents, given.every))
    elif given.step == "hear":
        hear(given.folder, given.whisper, given.film)
    else:
        score(given.folder)


async def speak(folder: Path, documents: Sequence[Path], every: int) -> None:
    """Speak the sentences of the documents' storyboards in each way, or every so many of them."""
    from callsheet.model.film.narration import Lexicon
    from callsheet.speech.catalogue import voice_catalogue
    from callsheet.speech.espeak import Espeak
    from callsheet.speech.hibari import Hibari
    from callsheet.speech.sound_files import finished, write_wav
    from callsheet.speech.speakable import speakable

    hibari, espeak = Hibari(), Espeak()
    heart, robot = voice_catalogue().voice("heart", "en"), voice_catalogue().voice("espeak-en-us", "en")
    sentences = []
    told = list(dict.fromkeys(each for path in documents for each in sentences_told(path)))
    for number, text in enumerate(told[::every]):
        said = speakable(text, "en").spoken
        for way, provider, voice, spoken in (
            ("film", hibari, heart, said), ("plain", hibari, heart, text), ("espeak", espeak, robot, said),
        ):  # fmt: skip
            (folder / way).mkdir(parents=True, exist_ok=True)
            speech = await provider.speak(spoken, voice, 1.0, Lexicon(), folder)
            write_wav(folder / way / f"{number:03}.wav", finished(speech, voice.name))
        sentences.append({"written": text, "spoken": said})
    (folder / "sentences.json").write_text(json.dumps(sentences, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"{len(sentences)} sentences in {folder}")


def sentences_told(path: Path) -> Iterator[str]:
    """Yield the sentences that the film of a document says."""
    from callsheet.fence.job import FenceLimits
    from callsheet.sentences import sentences_of
    from callsheet.sources.documents.document_reader import read_document
    from callsheet.writing.storyboard.rules import write_storyboard

    with tempfile.TemporaryDirectory() as scratch:
        limits = FenceLimits(timeout_s=60, at_once=1, slots_dir=Path(scratch) / "slots")
        inner = Path(scratch) / "read"
        inner.mkdir()
        # `speak` runs in an event loop, and the reading needs another one.
        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(lambda: asyncio.run(read_document(path, path.name, inner, limits)))
            document = reading.result().document
    for scene in write_storyboard(document, LENGTH_S, "en").scenes:
        for line in scene.narration:
            yield from sentences_of(line.text, "en")


def hear(folder: Path, whisper: str, film: Path | None) -> None:
    """Write what recognisers hear, and how it sounds."""
    from faster_whisper import WhisperModel
    from faster_whisper.audio import decode_audio
    from pocketsphinx import Decoder
    from speechmos import dnsmos

    model = WhisperModel(whisper, device="cpu", compute_type="int8", local_files_only=True) if whisper else None
    heard: dict[str, Any] = {way: {} for way in WAYS}
    if film:
        sound, size = decode_audio(str(film), sampling_rate=HEARD_HZ), PIECE_S * HEARD_HZ
        pieces = (sound[start : start + size] for start in range(0, len(sound) - size, size))
        heard["narration"] = [
            {name: float(value) for name, value in dnsmos.run(each, HEARD_HZ).items() if name.endswith("_mos")}
            for each in pieces
        ]
    for name, way in product(sorted(path.name for path in (folder / WAYS[0]).glob("*.wav")), WAYS):
        sound = decode_audio(str(folder / way / name), sampling_rate=HEARD_HZ)
        facts: dict[str, Any] = {"dnsmos": float(dnsmos.run(sound, HEARD_HZ)["ovrl_mos"])}
        decoder = Decoder(samprate=HEARD_HZ, loglevel="FATAL")
        decoder.start_utt()
        decoder.process_raw((sound * 32767).astype("int16").tobytes(), full_utt=True)
        decoder.end_utt()
        facts["pocketsphinx"] = decoder.hyp().hypstr if decoder.hyp() else ""
        if model:
            found, _ = model.transcribe(sound, language="en", beam_size=5, condition_on_previous_text=False)
            facts["whisper"] = " ".join(each.text.strip() for each in found)
        heard[way][name.removesuffix(".wav")] = facts
        # Each time, so that a run that is stopped has heard some sentences in all ways.
        (folder / "heard.json").write_text(json.dumps(heard, indent=1, ensure_ascii=False), encoding="utf-8")


def score(folder: Path) -> None:
    """Print word errors of each recogniser and way, what was misheard, and how it sounds."""
    sentences = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
    heard = json.loads((folder / "heard.json").read_text(encoding="utf-8"))
    sentences = sentences[: min(len(heard[way]) for way in WAYS)]
    results: dict[str, Any] = {"sentences": len(sentences)}
    print(f"{'':24}{'words':>8}{'errors':>8}{'rate':>8}")
    for recogniser, way in product(("whisper", "pocketsphinx"), WAYS):
        counts = [errors_of(each, heard[way][f"{at:03}"].get(recogniser)) for at, each in enumerate(sentences)]
        words, wrong = (sum(column) for column in zip(*counts, strict=True))
        if words:
            print(f"{recogniser + ' ' + way:24}{words:8}{wrong:8}{100 * wrong / words:7.1f}%")
            results[f"{recogniser}_{way}"] = round(wrong / words, 4)
    for at, sentence in enumerate(sentences):
        print_misheard(sentence, heard["film"][f"{at:03}"].get("whisper"))
    for way in WAYS:
        results[f"dnsmos_{way}"] = round(statistics.mean(each["dnsmos"] for each in heard[way].values()), 2)
    pieces = heard.get("narration", [])
    for name in pieces[0] if pieces else ():
        results[f"narration_{name}"] = round(statistics.mean(piece[name] for piece in pieces), 2)
    print(json.dumps(results))


def errors_of(sentence: dict[str, str], heard: str | None) -> tuple[int, int]:
    """Return the words of a sentence and its word errors; no words for one that no recogniser heard."""
    if heard is None:
        return 0, 0
    said = words_in(sentence["spoken"])
    return len(said), sum(max(map(len, both)) for both in differences(said, words_in(in_words(heard))))


def print_misheard(sentence: dict[str, str], heard: str | None) -> None:
    """Print what was heard of a sentence if it is not what was said."""
    errors = list(differences(words_in(sentence["spoken"]), words_in(in_words(heard)))) if heard else []
    if errors:
        print(f"\n  {sentence['written']}\n  {heard}")
        print("  " + "; ".join(f"{' '.join(one) or '–'} → {' '.join(other) or '–'}" for one, other in errors))


def in_words(text: str) -> str:
    """Return what a recogniser wrote, with its numbers and signs in words."""
    from callsheet.speech.speakable import speakable

    return speakable(text, "en").spoken


def words_in(text: str) -> list[str]:
    """Return small words of letters and digits, in one spelling."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", "").replace("’", ""))
    for british, either in SPELLINGS:
        words = [re.sub(british, either, word) for word in words]
    return words


def differences(said: Sequence[str], got: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Yield words that were said and what was heard for them. A word in two parts is the same word."""
    matcher = SequenceMatcher(None, said, got, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        one, other = said[start:end], got[other_start:other_end]
        if kind != "equal" and "".join(one) != "".join(other):
            yield one, other


if __name__ == "__main__":
    main()
