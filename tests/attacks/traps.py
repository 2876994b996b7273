"""What attack scenes reach for: secrets, files, sockets and a process, each of which shows when it was reached."""

import contextlib
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from callsheet.fence.mounts import NOBODY

SECRET = "CANARYSECRET"
SECRET_VARIABLE = "CANARYENV"
VICTIM = "canary-victim"
UNTOUCHED = "untouched"
# Where scenes try to leave something for those that come after them.
SHARED_PLACES = ("/tmp", "/dev/shm", "/var/tmp")
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9L9 0Z"/></svg>'


@dataclass
class Trap:
    """One scene's own set of them, in `folder`."""

    folder: Path
    victim: int
    listeners: dict[str, socket.socket] = field(default_factory=dict)
    persisted: str = field(default_factory=lambda: f"canary_{secrets.token_hex(6)}")
    abstract: str = field(default_factory=lambda: f"canary-{secrets.token_hex(6)}")

    @classmethod
    @contextlib.contextmanager
    def laid(cls, folder: Path, victim: int) -> Iterator["Trap"]:
        """A trap inside the block; `victim` is the number of a process that may not be touched."""
        folder.mkdir(mode=0o755)
        trap = cls(folder, victim)
        trap._write_files()
        trap._listen()
        try:
            yield trap
        finally:
            for listener in trap.listeners.values():
                listener.close()

    def baited(self, source: str) -> str:
        """The scene's source with the places of this trap."""
        names = {
            "@CANARY@": str(self.folder),
            "@TCP_PORT@": str(self.listeners["tcp"].getsockname()[1]),
            "@UDP_PORT@": str(self.listeners["udp"].getsockname()[1]),
            "@ABSTRACT@": self.abstract,
            "@PERSISTED@": self.persisted,
            "@VICTIM@": str(self.victim),
        }
        for name, value in names.items():
            source = source.replace(name, value)
        return source

    def sprung(self, log: str) -> list[str]:
        """What was reached, as far as the scene's log and this machine show it."""
        said = [word for word in (SECRET, SECRET_VARIABLE, "PWNED") if word in log]
        reached = [f"connection over {name}" for name, listener in self.listeners.items() if _was_reached(listener)]
        return said + reached + self._changed() + self._left()

    def _write_files(self) -> None:
        home, outside = self.folder / "home", self.folder / "outside"
        (home / ".prefect").mkdir(parents=True)
        outside.mkdir()
        (home / ".prefect/profiles.toml").write_text(f"PREFECT_API_KEY = '{SECRET}'\n")
        (home / "secret.svg").write_text(SVG)
        for name in ("target.txt", "job2_Main.mp4"):
            (outside / name).write_text(UNTOUCHED)
            (outside / name).chmod(0o666)
        outside.chmod(0o777)

    def _listen(self) -> None:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        self.listeners = {"tcp": tcp, "udp": udp}
        for name, address in (("a socket file", str(self.folder / "ctl.sock")), ("abstract", f"\0{self.abstract}")):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(address)
            listener.listen()
            self.listeners[name] = listener
        (self.folder / "ctl.sock").chmod(0o777)

    def _changed(self) -> list[str]:
        outside = self.folder / "outside"
        expected = {"target.txt": UNTOUCHED, "job2_Main.mp4": UNTOUCHED}
        found = {path.name: path.read_text(errors="replace") for path in outside.iterdir()}
        return [f"outside/{name} was written" for name in found if found.get(name) != expected.get(name)]

    def _left(self) -> list[str]:
        return [f"{path} was left" for place in SHARED_PLACES if (path := Path(place, self.persisted)).exists()]


def _was_reached(listener: socket.socket) -> bool:
    listener.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        if listener.type == socket.SOCK_STREAM:
            listener.accept()[0].close()
        else:
            listener.recv(1)
        return True
    return False


@contextlib.contextmanager
def victim() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same machine, with a secret in its environment, of the user as whom scenes run."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen(
        [VICTIM, "900"], executable="/bin/sleep", env={"CANARY_TOKEN": SECRET_VARIABLE}, cwd="/", **user
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
