"""The frames in which things leave the fence: on one pipe, each of them an event or a file.

    kind (1 byte, E or F) · length of the name (1 byte) · length of the content (8 bytes, big-endian) · name · content

With the standard library alone: both sides of the fence read this file.
"""

import json
import os
import struct
from pathlib import Path
from typing import Any

HEADER = struct.Struct(">cBQ")
EVENT, FILE = b"E", b"F"
_CHUNK_BYTES = 1 << 20


class Outbox:
    """The inner end. The outer end checks everything: the untrusted code can write here, too."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def say(self, event: str, **facts: Any) -> None:
        """Send one event."""
        content = json.dumps({"event": event, **facts}).encode()
        self._write(HEADER.pack(EVENT, 0, len(content)) + content)

    def send(self, name: str, path: Path) -> None:
        """Send the content of `path` as the result `name`."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._write(HEADER.pack(FILE, len(name), size) + name.encode())
            while chunk := file.read(_CHUNK_BYTES):
                self._write(chunk)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
