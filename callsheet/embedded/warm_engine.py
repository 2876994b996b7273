"""The warm engine for flow runs and commands: a process that has imported everything, and forks once for each.

    python -m callsheet.embedded.warm_engine HOME

A fresh `python -m prefect.engine` imports for two to four seconds before a flow begins; a fork of this process begins
at once. The runner starts `callsheet.embedded.run_warm` for each flow run. That program passes its environment, working
directory and standard streams over the socket in HOME, waits, and exits as the run did. A command of the command line
does the same (`callsheet.cli.delegation`).

The engine forks from a single thread, before any event loop or connection exists. If an imported project file has
changed since, the run starts in a fresh interpreter instead: a run always uses the files on the disk.
"""

import ctypes
import gc
import importlib
import json
import logging
import os
import runpy
import selectors
import signal
import socket
import sys
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from callsheet.embedded.forked_command import become_command
from callsheet.embedded.process_tree import end_descendants
from callsheet.imports import lasting_imports
from callsheet.warm_start import PREFECT_ENGINE, SOCKET_NAME, as_answer, program, short_path

PREFECT_MODULES = (PREFECT_ENGINE, "prefect.flow_engine", "prefect.task_engine", "prefect.artifacts")
COMMAND_MODULES = ("callsheet.client", "callsheet.request_reader", "rich.live", "rich.table", "typer.main")
CHUNK_BYTES = 1 << 16
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class WarmEngine:
    """The main loop: each connection is a run; when one of the two ends, so does the other."""

    listener: socket.socket
    sources: dict[Path, int]
    """Project files that are imported here, with the time of their last change."""
    runs: dict[int, socket.socket] = field(default_factory=dict)
    selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)

    def serve(self) -> NoReturn:
        """Fork, watch and reap, for ever."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.selector.register(woken, selectors.EVENT_READ, lambda _: os.read(woken, 512))
        self.selector.register(self.listener, selectors.EVENT_READ, lambda _: self._begin())
        self.selector.register(0, selectors.EVENT_READ, lambda _: self._end_with_supervisor())
        while True:
            for key, _ in self.selector.select():
                key.data(key.fileobj)
            self._bury()

    def _end_with_supervisor(self) -> None:
        """End all runs and exit when standard input closes: the supervisor has ended."""
        if os.read(0, 1) == b"":
            end_descendants(os.getpid())
            os._exit(1)

    def _begin(self) -> None:
        connection, _ = self.listener.accept()
        order, streams = _received(connection)
        if order is None:
            connection.close()
        elif "command" in order:
            self._begin_command(order, streams, connection)
        else:
            self._begin_run(order, streams, connection)
        for stream in streams:
            os.close(stream)

    def _begin_run(self, order: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
        pid = os.fork()
        if pid == 0:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            self._take_place(order, streams)
            os._exit(_run_engine(is_current(self.sources)))
        self.runs[pid] = connection
        self.selector.register(connection, selectors.EVENT_READ, lambda peer: self._hear(pid, peer))

    def _begin_command(self, order: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
        """Fork a command twice: a command is no child, because it may stop or restart the server."""
        if not is_current(self.sources) or order["program"] != program():
            connection.send(as_answer(0))
        elif (pid := os.fork()) == 0:
            if os.fork() == 0:
                self._take_place(order, streams)
                become_command(order["command"], connection)
            os._exit(0)
        else:
            os.waitpid(pid, 0)
        connection.close()

    def _take_place(self, order: dict[str, Any], streams: list[int]) -> None:
        """Replace the process that asked; this runs in the fork."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for inherited in (self.listener, *self.runs.values()):
            inherited.close()
        for standard, stream in enumerate(streams):
            os.dup2(stream, standard)
            os.close(stream)
        os.environ.clear()
        os.environ.update(order["environment"])
        os.chdir(order["directory"])

    def _hear(self, pid: int, peer: socket.socket) -> None:
        """Pass on a signal, which is one byte; at the end of the connection, end the run.

        The end means that the run's program has gone. The processes that the run has started end with it, as a group.
        A supervisor of the fence has a separate group: it notices the end of the run, and cleans up after it.
        """
        if heard := peer.recv(1):
            os.kill(pid, heard[0])
            return
        self.selector.unregister(peer)
        with suppress(ProcessLookupError):  # the fork has not made its group yet
            os.killpg(pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        while self.runs:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            peer = self.runs.pop(pid)
            if peer in {key.fileobj for key in self.selector.get_map().values()}:
                self.selector.unregister(peer)
                peer.send(as_answer(os.waitstatus_to_exitcode(status)))
            peer.close()


def _received(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return an order, one line of JSON, and the three standard streams that come with it."""
    content, streams, _, _ = socket.recv_fds(connection, CHUNK_BYTES, 3)
    while content and not content.endswith(b"\n"):
        chunk = connection.recv(CHUNK_BYTES)
        content = content + chunk if chunk else b""
    if not content or len(streams) != 3:
        for stream in streams:
            os.close(stream)
        return None, []
    return json.loads(content), list(streams)


def imported_sources(project: Path) -> dict[Path, int]:
    """Return the files below `project` that this process has imported, with their last changes."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    below = {
        Path(file) for file in files if file and Path(file).is_relative_to(project) and "site-packages" not in file
    }
    return {path: path.stat().st_mtime_ns for path in below}


def is_current(sources: dict[Path, int]) -> bool:
    """Return whether none of them has changed."""
    return all(path.exists() and path.stat().st_mtime_ns == changed for path, changed in sources.items())


def _run_engine(is_warm: bool) -> int:
    """Return the engine's exit code; don't return if a fresh interpreter takes over."""
    if not is_warm:
        os.execv(sys.executable, [sys.executable, "-m", PREFECT_ENGINE])
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()
    sys.argv = [PREFECT_ENGINE]
    # The purpose of a warm engine is to run a module that is already imported.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="runpy")
    try:
        runpy.run_module(PREFECT_ENGINE, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        logging.shutdown()  # the last log lines of a run, which say how it ended, are still on their way to the server
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def main() -> NoReturn:
    """Import, listen, serve."""
    home, project = Path(sys.argv[1]), Path.cwd()
    with lasting_imports():
        for module in (*PREFECT_MODULES, *COMMAND_MODULES, *flow_modules(project)):
            _import(module)
        gc.collect()  # before it is shared
    WarmEngine(_listener(home), imported_sources(project)).serve()


def flow_modules(project: Path) -> list[str]:
    """Return the names of all flow files of a checkout as modules."""
    return [f"flows.{file.stem}" for file in sorted((project / "flows").glob("*.py")) if file.stem != "__init__"]


def _import(module: str) -> None:
    try:
        importlib.import_module(module)
    except (Exception, SystemExit):  # a broken flow fails in its own runs and must not keep the others cold
        sys.stderr.write(f"{module} can't be imported, so its runs start cold:\n{traceback.format_exc()}")


def _listener(home: Path) -> socket.socket:
    """Return a socket that only this user may use: every client decides what runs."""
    (home / SOCKET_NAME).unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    os.umask(0o077)
    listener.bind(short_path(home))
    os.umask(0o022)
    listener.listen()
    return listener


if __name__ == "__main__":
    main()
