"""Modules of this package under the names that they had before, for stored results and for people's own code.

A stored result names the module of each of its values. Without this table a result of an earlier version, also one
that was paid for, could not be read.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

_PACKAGE = "callsheet.model"
FORMER_MODULES = {
    "approval": "run.approval",
    "attempts": "run.attempts",
    "backfill": "run.backfill",
    "backfill_report": "run.backfill_report",
    "budget": "run.budget",
    "captions": "film.captions",
    "content.figures": "content.diagrams",
    "content.showing": "content.code_and_media",
    "content.words": "content.text",
    "cost": "run.cost",
    "estimate": "run.estimate",
    "films": "run.runs",
    "footage_orders": "footage.orders",
    "history": "run.history",
    "history_tables": "run.history_tables",
    "image_requests": "requests.pictures",
    "language": "film.language",
    "look": "film.look",
    "manifest": "run.manifest",
    "media": "film.media",
    "picture_words": "footage.picture_words",
    "profile": "film.profile",
    "progress": "run.progress",
    "proposal": "run.proposal",
    "queueing": "run.queue",
    "recovery": "run.recovery",
    "rehearsal": "film.rehearsal",
    "runs": "run.runs",
    "scenes": "film.scenes",
    "run.films": "run.runs",
    "sound": "film.sound",
    "state_names": "run.state_names",
    "storable": "film.storable",
    "timeline": "film.timeline",
    "waiting": "run.waiting",
    "webhooks": "run.webhooks",
    "writing": "run.writing",
}
"""The present name by the former one, both below `callsheet.model`. `requests` and `footage` are packages now that hold
the contents of the former modules."""


class FormerModules(MetaPathFinder, Loader):
    """Imports a module that has moved under its former name: it is the same module object."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return a spec if `fullname` is a former name."""
        is_former = fullname.removeprefix(f"{_PACKAGE}.") in FORMER_MODULES
        return spec_from_loader(fullname, self) if is_former else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the present module in the place of `module`.

        The import system uses the module in that place.
        """
        present = FORMER_MODULES[module.__name__.removeprefix(f"{_PACKAGE}.")]
        sys.modules[module.__name__] = import_module(f"{_PACKAGE}.{present}")
