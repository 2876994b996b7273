"""The service behind Edge's “read aloud”, over a real WebSocket: sound and times of words, by a script."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.speech_server import tone

TICKS_A_SECOND = 10_000_000
LEAD_S = 0.1


def mp3(wav: bytes) -> bytes:
    """The sound as the service sends it."""
    argv = ["ffmpeg", "-v", "error", "-i", "-", "-f", "mp3", "-b:a", "48k", "-ar", "24000", "-"]
    return subprocess.run(argv, input=wav, capture_output=True, check=True, timeout=30).stdout


class EdgeServer:
    """Answers by its reply: `good`, `half`, `forbidden`, `rate-limited`, `nothing`, `noise` or `nonsense`."""

    def __init__(self, reply: str = "good") -> None:
        self.reply = reply
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Speak, or fail as the script says."""
        if status := {"forbidden": 403, "rate-limited": 429}.get(self.reply):
            return web.Response(status=status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type == WSMsgType.TEXT and "Path:ssml" in message.data:
                self.asked.append(message.data)
                await self._speak(socket, message.data)
                break
        await socket.close()
        return socket

    async def _speak(self, socket: web.WebSocketResponse, asked: str) -> None:
        text = unescape(re.sub(r"<[^>]*>", "", asked.partition("\r\n\r\n")[2]))
        words = re.findall(r"\w+", text)
        if self.reply == "nonsense":
            await socket.send_str("Path:surprise\r\n\r\n{}")
            return
        sound = b"<html>no sound</html>" if self.reply == "noise" else mp3(tone(text))
        share = len(sound) // 2 if self.reply == "half" else len(sound)
        if self.reply != "nothing":
            header = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio\r\n"
            await socket.send_bytes(len(header).to_bytes(2, "big") + header + sound[:share])
        for number, word in enumerate(words[: len(words) // 2] if self.reply == "half" else words):
            await socket.send_str("Path:audio.metadata\r\n\r\n" + json.dumps({"Metadata": [self._time(number, word)]}))
        if self.reply != "half":
            await socket.send_str("Path:turn.end\r\n\r\n{}")

    def _time(self, number: int, word: str) -> dict[str, Any]:
        data = {
            "Offset": round((LEAD_S + 0.3 * number) * TICKS_A_SECOND),
            "Duration": round(0.25 * TICKS_A_SECOND),
            "text": {"Text": word, "Length": len(word), "BoundaryType": "WordBoundary"},
        }
        return {"Type": "WordBoundary", "Data": data}


@asynccontextmanager
async def edge_server(reply: str) -> AsyncIterator[EdgeServer]:
    """Yield a server on loopback."""
    server = EdgeServer(reply)
    app = web.Application()
    app.router.add_get("/", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url = f"ws://127.0.0.1:{port}/?Token=x"
    try:
        yield server
    finally:
        await runner.cleanup()
