"""The files in flows/, each imported separately: the flows of one, or in one sentence why it can't be used."""

import contextlib
import importlib
import inspect
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from prefect.client.schemas.schedules import CronSchedule
from prefect.flows import Flow
from prefect.utilities.callables import parameter_schema
from pydantic import ValidationError

from callsheet.model.deployed import BrokenFlow, Deployed, declaration_of
from callsheet.model.problems import sentence_of
from callsheet.settings import Settings


@dataclass(frozen=True)
class FoundFlow:
    """A flow in a file of flows/."""

    flow: Flow[Any, Any]
    entrypoint: str
    declared: Deployed | None

    @property
    def module(self) -> str:
        """Return the name by which the file is imported."""
        return self.entrypoint.rpartition(".")[0]

    @property
    def line(self) -> int:
        """Return the line at which it begins in its file."""
        return int(inspect.unwrap(self.flow.fn).__code__.co_firstlineno)

    def broken(self, reason: str) -> BrokenFlow:
        """Return why it can't be deployed."""
        return BrokenFlow(file=file_of(self.module), line=self.line, reason=reason)


def file_of(module: str) -> str:
    """Return the path of a module: `flows.video` is in flows/video.py."""
    return f"{module.replace('.', '/')}.py"


def flows_in(module: str) -> list[FoundFlow] | BrokenFlow:
    """Return the flows that a file defines, without those that it imports."""
    if not module.rpartition(".")[2].isidentifier():
        return BrokenFlow(
            file=file_of(module), reason="its name can't be imported; use letters, digits and underscores"
        )
    try:
        with contextlib.redirect_stdout(sys.stderr):  # output of the file is not part of this program's output
            imported = importlib.import_module(module)
    except (Exception, SystemExit) as error:  # a user's file may raise anything
        file = file_of(module)
        return BrokenFlow(file=file, line=_line_in(file, error), reason=_sentence(error))
    misplaced = _misplaced(imported)
    return misplaced or _own_flows(imported)


def is_used(module: str, others: Iterable[str]) -> bool:
    """Return whether another flow file imports from it: then it needs no deployed flow."""
    imported = [vars(sys.modules[other]).values() for other in others if other != module and other in sys.modules]
    of_module = (getattr(value, "__module__", getattr(value, "__name__", "")) for names in imported for value in names)
    return module in of_module


def fault_of(found: FoundFlow) -> BrokenFlow | None:
    """Return why the server would refuse it; None if it is right."""
    try:
        parameter_schema(found.flow)
        if found.declared and found.declared.cron:
            CronSchedule(cron=found.declared.cron, timezone=found.declared.timezone)
    except Exception as error:  # of pydantic, of unresolvable annotations, of anything that they refer to
        return found.broken(_sentence(error))
    needed = found.declared.schedule_needs if found.declared else ""
    if needed and needed not in Settings.model_fields:
        return found.broken(f"schedule_needs: there is no setting {needed}; docs/operations.md lists the settings")
    return None


def _own_flows(module: ModuleType) -> list[FoundFlow]:
    own = {
        id(value): (name, value)
        for name, value in reversed(vars(module).items())
        if isinstance(value, Flow) and value.fn.__module__ == module.__name__
    }
    found = [FoundFlow(flow, f"{module.__name__}.{name}", declaration_of(flow)) for name, flow in own.values()]
    return sorted(found, key=lambda each: each.line)


def _misplaced(module: ModuleType) -> BrokenFlow | None:
    """Return why the declaration on something that is no flow is wrong."""
    for value in vars(module).values():
        is_own = inspect.isfunction(value) and value.__module__ == module.__name__
        if is_own and declaration_of(value) is not None and not isinstance(value, Flow):
            reason = f"`@deployed` is on {value.__name__}, which is no flow; put `@flow` right below it"
            return BrokenFlow(file=file_of(module.__name__), line=value.__code__.co_firstlineno, reason=reason)
    return None


def _line_in(file: str, error: BaseException) -> int | None:
    """Return the file's last line that led to the error; for a syntax error, the wrong line."""
    if isinstance(error, SyntaxError) and (error.filename or "").endswith(file):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename.endswith(file)), None)


def _sentence(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        return sentence_of(error)
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return " ".join(f"{type(error).__name__}: {said}".split()).removesuffix(":")
