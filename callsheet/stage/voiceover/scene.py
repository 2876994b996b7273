"""The scene and the tracker that scene code knows from manim-voiceover."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from manim import Scene, config

from callsheet.model.film.scenes import SOURCE_FILE
from callsheet.model.film.voiceover import BookmarkedText, VoiceoverTimes, estimated_times, marked_text, words_of_ssml
from callsheet.stage.configure import StageWriter
from callsheet.stage.voiceover.prompter import Prompter


class SpeechService:
    """A speech service of scene code. It takes any settings and never speaks: a voice of Callsheet does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.settings = kwargs
        self.global_speed = kwargs.get("global_speed", 1.0)

    def set_transcription(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: Callsheet's voices tell the times of their words."""


class VoiceoverTracker:
    """A voiceover that is being heard: how long it lasts, and when its bookmarks come. Times are seconds."""

    def __init__(self, scene: Scene, times: VoiceoverTimes, marked: BookmarkedText) -> None:
        self.scene = scene
        self.duration = times.duration_s
        self.start_t = _now(scene)
        self.end_t = self.start_t + self.duration
        self.bookmark_times = {mark: self.start_t + times.second_of(place) for mark, place in marked.marks.items()}

    def get_remaining_duration(self, buff: float = 0.0) -> float:
        """Return how long it is still heard, and `buff` seconds more."""
        return max(self.end_t + buff - _now(self.scene), 0.0)

    def time_until_bookmark(self, mark: str, buff: float = 0.0, limit: float | None = None) -> float:
        """Return how long it is until a bookmark, and `buff` seconds more; at most `limit`."""
        if mark not in self.bookmark_times:
            there = ", ".join(self.bookmark_times) or "none"
            raise ValueError(f"there is no <bookmark mark='{mark}'/> in what is being said; its bookmarks: {there}")
        left = max(self.bookmark_times[mark] + buff - _now(self.scene), 0.0)
        return left if limit is None else min(left, limit)


class VoiceoverScene(Scene):
    """A scene that speaks."""

    prompter: ClassVar[Prompter] = Prompter(None)
    """Of the scene that this process plays."""
    speech_service: Any = None
    current_tracker: VoiceoverTracker | None = None

    def set_speech_service(self, speech_service: Any, create_subcaption: bool = True, **options: Any) -> None:
        """Take note of the service. Callsheet's captions are there in any case."""
        self.speech_service = speech_service
        told = getattr(speech_service, "__dict__", {})
        given = told.get("settings")
        self.prompter.use_service(type(speech_service).__name__, {**told, **(given if isinstance(given, dict) else {})})

    def add_voiceover_text(self, text: str, subcaption: str | None = None, **options: Any) -> VoiceoverTracker:
        """Begin to say `text`, after what is being said."""
        self.wait_for_voiceover()
        marked = marked_text(str(text))
        if self._is_heard and marked.text:
            times = self.prompter.say(marked.text, _line(), self._frame)
        else:
            times = estimated_times(marked.text)
        self.current_tracker = VoiceoverTracker(self, times, marked)
        return self.current_tracker

    def add_voiceover_ssml(self, ssml: str, **options: Any) -> VoiceoverTracker:
        """Begin to say the words of an SSML document."""
        return self.add_voiceover_text(words_of_ssml(ssml), **options)

    @contextmanager
    def voiceover(self, text: str | None = None, ssml: str | None = None, **options: Any) -> Iterator[VoiceoverTracker]:
        """Say `text` while the block plays, and wait until it is said."""
        if text is None and ssml is None:
            raise ValueError("voiceover needs a text: self.voiceover(text=…)")
        yield self.add_voiceover_text(text, **options) if text is not None else self.add_voiceover_ssml(str(ssml))
        self.wait_for_voiceover()

    def wait_for_voiceover(self) -> None:
        """Wait until what is being said is over."""
        if self.current_tracker is not None:
            self.safe_wait(self.current_tracker.get_remaining_duration())

    def wait_until_bookmark(self, mark: str) -> None:
        """Wait until a bookmark of what is being said."""
        if self.current_tracker is None:
            raise ValueError(
                f"nothing is said yet, so there is no bookmark {mark!r}; put it into self.voiceover(text=…)"
            )
        self.safe_wait(self.current_tracker.time_until_bookmark(mark))

    def safe_wait(self, duration: float) -> None:
        """Wait, unless it is for less than a frame."""
        if duration > 1 / config["frame_rate"]:
            self.wait(duration)

    def add_wrapped_subcaption(self, *args: Any, **options: Any) -> None:
        """Do nothing: Callsheet's captions follow what is heard."""

    def tear_down(self) -> None:
        """Wait for the last words: a scene does not end before them."""
        self.wait_for_voiceover()
        super().tear_down()

    @property
    def _is_heard(self) -> bool:
        renderer: Any = self.renderer
        return not renderer.skip_animations

    @property
    def _frame(self) -> int:
        renderer: Any = self.renderer
        writer = renderer.file_writer
        return writer.frames if isinstance(writer, StageWriter) else 0


def _now(scene: Scene) -> float:
    renderer: Any = scene.renderer
    return float(renderer.time or 0.0)


def _line() -> int:
    """Return the innermost line of the scene's own source in the current calls; 0 if there is none."""
    source = str(Path(SOURCE_FILE).resolve())
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename != source:
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_lineno if frame is not None else 0
