"""Posts whose bodies stall, at a real server: alone, and behind each proxy as docs/running.md configures it."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from textwrap import dedent

import pytest

from bootstrap.debian import daemon
from renrakucho.config.run.processes import is_listening, plan_run
from tests.ports import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
# With this cookie Django reads the form, before any page is asked.
STALLED_POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=%b\r\nContent-Length: 999\r\n" % (b"x" * 32)
STALLED_POST += b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=b"
STALLED = 40  # more than one address may hold of two processes, and than four threads
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
{documented}
    }}
}}
"""


def documented(beginning: str) -> str:
    """The block of docs/running.md that begins so."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", (ROOT / "docs/running.md").read_text("utf-8"), re.MULTILINE)
    return dedent(next(block for block in blocks if block.strip("\n").startswith(f"    {beginning}")))


@contextmanager
def process(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[None]:
    running = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        wait_until(lambda: is_listening(port), 60, f"{command[0]} does not listen")
        yield
    finally:
        running.terminate()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def portal(folder: Path, *, proxied: bool = False, threads: str = "", entry: str = "") -> Iterator[int]:
    """The portal, by the command line of `renrakucho run`. No database: what is asked here needs none."""
    port = free_port()
    plan = plan_run({"PORT": str(port), "RENRAKUCHO_VAR": str(folder), "RENRAKUCHO_BEHIND_PROXY": str(int(proxied))})
    command = list(next(process for process in plan.processes if process.name == "portal").command)
    if threads:
        command[command.index("--blocking-threads") + 1] = threads
        command[-1] = entry
    with process(command, {**os.environ, **plan.environment}, port):
        yield port


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[int]:
    port = free_port()
    text = documented("client_body_timeout").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, documented=text))
    program = daemon("nginx")
    assert program
    with process([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], os.environ, port):
        yield port


@contextmanager
def caddy(folder: Path, behind: int) -> Iterator[int]:
    port = free_port()
    text = documented("{\n").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("portal.example", f"http://:{port}").replace("{\n", "{\n    admin off\n", 1)
    (folder / "Caddyfile").write_text(text)
    program = daemon("caddy")
    assert program
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with process([program, "run", "--config", str(folder / "Caddyfile")], environment, port):
        yield port


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


def test_stalled_posts_of_one_address_hold_up_nobody_else(tmp_path: Path) -> None:
    with portal(tmp_path) as port, stalled_posts(port):
        assert_serves(port, "127.0.0.2")


def test_a_mutant_without_buffering_is_stopped_by_stalled_posts(tmp_path: Path) -> None:
    with portal(tmp_path, threads="2", entry="renrakucho.config.wsgi:application") as port:
        with stalled_posts(port), pytest.raises(TimeoutError):
            assert_serves(port, "127.0.0.2")
        wait_until(lambda: ask(port, "GET", "/healthz") == 200, 20, "it does not come back")


@pytest.mark.skipif(not daemon("nginx"), reason="nginxがありません (apt install nginx-light)")
def test_behind_nginx_stalled_posts_hold_up_nobody(tmp_path: Path) -> None:
    with portal(tmp_path, proxied=True) as behind, nginx(tmp_path, behind) as port, stalled_posts(port):
        assert_serves(port, "127.0.0.1")


@pytest.mark.skipif(not daemon("caddy"), reason="Caddyがありません (apt install caddy)")
def test_behind_caddy_stalled_posts_hold_up_nobody(tmp_path: Path) -> None:
    with portal(tmp_path, proxied=True) as behind, caddy(tmp_path, behind) as port, stalled_posts(port):
        assert_serves(port, "127.0.0.1")
