"""A PostgreSQL that can be taken away: a relay before it, which cuts every connection and refuses new ones."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.ports import free_port


class DatabaseRelay:
    """Passes connections on to the server of this URL while it is up. `url`: by which the relay is reached."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            self._there = connection.info
            self._host, self._port = self._there.host, self._there.port
            user, password, name = self._there.user, self._there.password, self._there.dbname
        self.port = free_port()
        self.url = f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{name}"
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []

    def start(self) -> None:
        """Accept connections from now on."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        listener, self._listener = self._listener, None
        for one in [listener, *self._open] if listener else self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open = []

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            server = self._connect()
            self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self._host}/.s.PGSQL.{self._port}")
        return server


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while sent := source.recv(65536):
            sink.sendall(sent)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str) -> Iterator[DatabaseRelay]:
    """A relay that is up, until the block ends."""
    relay = DatabaseRelay(url)
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()
