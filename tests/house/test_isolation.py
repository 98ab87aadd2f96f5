"""Test isolation is in force: a connection to another machine and a sleep are refused in the tests' own process."""

import socket
import time

import pytest
from pytest_socket import SocketConnectBlockedError

from tests.isolation_plugin import SleepRefused

ELSEWHERE = "192.0.2.1"  # TEST-NET-1 of RFC 5737: nobody has it


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_connection_to_another_machine_is_refused(kind: socket.SocketKind) -> None:
    with socket.socket(type=kind) as one, pytest.raises(SocketConnectBlockedError, match=ELSEWHERE):
        one.connect((ELSEWHERE, 9))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
def test_a_connection_to_this_machine_is_not(host: str) -> None:
    with socket.create_server((host, 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername()[0] == host


def test_a_sleep_is_refused_with_its_place() -> None:
    with pytest.raises(SleepRefused, match=r"test_isolation\.py:\d+ sleeps for 0 s"):
        time.sleep(0)


def test_a_sleep_is_not_swallowed_as_an_error() -> None:
    assert not issubclass(SleepRefused, Exception)
