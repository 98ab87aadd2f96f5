#!/usr/bin/env python3
"""Rolling restart of the web hosts: drain at HAProxy, restart, wait until its check is well, take in again.

usage, on the host of HAProxy: rolling.py --restart "ssh {host}.internal systemctl restart renrakucho-portal" web1 web2
Standard library only. One host after another; it stops at the first that does not come back, and leaves it drained.
"""

import argparse
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

SOCKET = "/run/haproxy/admin.sock"
_BACKEND = "portal"
_DRAIN_SECONDS, _UP_SECONDS = 60, 120


def ask_haproxy(socket_path: str, command: str) -> str:
    """HAProxy's answer to a command of its runtime API. Raises OSError."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(socket_path)
        connection.sendall(f"{command}\n".encode())
        parts = iter(lambda: connection.recv(65536), b"")
        return b"".join(parts).decode()


def server_state(socket_path: str, host: str) -> tuple[str, int]:
    """The state that the check found («UP», «DRAIN», «DOWN» …), and the requests that the host works on."""
    lines = ask_haproxy(socket_path, "show stat").lstrip("# ").splitlines()
    names = lines[0].split(",")
    for line in lines[1:]:
        row = dict(zip(names, line.split(","), strict=False))
        if (row.get("pxname"), row.get("svname")) == (_BACKEND, host):
            return row["status"], int(row["scur"])
    raise LookupError(f"HAProxy has no server {_BACKEND}/{host}")


def roll_hosts(hosts: Sequence[str], restart: Callable[[str], None], socket_path: str = SOCKET) -> None:
    """Restart them one after another. Raises TimeoutError, LookupError, OSError."""
    for host in hosts:
        server_state(socket_path, host)
    for host in hosts:
        ask_haproxy(socket_path, f"set server {_BACKEND}/{host} state drain")
        _wait(lambda host=host: server_state(socket_path, host)[1] == 0, _DRAIN_SECONDS, f"{host}: not drained")
        restart(host)
        # While drained it gets no request, and is checked all the same.
        ask_haproxy(socket_path, f"set server {_BACKEND}/{host} health down")
        ask_haproxy(socket_path, f"set server {_BACKEND}/{host} state ready")
        _wait(lambda host=host: server_state(socket_path, host)[0] == "UP", _UP_SECONDS, f"{host}: does not come back")


def _wait(reached: Callable[[], bool], seconds: float, what: str) -> None:
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.2)


def main() -> int:
    """0 where every host is back."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--restart", required=True, help="command that restarts the portal on {host}")
    options.add_argument("--socket", default=SOCKET)
    options.add_argument("hosts", nargs="+")
    given = options.parse_args()

    def restart(host: str) -> None:
        subprocess.run(shlex.split(given.restart.replace("{host}", host)), check=True)

    try:
        roll_hosts(given.hosts, restart, given.socket)
    except (OSError, LookupError, subprocess.CalledProcessError) as error:  # TimeoutError is an OSError
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
