"""S3 over real HTTP on loopback: a whole server, and one that only ever says one thing."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from moto.server import ThreadedMotoServer
from prefect_aws import AwsCredentials, S3Bucket
from prefect_aws.client_parameters import AwsClientParameters

from tests.pace import POLL_S


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of an S3 server that keeps objects for as long as the block runs."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def new_bucket(address: str, folder: str = "") -> S3Bucket:
    """A block for a separate, empty bucket."""
    block = bucket_block(address, f"films-{secrets.token_hex(6)}", folder)
    block.credentials.get_client("s3").create_bucket(Bucket=block.bucket_name)
    return block


def bucket_block(address: str, name: str, folder: str = "") -> S3Bucket:
    """The block a user would make for a bucket of a server at `address`."""
    credentials = AwsCredentials(
        aws_access_key_id="callsheet",
        aws_secret_access_key="secret",
        region_name="us-east-1",
        aws_client_parameters=AwsClientParameters(endpoint_url=address),
    )
    return S3Bucket(bucket_name=name, bucket_folder=folder, credentials=credentials)


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. Fewer bytes than `claimed_bytes` are sent where a connection is to break in the middle.

    With `after`, it is given when that has happened, or when ten seconds are over.
    """

    status: int
    body: bytes = b""
    retry_after: str = ""
    claimed_bytes: int | None = None
    after: Event | None = None


def s3_error(status: int, code: str, retry_after: str = "") -> Answer:
    """An error as S3 words it."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>As asked for</Message></Error>"
    return Answer(status, body.encode(), retry_after)


@contextmanager
def answering(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that gives these answers in turn, the last to all that follows, and what it was asked."""
    requests: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answers, requests))
    thread = Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", requests
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def without_checksums(refusal: Answer) -> Iterator[tuple[str, dict[str, bytes]]]:
    """The address of a server that refuses S3's newer checksums in this way, and what it keeps, by its path."""
    kept: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_without_checksums(refusal, kept))
    thread = Thread(target=server.serve_forever, args=(POLL_S,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler_without_checksums(refusal: Answer, kept: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if _has_checksum(self.headers):
                return self._send(refusal.status, refusal.body)
            if sha256(content).hexdigest() != self.headers.get("x-amz-content-sha256"):
                return self._send(400, s3_error(400, "XAmzContentSHA256Mismatch").body)
            kept[self.path] = content
            return self._send(200, b"")

        def do_GET(self) -> None:
            self._send(200, kept[self.path]) if self.path in kept else self._send(404, s3_error(404, "NoSuchKey").body)

        do_HEAD = do_GET  # noqa: N815  # the name is that of Python's library

        def _send(self, status: int, content: bytes) -> None:
            self.close_connection = True
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    return Handler


def _has_checksum(headers: Message) -> bool:
    is_named = any(name.lower().startswith(("x-amz-checksum", "x-amz-sdk", "x-amz-trailer")) for name in headers)
    return is_named or "aws-chunked" in headers.get("Content-Encoding", "")


def _handler(answers: Sequence[Answer], requests: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # An upload waits for “100 Continue”, which only this version says.

        def _answer(self) -> None:
            self.close_connection = True
            answer = answers[min(len(requests), len(answers) - 1)]
            requests.append(f"{self.command} {self.path}")
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if answer.after is not None:
                answer.after.wait(10)
            self.send_response(answer.status)
            length = len(answer.body) if answer.claimed_bytes is None else answer.claimed_bytes
            self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")  # else a client may send its next request while this one is closed
            if answer.retry_after:
                self.send_header("Retry-After", answer.retry_after)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def log_message(self, *arguments: object) -> None:
            """Nothing: the requests are kept in a list."""

    return Handler
