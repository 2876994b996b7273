"""The intake of what leaves the fence.

It believes none of it: it checks names, sizes, types and amounts on the way.

Files get names that the job asked for, at most once each. They are created new (O_EXCL), as plain files in the scratch
folder: no link, device, hole or odd name of the other side can exist here. Standard library alone.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from callsheet.fence.protocol import EVENT, FILE, HEADER

MAX_EVENT_BYTES = 1 << 20
MAX_EVENTS_BYTES = 16 << 20
MAX_EVENTS = 100_000


class FileRefused(Exception):
    """Something that may not pass; the message continues a sentence that begins with “it”."""


@dataclass(frozen=True)
class FileRule:
    """What a result must be: at most this large, and with these bytes at this place."""

    max_bytes: int
    magic_offset: int
    magic: bytes


@dataclass
class _Incoming:
    name: str
    descriptor: int
    missing: int


@dataclass
class Intake:
    """The outer end of the pipe.

    `folder` is an open descriptor of the folder that takes the files.
    """

    folder: int
    rules: dict[str, FileRule]
    on_event: Callable[[dict[str, Any]], None]
    files: list[str] = field(default_factory=list)
    _buffer: bytearray = field(default_factory=bytearray)
    _incoming: _Incoming | None = None
    _events: int = 0
    _events_bytes: int = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes, in pieces of any size. Raises Refused."""
        self._buffer += data
        while self._buffer and self._step():
            pass

    def finish(self) -> None:
        """End the intake when the pipe ends. Raises Refused in the middle of a message or a file."""
        incoming, self._incoming = self._incoming, None
        if incoming is not None:
            os.close(incoming.descriptor)
            raise FileRefused(f"ended in the middle of its {incoming.name}")
        if self._buffer:
            raise FileRefused("ended in the middle of a message")

    def _step(self) -> bool:
        """Take one step from the buffer, and return whether there was one."""
        if self._incoming is not None:
            return self._go_on(self._incoming)
        if len(self._buffer) < HEADER.size:
            return False
        kind, name_length, length = HEADER.unpack_from(self._buffer)
        if kind == EVENT and name_length == 0:
            return self._take_event(length)
        if kind == FILE:
            return self._begin_file(name_length, length)
        raise FileRefused("sent something that is neither an event nor a file")

    def _take_event(self, length: int) -> bool:
        if length > MAX_EVENT_BYTES or self._events >= MAX_EVENTS or self._events_bytes + length > MAX_EVENTS_BYTES:
            raise FileRefused("sent more events than are allowed")
        end = HEADER.size + length
        if len(self._buffer) < end:
            return False
        content = bytes(self._buffer[HEADER.size : end])
        del self._buffer[:end]
        self._events += 1
        self._events_bytes += length
        self.on_event(_parsed(content))
        return True

    def _begin_file(self, name_length: int, length: int) -> bool:
        end = HEADER.size + name_length
        if len(self._buffer) < end:
            return False
        name = bytes(self._buffer[HEADER.size : end]).decode("ascii", "replace")
        del self._buffer[:end]
        if name not in self.rules or name in self.files:
            raise FileRefused(f"sent a file that the job did not ask for ({name!a})")
        if length > self.rules[name].max_bytes:
            raise FileRefused(f"made a {name} of more than {self.rules[name].max_bytes >> 20} MB")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(name, flags, 0o644, dir_fd=self.folder)
        self._incoming = _Incoming(name, descriptor, length)
        return self._end_file(self._incoming) if length == 0 else True

    def _go_on(self, incoming: _Incoming) -> bool:
        with memoryview(self._buffer) as view:
            written = os.write(incoming.descriptor, view[: incoming.missing])
        del self._buffer[:written]
        incoming.missing -= written
        return self._end_file(incoming) if incoming.missing == 0 else True

    def _end_file(self, incoming: _Incoming) -> bool:
        self._incoming = None
        rule = self.rules[incoming.name]
        found = os.pread(incoming.descriptor, len(rule.magic), rule.magic_offset)
        os.close(incoming.descriptor)
        if found != rule.magic:
            raise FileRefused(f"made a {incoming.name} that is no such file inside")
        self.files.append(incoming.name)
        return True


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        event = json.loads(content)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise FileRefused("sent an event that can't be read")
    return event
