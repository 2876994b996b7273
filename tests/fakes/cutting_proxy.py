"""A TCP proxy on loopback that cuts its connections when it is told to, loses an answer, or passes no websockets."""

import asyncio
from contextlib import asynccontextmanager, suppress

CHUNK_BYTES = 1 << 16
PASSED, REFUSED, IGNORED = "passed", "refused", "ignored"
"""What becomes of requests for a websocket."""


class CuttingProxy:
    """Passes bytes both ways between its clients and the port behind it."""

    def __init__(self, port_behind, upgrades=PASSED, loses_answer_to=None):
        self._port_behind = port_behind
        self._upgrades = upgrades
        self._loses_answer_to = loses_answer_to
        self._is_losing = False
        self.lost = 0
        self._open = set()
        self._is_closed = False
        self.cuts = 0

    @property
    def port(self):
        """Where it listens."""
        return self._server.sockets[0].getsockname()[1]

    async def cut(self, away_s):
        """Break every connection at once, and refuse new ones for a while."""
        self.cuts += 1
        self._is_closed = True
        self._break_all()
        await asyncio.sleep(away_s)
        self._is_closed = False

    async def start(self):
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self):
        """Stop listening, and end what is open."""
        self._server.close()
        self._break_all()

    def _break_all(self):
        for writer in list(self._open):
            writer.transport.abort()

    async def _accept(self, reader, writer):
        if self._is_closed:
            writer.transport.abort()
            return
        first = await reader.read(CHUNK_BYTES)
        if self._upgrades != PASSED and b"upgrade: websocket" in first.lower():
            await self._refuse(writer)
            return
        reader_behind, writer_behind = await asyncio.open_connection("127.0.0.1", self._port_behind)
        pair = {writer, writer_behind}
        self._open |= pair
        writer_behind.write(first)
        await asyncio.gather(self._pass(reader, writer_behind), self._pass(reader_behind, writer, answers=True))
        self._open -= pair

    async def _refuse(self, writer):
        """Answer as proxies do that know no websockets, or never."""
        self._open.add(writer)
        if self._upgrades == REFUSED:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

    async def _pass(self, reader, writer, answers=False):
        with suppress(ConnectionError):
            while data := await reader.read(CHUNK_BYTES):
                if answers and self._is_losing:
                    self._is_losing = False
                    self.lost += 1
                    writer.transport.abort()
                elif not answers and not self.lost and self._loses_answer_to and self._loses_answer_to in data:
                    self._is_losing = True
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def cutting_proxy(port_behind, upgrades=PASSED, loses_answer_to=None):
    """One for the length of a block. It loses the answer to the first request with these bytes."""
    proxy = CuttingProxy(port_behind, upgrades, loses_answer_to)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
