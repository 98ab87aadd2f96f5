"""Connections that are kept: used again for the same target alone, not for long, and never after a peer hung up."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from renrakucho.lib import kept_connections
from renrakucho.lib.kept_connections import KeptConnections
from renrakucho.lib.safe_http import NoHttpResponse, NotSent, parse_networks, safe_request
from tests.listener import Listener, Reply, listening
from tests.waiting import wait_until

HERE = parse_networks(["127.0.0.0/8", "::1"])


@pytest.fixture
def kept() -> Iterator[KeptConnections]:
    made = KeptConnections()
    yield made
    made.close()


def ask(there: Listener, kept: KeptConnections | None, **more: object) -> int:
    return safe_request(there.url(), b"{}", {}, **{"named": HERE, "kept": kept, **more}).status  # type: ignore[arg-type]


@pytest.mark.parametrize("reply", [Reply(), Reply(200, b"{}"), Reply(503, b"later")])
def test_a_second_request_goes_over_the_same_connection(kept: KeptConnections, reply: Reply) -> None:
    with listening(lambda _: reply, keep_alive=True) as there:
        assert [ask(there, kept) for _each in range(3)] == [reply.status] * 3
        assert (len(there.received), len(there.connections)) == (3, 1)
        kept.close()


def test_without_a_pool_each_request_has_a_connection_of_its_own() -> None:
    with listening(keep_alive=True) as there:
        assert [ask(there, None) for _each in range(2)] == [204, 204]
        assert len(there.connections) == 2


def test_a_connection_is_not_used_for_another_policy(kept: KeptConnections) -> None:
    with listening(keep_alive=True) as there:
        ask(there, kept)
        with pytest.raises(NotSent):  # this table does not name this machine's networks
            ask(there, kept, named=())
        ask(there, kept, named=(*HERE, *parse_networks(["10.0.0.0/8"])))
        assert (len(there.received), len(there.connections)) == (2, 2)
        kept.close()


def test_name_and_address_are_checked_again_after_thirty_seconds(kept: KeptConnections) -> None:
    with listening(keep_alive=True) as there:
        for age, connections in ((0, 1), (29, 1), (2, 2)):
            for idle in kept._idle.values():
                idle[0].checked -= age
            ask(there, kept)
            assert len(there.connections) == connections
        kept.close()


def test_a_connection_that_its_peer_has_closed_is_replaced(kept: KeptConnections) -> None:
    with listening(keep_alive=True) as there:
        ask(there, kept)
        there.connections[0].shutdown(socket.SHUT_RDWR)
        wait_until(lambda: not next(iter(kept._idle.values()))[0].fresh, 10, "it was not noticed", every=0.01)
        assert ask(there, kept) == 204
        assert (len(there.received), len(there.connections)) == (2, 2)
        kept.close()


def test_a_peer_that_closes_while_it_is_asked_is_asked_anew(kept: KeptConnections) -> None:
    with listening(keep_alive=True) as there:
        ask(there, kept)
        there.reply = lambda _: Reply(raw=b"") if len(there.received) == 2 else Reply()
        assert ask(there, kept) == 204
        assert (len(there.received), len(there.connections)) == (3, 2)
        kept.close()


def test_what_may_have_arrived_is_never_called_unsent(kept: KeptConnections, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(keep_alive=True) as there:
        ask(there, kept)
        there.reply = lambda _: Reply(raw=b"")

        def nobody(*_given: object, **_more: object) -> socket.socket:
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "create_connection", nobody)
        with pytest.raises(NoHttpResponse):
            ask(there, kept)


def test_a_peer_that_says_more_than_its_answer_loses_its_connection(kept: KeptConnections) -> None:
    with listening(keep_alive=True) as there:
        ask(there, kept)
        there.connections[0].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")  # an answer to nobody's question
        wait_until(lambda: not next(iter(kept._idle.values()))[0].fresh, 10, "it was not noticed", every=0.01)
        ask(there, kept)
        assert len(there.connections) == 2
        kept.close()


def test_no_more_than_four_are_kept(kept: KeptConnections) -> None:
    pairs = [socket.socketpair() for _each in range(5)]
    for mine, _theirs in pairs:
        kept.keep("place", kept_connections.OpenConnection(mine, mine.dup()))
    assert len(kept._idle["place"]) == 4
    assert pairs[0][0].fileno() == -1
    for _mine, theirs in pairs:
        theirs.close()


def test_a_connection_with_a_rest_of_its_answer_on_it_is_not_used_again(kept: KeptConnections) -> None:
    with listening(lambda _: Reply(200, b"x" * 100_000), keep_alive=True) as there:
        for _time in range(2):
            assert len(safe_request(there.url(), b"{}", {}, named=HERE, kept=kept).body) < 100_000
        assert len(there.connections) == 2


def test_a_connection_is_fresh_for_thirty_seconds_and_is_looked_at_without_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []

    def look(*given: Any) -> tuple[list[object], ...]:
        waits.append(given[-1])
        return [], [], []

    mine, theirs = socket.socketpair()
    with mine, theirs, mine.dup() as handle:
        connection = kept_connections.OpenConnection(mine, handle, checked=1_000.0)
        monkeypatch.setattr(kept_connections, "select", SimpleNamespace(select=look))
        fresh = []
        for now in (1_029.0, 1_030.0, 1_030.5):
            monkeypatch.setattr(kept_connections, "time", SimpleNamespace(monotonic=lambda now=now: now))
            fresh.append(connection.fresh)
    assert (fresh, waits) == ([True, True, False], [0, 0])
