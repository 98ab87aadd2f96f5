"""The sandbox's forms over real HTTP, and the ways in which a real site differs from what its sheet says."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Twist:
    """What is different there. Each is tried on the answer's bytes or headers, or answers itself."""

    replace: dict[str, str] = field(default_factory=dict)  # in the page, written in `charset`
    charset: str = "ascii"
    headers: Callable[[str, Headers], Headers] = lambda path, headers: headers
    instead: Callable[[WSGIEnvironment], tuple[str, Headers, bytes] | None] = lambda environ: None


@dataclass
class Site:
    url: str
    asked: list[Asked]
    twist: Twist


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def _twisted(application: WSGIApplication, twist: Twist, asked: list[Asked]) -> WSGIApplication:
    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers = {name[5:].lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")}
        path = str(environ["PATH_INFO"])
        asked.append(Asked(str(environ["REQUEST_METHOD"]), path, headers))
        other = twist.instead(environ)
        if other:
            status, given, body = other
            start_response(status, given)
            return [body]
        answered: dict[str, Any] = {}
        body = b"".join(application(environ, lambda status, given, exc=None: answered.update(s=status, h=given)))  # type: ignore
        for before, after in twist.replace.items():
            body = body.replace(before.encode(twist.charset), after.encode(twist.charset))
        given = [(name, value) for name, value in answered["h"] if name != "Content-Length"]
        start_response(answered["s"], twist.headers(path, [*given, ("Content-Length", str(len(body)))]))
        return [body]

    return served


@contextmanager
def serving(application: WSGIApplication, twist: Twist | None = None) -> Iterator[Site]:
    """Over real HTTP, at a free port of 127.0.0.1."""
    asked: list[Asked] = []
    twist = twist or Twist()
    twisted = _twisted(application, twist, asked)
    with make_server("127.0.0.1", 0, twisted, _Server, _Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{server.server_port}", asked, twist)
        finally:
            server.shutdown()
            thread.join()
