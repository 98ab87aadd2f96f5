"""`renrakucho run`: everything on this machine, to try the portal out."""

import os
import signal
import subprocess
import sys
import threading
import time

from renrakucho.config.installation import ROOT
from renrakucho.config.run.processes import BadPort, RunPlan, is_listening, plan_run, port_problem
from renrakucho.config.run.supervisor import Supervisor

_printing = threading.Lock()


def run_everything() -> int:
    """Prepare, start all parts, and keep them running until Ctrl-C or SIGTERM. Returns the exit status."""
    try:
        wanted = plan_run(os.environ)
    except BadPort as error:
        print(error, file=sys.stderr)
        return 2
    refusals = {name: reason for name, port in wanted.ports.items() if (reason := port_problem(port))}
    for name, reason in refusals.items():
        _refuse(name, wanted.ports[name], reason)
    if refusals:
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        logins = _prepare(wanted)
    except KeyboardInterrupt:
        return 130
    return 1 if logins is None else _run(wanted, logins)


def _refuse(name: str, port: int, reason: str) -> None:
    message = (
        f"ポート{port}を使えません ({reason})。使っているプログラムを止めるか、別の番号にしてください。\n"
        f"Port {port} cannot be used: stop what uses it, or choose another.\n"
        f"    {name}={port + 1} make run"
    )
    print(message, file=sys.stderr)


def _prepare(wanted: RunPlan) -> list[str] | None:
    """Returns what to tell people at the end; None when a step failed."""
    command = (sys.executable, "-m", "renrakucho.config.run.prepare")
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=wanted.environment,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stderr
        try:
            for line in child.stderr:
                _say("prepare", line.rstrip("\n"))
            logins = child.stdout.read().splitlines()
        except KeyboardInterrupt:
            child.terminate()
            raise
    if child.returncode:
        _say("prepare", "準備できませんでした。上の表示をご確認ください / could not prepare: see above")
        return None
    return logins


def _run(wanted: RunPlan, logins: list[str]) -> int:
    supervisor = Supervisor(wanted.parts, wanted.environment, ROOT, _say)
    try:
        supervisor.start()
        _announce(wanted, logins, supervisor)
        supervisor.over.wait()
    except KeyboardInterrupt:
        _say("run", "止めています / stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
    if supervisor.failed:
        _say("run", f"{supervisor.failed.name}を始められないため、すべて止めました / stopped everything")
        return 1
    return 0


def _announce(wanted: RunPlan, logins: list[str], supervisor: Supervisor) -> None:
    """Wait until every part listens, and say where."""
    waiting = {part.port for part in wanted.parts if part.port}
    while waiting and not supervisor.over.is_set():
        waiting = {port for port in waiting if not is_listening(port)}
        time.sleep(0.1)
    if supervisor.over.is_set():
        return
    base = wanted.environment["RENRAKUCHO_BASE_URL"]
    lines = [
        "準備ができました / ready",
        "",
        f"{base}/  引越れんらく帳 / the mover's pages",
        f"{base}/desk/  受付窓口 / desk",
    ]
    if "SANDBOX_PORT" in wanted.ports:
        sandbox = wanted.environment["RENRAKUCHO_SANDBOX_URL"]
        lines.append(f"{sandbox}/mail  送られたメール / the mails")
        lines.append(f"{sandbox}/  お試し用の事業者サイトとシステム / stand-in provider sites and systems")
    lines += ["", *logins, "", "Ctrl-Cで止まります / Ctrl-C stops everything"]
    for line in lines:
        _say("run", line)


def _say(name: str, line: str) -> None:
    with _printing:
        print(f"[{name}] {line}".rstrip(), flush=True)
