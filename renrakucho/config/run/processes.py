"""The processes of `renrakucho run`: which ones, on which ports, with which environment variables."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from renrakucho.lib.errors import InvalidInput


class BadPort(InvalidInput):
    """A variable does not hold a port number; the message is for people."""


@dataclass(frozen=True)
class ProcessSpec:
    """One process. `port` is the one it listens on once it is ready, or None."""

    name: str
    command: tuple[str, ...]
    port: int | None = None


@dataclass(frozen=True)
class RunPlan:
    """The processes in the order they start, the ports by the variable that sets each, and the environment."""

    processes: tuple[ProcessSpec, ...]
    ports: Mapping[str, int]
    environment: Mapping[str, str]


def plan_run(variables: Mapping[str, str]) -> RunPlan:
    """Make the plan from environment variables. RENRAKUCHO_SANDBOX=0 leaves the sandbox out. Raises BadPort."""
    port = _port(variables, "PORT", 8000)
    sandbox_port = _port(variables, "SANDBOX_PORT", 8100)
    letter_port = _port(variables, "SANDBOX_SMTP_PORT", 8125)
    environment = {
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        "RENRAKUCHO_SANDBOX": "1",
        "RENRAKUCHO_BASE_URL": f"http://localhost:{port}",
        "RENRAKUCHO_SANDBOX_URL": f"http://localhost:{sandbox_port}",
        "RENRAKUCHO_SMTP_PORT": str(letter_port),
        "SANDBOX_PORT": str(sandbox_port),
        "SANDBOX_SMTP_PORT": str(letter_port),
        **variables,
    }
    processes = [
        ProcessSpec("portal", _portal(port), port),
        ProcessSpec("worker", (sys.executable, "-m", "django", "worker", "run")),
    ]
    ports = {"PORT": port}
    if environment["RENRAKUCHO_SANDBOX"] != "0":
        processes.insert(0, ProcessSpec("sandbox", (sys.executable, "-m", "sandbox"), sandbox_port))
        ports |= {"SANDBOX_PORT": sandbox_port, "SANDBOX_SMTP_PORT": letter_port}
    return RunPlan(tuple(processes), ports, environment)


def port_problem(port: int) -> str:
    """The reason why nothing can listen on this port here; empty when something can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
    return ""


def is_listening(port: int) -> bool:
    """Whether something answers on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _port(variables: Mapping[str, str], name: str, default: int) -> int:
    text = variables.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise BadPort(f"{name}={text} はポート番号ではありません。1〜65535の数字にしてください / not a port number")
    return int(text)


def _portal(port: int) -> tuple[str, ...]:
    server = (sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers")
    # Threads: those of config.request_buffering, which wait for bodies; killed, since one that waits does not end.
    size = ("--workers", "2", "--blocking-threads", "32", "--workers-kill-timeout", "10", "--log-level", "error")
    return (*server, *size, "--host", "127.0.0.1", "--port", str(port), "renrakucho.config.worker:application")
