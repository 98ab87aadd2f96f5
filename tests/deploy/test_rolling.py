"""Rolling restart: no host is restarted while it works on a request, and none that does not come back is passed by."""

import importlib.util
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADER = "# pxname,svname,scur,status,"


@pytest.fixture(scope="module")
def rolling() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rolling", ROOT / "deploy" / "rolling.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FakeHaproxy:
    """Two servers: a drained one has two requests left, one fewer at each look; one that is ready comes up at the
    second look, unless it is broken.
    """

    def __init__(self) -> None:
        self.states = {"web1": "UP", "web2": "UP"}
        self.requests = {"web1": 0, "web2": 0}
        self.broken = ""
        self.heard: list[str] = []

    def answer(self, command: str) -> str:
        self.heard.append(command)
        if command == "show stat":
            lines = [f"portal,{host},{self.requests[host]},{self.states[host]}," for host in sorted(self.states)]
            for host, state in self.states.items():
                self.requests[host] = max(0, self.requests[host] - 1)
                if state == "DOWN" and host != self.broken:
                    self.states[host] = "UP"
            return "\n".join([HEADER, *lines]) + "\n"
        host = command.split()[2].removeprefix("portal/")
        if command.endswith("state drain"):
            self.states[host], self.requests[host] = "DRAIN", 2
        elif command.endswith("state ready"):
            self.states[host] = "DOWN"
        return "\n"


@contextmanager
def listening_haproxy(haproxy: FakeHaproxy) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        path = os.path.join(folder, "admin.sock")  # noqa: PTH118 - a short one: the kernel allows 107 characters
        server.bind(path)
        server.listen()

        def serve() -> None:
            while True:
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection:
                    command = connection.recv(1000).decode().strip()
                    connection.sendall(haproxy.answer(command).encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield path
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch, rolling: ModuleType) -> None:
    monkeypatch.setattr(rolling.time, "sleep", lambda seconds: None)


def test_a_host_is_drained_restarted_and_back_before_the_next_one(rolling: ModuleType) -> None:
    haproxy = FakeHaproxy()
    restarted = []

    def restart(host: str) -> None:
        assert haproxy.states[host] == "DRAIN"
        assert haproxy.requests[host] == 0
        assert [state for name, state in haproxy.states.items() if name != host] == ["UP"]
        restarted.append(host)

    with listening_haproxy(haproxy) as path:
        rolling.roll_hosts(["web1", "web2"], restart, path)
    assert restarted == ["web1", "web2"]
    assert haproxy.states == {"web1": "UP", "web2": "UP"}
    assert "set server portal/web1 health down" in haproxy.heard  # or the state from before the restart would count


def test_a_host_that_does_not_come_back_ends_it(rolling: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    haproxy = FakeHaproxy()
    haproxy.broken = "web1"
    monkeypatch.setattr(rolling, "_UP_SECONDS", 0)
    restarted: list[str] = []
    with listening_haproxy(haproxy) as path, pytest.raises(TimeoutError, match="web1: does not come back"):
        rolling.roll_hosts(["web1", "web2"], restarted.append, path)
    assert restarted == ["web1"]


def test_a_name_that_haproxy_does_not_know_changes_nothing(rolling: ModuleType) -> None:
    haproxy = FakeHaproxy()
    with listening_haproxy(haproxy) as path, pytest.raises(LookupError, match="portal/web3"):
        rolling.roll_hosts(["web1", "web3"], lambda host: None, path)
    assert haproxy.states == {"web1": "UP", "web2": "UP"}
    assert set(haproxy.heard) == {"show stat"}
