"""A scene that tries to get out.

`canaries` reads it as text and runs it like the code of any other scene.

Each attempt is a function that raises if the fence holds. It prints each success as `ESCAPED <name>`. Then the scene
plays, because a fence in which nothing can be rendered is no use either. canary.json names the bait.
"""

import ctypes
import importlib
import json
import os
import signal
import socket
from functools import cache
from pathlib import Path
from typing import Any

from manim import Dot, FadeIn, Scene

CLONE_NEWUSER = 0x10000000


@cache
def bait() -> dict[str, Any]:
    """Return the bait that a scene finds if it gets out."""
    laid: dict[str, Any] = json.loads(Path("canary.json").read_text())
    return laid


def read_a_file_of_this_machine() -> None:
    """Raise if there is no file of that name."""
    Path(bait()["secret"]).read_text()


def write_a_file_of_this_machine() -> None:
    """Raise if its folder is not there, or can't be written."""
    Path(bait()["target"]).write_text("written by a canary")


def see_the_variables_of_the_worker() -> None:
    """Raise if there are only the variables of the fence."""
    if not (os.environ.keys() - bait()["variables"]):
        raise LookupError("none of them")


def connect_over_the_network() -> None:
    """Raise if no such socket may be made, or if the connection is refused."""
    socket.create_connection(("127.0.0.1", bait()["port"]), timeout=2).close()


def connect_over_an_abstract_socket() -> None:
    """Raise if this network is not that of the worker."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(bait()["abstract"])


def see_other_processes() -> None:
    """Raise if there is no table of them."""
    os.listdir("/proc")


def enter_a_namespace_of_its_own() -> None:
    """Raise if the kernel refuses; inside a namespace, more of the kernel could be reached."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def start_processes_without_end() -> None:
    """Raise if there is a limit below 200."""
    children: list[int] = []
    try:
        while len(children) < 200:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def use_the_packages_of_the_worker() -> None:
    """Raise if they can't be found."""
    importlib.import_module("prefect")


ATTEMPTS = (
    read_a_file_of_this_machine,
    write_a_file_of_this_machine,
    see_the_variables_of_the_worker,
    connect_over_the_network,
    connect_over_an_abstract_socket,
    see_other_processes,
    enter_a_namespace_of_its_own,
    start_processes_without_end,
    use_the_packages_of_the_worker,
)


class Canary(Scene):
    """Tries everything, then plays."""

    def construct(self) -> None:
        """Print what got out."""
        for attempt in ATTEMPTS:
            try:
                attempt()
            except Exception as held:
                print("held:", attempt.__name__, type(held).__name__, held)
            else:
                print("ESCAPED", attempt.__name__)
        self.play(FadeIn(Dot()), run_time=0.2)
