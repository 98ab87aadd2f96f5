"""The portal at a real server, and each proxy in front of it as deploy/ and docs/running.md configure it."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from bootstrap.debian import daemon
from renrakucho.config.run.processes import is_listening, plan_run
from tests.ports import free_port
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
NGINX_LOCATIONS = ROOT / "deploy" / "nginx" / "renrakucho-locations.conf"
NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {access};
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
def portal(
    folder: Path, *, proxied: bool = False, threads: str = "", entry: str = "", processes: str = "", database: str = ""
) -> Iterator[int]:
    """The portal, by the command line of `renrakucho run`. Without a database it serves what needs none."""
    port = free_port()
    plan = plan_run({"PORT": str(port), "RENRAKUCHO_VAR": str(folder), "RENRAKUCHO_BEHIND_PROXY": str(int(proxied))})
    command = list(next(process for process in plan.processes if process.name == "portal").command)
    if threads:
        command[command.index("--blocking-threads") + 1] = threads
        command[-1] = entry
    if processes:
        command[command.index("--workers") + 1] = processes
    given = {"DATABASE_URL": database} if database else {}
    with process(command, {**os.environ, **plan.environment, **given}, port):
        yield port


@contextmanager
def nginx(folder: Path, behind: int, *, logged: bool = False, without_filter: bool = False) -> Iterator[int]:
    """logged: with an access log. without_filter: without what keeps codes out of it."""
    port, access = free_port(), f"{folder}/access.log combined" if logged else "off"
    text = NGINX_LOCATIONS.read_text("utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("Host $host;", "Host $http_host;")  # a browser here names the port, too
    if without_filter:
        text = re.sub(r"(?ms)^location ~ \^/\(a.*?^}\n", "", text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, documented=text, access=access))
    program = daemon("nginx")
    assert program
    with process([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], os.environ, port):
        yield port


@contextmanager
def caddy(folder: Path, behind: int, *, logged: bool = False, without_filter: bool = False) -> Iterator[int]:
    """logged: with an access log. without_filter: without what keeps codes out of it."""
    port = free_port()
    text = documented("{\n").replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("portal.example", f"http://:{port}").replace("{\n", "{\n    admin off\n", 1)
    if without_filter:
        text = re.sub(r"(?m)^    skip_log.*\n", "", text)
        text = re.sub(r"(?ms)^        format filter.*?^        }\n", "", text)
    if logged:
        text = text.replace("    log {\n", f"    log {{\n        output file {folder}/errors.log\n", 1)
        text = text.replace("    @codes", f"    log {{\n        output file {folder}/access.log\n    }}\n    @codes", 1)
    (folder / "Caddyfile").write_text(text)
    program = daemon("caddy")
    assert program
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with process([program, "run", "--config", str(folder / "Caddyfile")], environment, port):
        yield port
