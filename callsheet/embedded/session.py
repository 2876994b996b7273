"""An embedded server for the length of one command, and whether another server is to be used instead."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from callsheet.embedded.process import start_piped
from callsheet.embedded.services import as_environment
from callsheet.embedded.state import RunningServices, counted_as_user, has_users, running
from callsheet.embedded.supervisor import project_dir
from callsheet.errors import SetupIncomplete
from callsheet.settings import Settings


@contextmanager
def started(settings: Settings, say: Callable[[str], None] = lambda line: None) -> Iterator[RunningServices]:
    """The embedded server of this home: the one that runs, or one that is started here and stopped afterwards.

    It is a process of its own, so that Ctrl-C does not reach it, and it ends when this process does, however that ends.
    While another command uses it too, it stays until that one is done.

    Raises:
        SetupIncomplete: it can't be started; the message says why.
    """
    with counted_as_user(settings):
        services = running(settings)
        if services:
            yield services
            return
    with _supervisor(settings) as lines, counted_as_user(settings):
        yield _ready(lines, say)


@contextmanager
def _supervisor(settings: Settings) -> Iterator[Iterable[str]]:
    environment = as_environment(settings.model_copy(update={"home": settings.home.resolve()}))
    process = start_piped((sys.executable, "-m", "callsheet.embedded"), environment, project_dir())
    assert process.stdin
    assert process.stdout
    try:
        yield process.stdout
    finally:
        process.stdin.close()
        if not has_users(settings):  # somebody else still works with it, and it ends after them
            process.wait()


def _ready(lines: Iterable[str], say: Callable[[str], None]) -> RunningServices:
    for line in lines:
        match json.loads(line):
            case {"say": str(sentence)}:
                say(sentence)
            case {"ready": facts}:
                return RunningServices.model_validate(facts)
            case {"failed": str(reason), "log_tail": str(log_tail)}:
                raise SetupIncomplete(f"{reason}\n{log_tail}".strip())
    raise SetupIncomplete("The embedded server ended before it was ready.")
