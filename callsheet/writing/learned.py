"""Facts about servers of language models, found out by asking, and kept for a day.

Each run has a separate process: without this memory, each process would ask the wrong question once more. A file holds
neither the address nor the key. Its name is a digest of the address, without its secret parts, and of the model.
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
"""A fact holds so long: the operator may give the server another model, or more room."""
_here: dict[str, Learned] = {}
"""The facts that this process has learned, or read, by server."""


class Learned(Value):
    """The facts about one model on one server."""

    at: float = 0.0
    """When it was learned last, in seconds since 1970."""
    changes: tuple[Change, ...] = ()
    """The changes that every question needs."""
    window: int | None = Field(None, gt=0)
    """How many tokens are read at most, question and answer together."""

    @property
    def is_fresh(self) -> bool:
        """Return whether it still holds."""
        return 0 <= time.time() - self.at < KEPT_FOR_S

    def with_change(self, change: Change) -> Learned:
        """Return the same with one more change, in place of an earlier one of its kind."""
        kept = (each for each in self.changes if each.form is not change.form or change.form is Form.LEAVE_OUT)
        return self.model_copy(update={"changes": (*kept, change)})


@dataclass(frozen=True)
class Server:
    """A model at an address, and the folder that keeps the facts about it.

    Without a folder (None), this process alone keeps them.
    """

    address: str
    model: str
    folder: Path | None = None

    def learned(self) -> Learned:
        """Return the present facts."""
        known = _here.get(self._name)
        if known is None and self.folder is not None:
            with suppress(OSError, ValidationError):
                known = Learned.model_validate_json(self._file(self.folder).read_bytes())
        return known if known and known.is_fresh else Learned()

    def learn(self, learned: Learned) -> None:
        """Keep it. If it can't be written, the next process finds it out again."""
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
