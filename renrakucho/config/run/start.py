"""`renrakucho run`: start everything on this machine, to try the portal out."""

import os
import signal
import subprocess
import sys
import threading
import time

from renrakucho.config.installation import ROOT
from renrakucho.config.run.processes import BadPort, RunPlan, is_listening, plan_run, port_problem
from renrakucho.config.run.supervisor import Supervisor

_print_lock = threading.Lock()


def run_everything() -> int:
    """Prepare, start all processes, and keep them running until Ctrl-C or SIGTERM. Returns the exit status."""
    try:
        plan = plan_run(os.environ)
    except BadPort as error:
        print(error, file=sys.stderr)
        return 2
    problems = {name: reason for name, port in plan.ports.items() if (reason := port_problem(port))}
    for name, reason in problems.items():
        _print_port_problem(name, plan.ports[name], reason)
    if problems:
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        logins = _prepare(plan)
    except KeyboardInterrupt:
        return 130
    return 1 if logins is None else _run(plan, logins)


def _print_port_problem(name: str, port: int, reason: str) -> None:
    message = (
        f"ポート{port}を使えません ({reason})。使っているプログラムを止めるか、別の番号にしてください。\n"
        f"Port {port} cannot be used: stop what uses it, or choose another.\n"
        f"    {name}={port + 1} make run"
    )
    print(message, file=sys.stderr)


def _prepare(plan: RunPlan) -> list[str] | None:
    """Returns the lines to print at the end; None when a step failed."""
    command = (sys.executable, "-m", "renrakucho.config.run.prepare")
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=plan.environment,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stderr
        try:
            for line in child.stderr:
                _print_line("prepare", line.rstrip("\n"))
            logins = child.stdout.read().splitlines()
        except KeyboardInterrupt:
            child.terminate()
            raise
    if child.returncode:
        _print_line("prepare", "準備できませんでした。上の表示をご確認ください / could not prepare: see above")
        return None
    return logins


def _run(plan: RunPlan, logins: list[str]) -> int:
    supervisor = Supervisor(plan.processes, plan.environment, ROOT, _print_line)
    try:
        supervisor.start()
        _announce(plan, logins, supervisor)
        supervisor.ended.wait()
    except KeyboardInterrupt:
        _print_line("run", "止めています / stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()
    if supervisor.failed:
        _print_line("run", f"{supervisor.failed.name}を始められないため、すべて止めました / stopped everything")
        return 1
    return 0


def _announce(plan: RunPlan, logins: list[str], supervisor: Supervisor) -> None:
    """Wait until every process listens, and say where."""
    waiting = {process.port for process in plan.processes if process.port}
    while waiting and not supervisor.ended.is_set():
        waiting = {port for port in waiting if not is_listening(port)}
        time.sleep(0.1)
    if supervisor.ended.is_set():
        return
    base = plan.environment["RENRAKUCHO_BASE_URL"]
    lines = [
        "準備ができました / ready",
        "",
        f"{base}/  引越れんらく帳 / the mover's pages",
        f"{base}/desk/  受付窓口 / desk",
        f"{base}/bureau/  事務局 / bureau",
    ]
    if "SANDBOX_PORT" in plan.ports:
        sandbox = plan.environment["RENRAKUCHO_SANDBOX_URL"]
        lines.append(f"{sandbox}/mail  送られたメール / the mails")
        lines.append(f"{sandbox}/  お試し用の事業者サイトとシステム / stand-in provider sites and systems")
    lines += ["", *logins, "", "Ctrl-Cで止まります / Ctrl-C stops everything"]
    for line in lines:
        _print_line("run", line)


def _print_line(name: str, line: str) -> None:
    with _print_lock:
        print(f"[{name}] {line}".rstrip(), flush=True)
