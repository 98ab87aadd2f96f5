"""Happy Eyeballs: the first address that answers is taken, whatever stands before it."""

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from renrakucho.lib import happy_eyeballs
from renrakucho.lib.happy_eyeballs import connect_first

LIVE, OTHER = "127.0.0.1", "127.0.0.9"


@pytest.fixture
def live() -> Iterator[int]:
    """The port of a server at LIVE."""
    with socket.create_server((LIVE, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def silent(live: int) -> Iterator[None]:
    """At OTHER, the same port: a server whose queue is full answers to nobody, as a dead host does."""
    with socket.create_server((OTHER, live), backlog=0), socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex((OTHER, live))
        yield


def soon(seconds: float = 20) -> float:
    return time.monotonic() + seconds


def reached(connected: socket.socket | None) -> str:
    assert connected
    with connected:
        return str(connected.getpeername()[0])


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("addresses", [[LIVE], [OTHER, LIVE], [LIVE, OTHER], [OTHER, OTHER, LIVE]])
def test_a_dead_address_hides_no_live_one(live: int, addresses: list[str]) -> None:
    assert reached(connect_first(addresses, live, soon())) == LIVE


def test_an_address_that_refuses_hides_no_live_one(live: int) -> None:
    assert reached(connect_first(["127.0.0.7", "::1", LIVE], live, soon())) == LIVE


@pytest.mark.usefixtures("silent")
def test_nothing_is_connected_where_nobody_answers(live: int) -> None:
    assert connect_first([OTHER], live, soon(0.1)) is None
    assert connect_first(["127.0.0.7"], live, soon()) is None
    assert connect_first([LIVE], live, soon(-1)) is None
    assert connect_first([], live, soon()) is None


@pytest.mark.parametrize(("left", "connected"), [(0.5, True), (0, False), (-0.5, False)])
def test_nobody_is_tried_when_the_time_is_up(
    live: int, left: float, connected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(happy_eyeballs, "time", SimpleNamespace(monotonic=lambda: 100.0))
    made = connect_first([LIVE], live, 100 + left)
    assert bool(made) == connected
    if made:
        made.close()


def test_addresses_are_tried_in_their_order_a_quarter_of_a_second_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert happy_eyeballs._ATTEMPT_DELAY == 0.25  # RFC 8305, section 8
    tried: list[str] = []
    monkeypatch.setattr(happy_eyeballs, "_begin", lambda address, *_others: tried.append(address))
    monkeypatch.setattr(happy_eyeballs, "_ATTEMPT_DELAY", 0)
    assert connect_first(["::1", LIVE, OTHER], 1, soon()) is None
    assert tried == ["::1", LIVE, OTHER]
