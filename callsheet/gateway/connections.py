"""Connections to the front door: one that never sends a whole request does not stay."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN_S = 10.0
"""For the request line and the headers. A slow telephone sends 2 kB of them in a second."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 with a time limit for the head of each request (slow loris).

    uvicorn limits only how long a connection may stay silent between two requests.
    """

    _waits_for_head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._limit_head()

    def data_received(self, data: bytes) -> None:
        """Take what arrives. The time counts from the first byte of a head, however slowly the rest of it comes."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_limit()
        elif self._waits_for_head is None:
            self._limit_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time limit."""
        self._stop_limit()
        super().connection_lost(exc)

    def _limit_head(self) -> None:
        self._waits_for_head = self.loop.call_later(HEAD_WITHIN_S, self._end_without_head)

    def _stop_limit(self) -> None:
        if self._waits_for_head is not None:
            self._waits_for_head.cancel()
            self._waits_for_head = None

    def _end_without_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
