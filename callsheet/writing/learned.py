"""What servers of language models want of a question, found out by asking, and kept for a day.

Each run has a process of its own: without this, each would ask the wrong question once more. A file holds neither the
address nor the key: it is named by a digest of the address, without what may be secret in it, and of the model.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from callsheet.disk import whole_file
from callsheet.model.values import Value
from callsheet.writing.adaptation import Change, Form

KEPT_FOR_S = 86_400
"""So long what was learned holds: somebody may give the server another model, or more room."""
_here: dict[str, Learned] = {}
"""By server: what this process has learned, or read."""


class Learned(Value):
    """What is known of one model on one server."""

    at: float = 0.0
    """When it was learned last, in seconds since 1970."""
    changes: tuple[Change, ...] = ()
    """What is to be changed of every question."""
    window: int | None = Field(None, gt=0)
    """How many tokens are read at most, question and answer together."""

    @property
    def is_fresh(self) -> bool:
        """Whether it still holds."""
        return 0 <= time.time() - self.at < KEPT_FOR_S

    def with_change(self, change: Change) -> Learned:
        """The same with one more change, in the place of an earlier one of its kind."""
        kept = (each for each in self.changes if each.form is not change.form or change.form is Form.LEAVE_OUT)
        return self.model_copy(update={"changes": (*kept, change)})


@dataclass(frozen=True)
class Server:
    """A model at an address, and the folder in which it is kept what is known of it; None: this process alone."""

    address: str
    model: str
    folder: Path | None = None

    def learned(self) -> Learned:
        """What is known now."""
        known = _here.get(self._name)
        if known is None and self.folder is not None:
            with suppress(OSError, ValidationError):
                known = Learned.model_validate_json(self._file(self.folder).read_bytes())
        return known if known and known.is_fresh else Learned()

    def learn(self, learned: Learned) -> None:
        """Keep it. Where that can't be written, the next process finds it out again."""
        _here[self._name] = kept = learned.model_copy(update={"at": time.time()})
        if self.folder is not None:
            with suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                with whole_file(self._file(self.folder)) as part:
                    part.write_text(kept.model_dump_json(), encoding="utf-8")

    def _file(self, folder: Path) -> Path:
        return folder / f"{self._name}.json"

    @property
    def _name(self) -> str:
        parts = urlsplit(self.address)
        return sha256(f"{parts.hostname}:{parts.port}{parts.path} {self.model}".encode()).hexdigest()[:32]
