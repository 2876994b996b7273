"""Output of the commands: the result goes to standard output, messages to standard error."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.live import Live

# A person who sees nothing for longer thinks that the command hangs.
LONGEST_SILENCE_S = 2.5


class Eye(Console):
    """The console of standard error, which knows since when it is silent."""

    doing = ""
    """The command's present long work, in words; empty for its preparations."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.said_at_s = time.monotonic()
        self._moving = 0

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as the base class does."""
        super().print(*objects, **options)
        self.said_at_s = time.monotonic()

    def set_live(self, live: "Live") -> bool:
        """Begin a display that moves by itself; see the base class."""
        self._moving += 1
        return super().set_live(live)

    def clear_live(self) -> None:
        """End a display that moves by itself; see the base class."""
        self._moving -= 1
        super().clear_live()

    @contextmanager
    def never_silent(self) -> Iterator[None]:
        """Say every few seconds that the command works, unless something else prints or moves."""
        began_s, over = time.monotonic(), Event()
        self.doing = ""

        def watch() -> None:
            # Printers that know more about the work print after the same time: they come first.
            while not over.wait(0.05):
                now_s = time.monotonic()
                is_moving = self._moving and self.is_terminal
                if not is_moving and now_s - max(self.said_at_s, began_s) > LONGEST_SILENCE_S + 0.1:
                    words = f"{self.doing or 'working'}, {now_s - began_s:.0f} s so far"
                    self.print(f"…             {words}", markup=False, soft_wrap=True)

        watching = Thread(target=watch, name="signs of life", daemon=True)
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()


# Standard error: the progress of a run, hints and failures.
eye = Eye(stderr=True, highlight=False, emoji=False)

# A table in a pipe is as wide as it needs to be; a terminal says how wide it is.
PIPE_WIDTH = 200


def print_json(facts: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    typer.echo(json.dumps(facts, ensure_ascii=False))


def wide_console() -> Console:
    """Return standard output for tables: the terminal, or a console as wide as a table needs."""
    console = Console(highlight=False, emoji=False)
    return console if console.is_terminal else Console(highlight=False, emoji=False, width=PIPE_WIDTH)
