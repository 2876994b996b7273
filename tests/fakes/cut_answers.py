"""Answers over real HTTP that may break off in the middle, for the services that follow a script."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler


class CutAnswers(BaseHTTPRequestHandler):
    """Prints nothing, not even about clients that give up, as they should in these tests."""

    protocol_version = "HTTP/1.1"

    def send(self, status: int, headers: Mapping[str, str], body: bytes, *, is_cut: bool) -> None:
        """Send an answer; if it is cut, half of its body, and close the connection."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        if is_cut:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True

    def handle(self) -> None:
        """Serve until the client has gone."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""
