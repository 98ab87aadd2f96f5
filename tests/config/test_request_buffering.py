"""Slow bodies: what they hold is counted, and what is made of a request has its body whole."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings

from renrakucho.config import request_buffering
from renrakucho.config.database_options import request_places
from renrakucho.config.request_buffering import RequestBuffering
from renrakucho.config.run.processes import plan_run
from tests.waiting import wait_until

HERE, THERE = "192.0.2.1", "192.0.2.2"


class Stalled(BytesIO):
    """A body that comes when the test lets it."""

    def __init__(self, content: bytes = b"late") -> None:
        super().__init__(content)
        self.let_go, self.asked = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.set()
        assert self.let_go.wait(30)
        return super().read(size)


class Portal:
    """What stands behind the buffering: it repeats the body."""

    def __init__(self, *, behind_proxy: bool = False) -> None:
        self.buffering = RequestBuffering(self._answer, behind_proxy=behind_proxy, places=2)
        self.at_once, self.most_at_once = 0, 0
        self.hold = threading.Event()
        self.hold.set()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.hold.wait(30)
        self.at_once -= 1
        start_response("200 OK", [])
        return [environ["wsgi.input"].read() + b" of " + str(environ.get("CONTENT_LENGTH")).encode()]

    def ask(self, body: BytesIO, address: str = HERE, method: str = "POST", length: str | None = None) -> str:
        """The status, or the answer where that is 200."""
        said: list[str] = []
        environ = {"REQUEST_METHOD": method, "REMOTE_ADDR": address, "wsgi.input": body}
        environ |= {} if length is None else {"CONTENT_LENGTH": length}
        content = b"".join(self.buffering(environ, lambda status, _headers: said.append(status)))
        return content.decode() if said == ["200 OK"] else said[0]


def stalling(portal: Portal, threads: ThreadPoolExecutor, addresses: Iterable[str]) -> list[Stalled]:
    bodies = []
    for address in addresses:
        bodies.append(Stalled())
        threads.submit(portal.ask, bodies[-1], address, length="4")
        assert bodies[-1].asked.wait(30)
    return bodies


def let_go(bodies: list[Stalled]) -> None:
    for body in bodies:
        body.let_go.set()


def test_a_body_is_handed_on_whole() -> None:
    portal = Portal()
    assert portal.ask(BytesIO(b"abc"), length="3") == "abc of 3"
    assert portal.ask(BytesIO(b"abcd"), length="3") == "abc of 3"
    assert portal.ask(BytesIO(b"in pieces")) == "in pieces of 9"
    assert portal.ask(BytesIO(b""), length="0") == " of 0"


def test_a_request_without_a_body_waits_for_none() -> None:
    assert Portal().ask(BytesIO(b"x"), method="GET") == "x of None"


def test_stalled_bodies_of_one_address_stop_neither_pages_nor_others() -> None:
    portal = Portal()
    with ThreadPoolExecutor(30) as threads:
        bodies = stalling(portal, threads, [HERE] * 8)
        assert portal.ask(BytesIO(b"abc"), HERE, length="3") == "429 Too Many Requests"
        assert portal.ask(BytesIO(b""), HERE, "GET") == " of None"
        assert portal.ask(BytesIO(b"abc"), THERE, length="3") == "abc of 3"
        let_go(bodies)
    assert portal.ask(BytesIO(b"abc"), HERE, length="3") == "abc of 3"
    assert not portal.buffering._being_read


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_stalled_bodies_of_many_leave_threads_for_requests_without_one(*, behind_proxy: bool) -> None:
    """Behind a proxy all come from one address."""
    portal = Portal(behind_proxy=behind_proxy)
    addresses = [HERE if behind_proxy else f"192.0.2.{number}" for number in range(24)]
    with ThreadPoolExecutor(30) as threads:
        bodies = stalling(portal, threads, addresses)
        assert portal.ask(BytesIO(b"abc"), THERE, length="3") == "503 Service Unavailable"
        assert portal.ask(BytesIO(b""), THERE, "GET") == " of None"
        let_go(bodies)


def test_as_many_requests_are_worked_on_at_once_as_there_are_places() -> None:
    portal = Portal()
    portal.hold.clear()
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(portal.ask, BytesIO(b""), method="GET") for _each in range(5)]
        wait_until(lambda: portal.at_once == 2, 20, "nothing is worked on", every=0.01)
        portal.hold.set()
        assert [each.result(20) for each in asked] == [" of None"] * 5
    assert portal.most_at_once == 2


def test_a_body_that_is_too_large_is_refused() -> None:
    largest = 2_621_440
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE == largest == request_buffering.LARGEST_BODY
    assert Portal().ask(BytesIO(b""), length=str(largest + 1)) == "413 Content Too Large"
    assert Portal().ask(BytesIO(b"x" * (largest + 1))) == "413 Content Too Large"
    assert Portal().ask(BytesIO(b"x" * largest)).endswith(f" of {largest}")


def test_a_sender_that_goes_frees_what_its_body_held() -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError

    portal = Portal()
    for _each in range(30):
        with pytest.raises(OSError, match=r"^$"):
            portal.ask(Broken(), length="3")
    assert portal.ask(BytesIO(b"abc"), length="3") == "abc of 3"


def test_the_server_has_more_threads_than_may_wait_for_bodies() -> None:
    command = next(process for process in plan_run({}).processes if process.name == "portal").command
    threads = int(command[command.index("--blocking-threads") + 1])
    assert threads == 32 == request_buffering.MOST_BODIES + request_places("postgresql") + 1
