"""Somebody else's machine: a real server on this one, which answers as it is told and keeps what it was sent."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """body: sent with its length; raw: sent instead of everything, as it is; every: seconds before each byte of raw."""

    status: int = 204
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    every: float = 0


@dataclass(frozen=True)
class Received:
    """Header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Listener:
    """`reply` says what it answers to each; `waiting` holds every answer back until it is set.

    most_at_once: the most requests that were here and not answered at one time. connections: all that were made.
    """

    port: int
    reply: Callable[[Received], Reply]
    received: list[Received] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)
    most_at_once: int = 0
    connections: list[socket.socket] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/moves?from=portal"


def _dripping(answer: Reply) -> Iterator[bytes]:
    raw, never = answer.raw or b"", threading.Event()
    if not answer.every:
        yield raw
        return
    for at in range(len(raw)):
        never.wait(answer.every)
        yield raw[at : at + 1]


@contextmanager
def listening(
    reply: Callable[[Received], Reply] = lambda received: Reply(),
    tls: ssl.SSLContext | None = None,
    keep_alive: bool = False,
) -> Iterator[Listener]:
    """Listen until the block ends."""

    counted, here = threading.Lock(), [0]

    def count(change: int) -> None:
        with counted:
            here[0] += change
            made.most_at_once = max(made.most_at_once, here[0])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if keep_alive else "HTTP/1.0"

        def setup(self) -> None:
            super().setup()
            made.connections.append(self.connection)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            received = Received(self.path, {name.lower(): text for name, text in self.headers.items()}, body)
            count(1)
            made.received.append(received)
            answer = made.reply(received)
            made.waiting.wait(30)
            count(-1)  # before the answer: with it the other side may send the next one
            if answer.raw is not None:
                for one in _dripping(answer):
                    self.wfile.write(one)
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, text in answer.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = Quiet(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made = Listener(server.server_address[1], reply)
    made.waiting.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        made.waiting.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(ThreadingHTTPServer):
    """Who hangs up on it is what the tests are about, and nothing to complain of."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""
