"""Posts whose bodies stall, at a real server: alone, and behind each proxy as docs/running.md configures it."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bootstrap.debian import daemon
from tests.config.cast_proxies import caddy, nginx, portal
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
# With this cookie Django reads the form, before any page is asked.
STALLED_POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=%b\r\nContent-Length: 999\r\n" % (b"x" * 32)
STALLED_POST += b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=b"
STALLED = 40  # more than one address may hold of two processes, and than four threads


@contextmanager
def stalled_posts(port: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _each in range(STALLED):
            post = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            post.sendall(STALLED_POST)
        yield


def ask(port: int, method: str, path: str, body: bytes | None = None, address: str = "127.0.0.1") -> int:
    """The status of the answer; TimeoutError where it does not come."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10, source_address=(address, 0))
    try:
        connection.request(method, path, body, {"Host": "localhost"})
        return connection.getresponse().status
    finally:
        connection.close()


def assert_serves(port: int, address: str) -> None:
    """A page, and a post: that of a portal which nobody knows."""
    for _each in range(5):
        assert ask(port, "GET", "/healthz") == 200
        assert ask(port, "POST", "/relay/v1/receipts", b"{}", address) == 401


@pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)
def test_stalled_posts_of_one_address_hold_up_nobody_else(tmp_path: Path, migrated_database: str) -> None:
    with portal(tmp_path, database=migrated_database) as port, stalled_posts(port):
        assert_serves(port, "127.0.0.2")


def test_a_mutant_without_buffering_is_stopped_by_stalled_posts(tmp_path: Path) -> None:
    with portal(tmp_path, threads="2", entry="renrakucho.config.wsgi:application") as port:
        with stalled_posts(port), pytest.raises(TimeoutError):
            assert_serves(port, "127.0.0.2")
        wait_until(lambda: ask(port, "GET", "/healthz") == 200, 20, "it does not come back")


@pytest.mark.skipif(not daemon("nginx"), reason="nginxがありません (apt install nginx-light)")
@pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)
def test_behind_nginx_stalled_posts_hold_up_nobody(tmp_path: Path, migrated_database: str) -> None:
    with (
        portal(tmp_path, proxied=True, database=migrated_database) as behind,
        nginx(tmp_path, behind) as port,
        stalled_posts(port),
    ):
        assert_serves(port, "127.0.0.1")


@pytest.mark.skipif(not daemon("caddy"), reason="Caddyがありません (apt install caddy)")
@pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)
def test_behind_caddy_stalled_posts_hold_up_nobody(tmp_path: Path, migrated_database: str) -> None:
    with (
        portal(tmp_path, proxied=True, database=migrated_database) as behind,
        caddy(tmp_path, behind) as port,
        stalled_posts(port),
    ):
        assert_serves(port, "127.0.0.1")
