"""The protocol of a provider of speech."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from callsheet.model.film.narration import Lexicon, Voice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class SpokenWord:
    """When one word of the speakable text is heard."""

    begins_at: int
    ends_at: int
    """Offsets in the speakable text."""
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Speech:
    """Sound of one sentence, as a provider returns it."""

    samples: "NDArray[np.float32]"
    """Mono; full scale is 1."""
    sample_rate_hz: int
    words: tuple[SpokenWord, ...] = ()
    """In the order of the text; empty if the provider tells no times."""
    is_exact: bool = False
    """Whether the times are the voice's own; else they are estimated inside of clauses."""


class SpeechProvider(Protocol):
    """Speaks with its voices. No call waits for a turn or tries again."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""

    def digest(self, voice: Voice) -> str:
        """Return what tells its sound from that of another version: of model and voice."""

    async def speak(self, spoken: str, voice: Voice, speed: float, lexicon: Lexicon, folder: Path) -> Speech:
        """Speak one sentence of speakable text. Working files go into `folder`.

        Raises:
            SetupIncomplete: a program or a model of this machine is missing or damaged.
            ProviderRefused, QuotaExhausted, RateLimited, ProviderUnavailable, ProviderTimeout: as the service answers.
            MediaUnfit: what came is no sound.
        """
