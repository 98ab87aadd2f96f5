"""Runs every check and test, and says at the end what failed and what could not run.

usage: python -m bootstrap.checks              everything, with the embedded database
       python -m bootstrap.checks --postgres   the database tests once more, on PostgreSQL
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from bootstrap import debian
from bootstrap.dependency_audit import NOT_CHECKED
from bootstrap.npm_packages import provide_npm_packages
from bootstrap.postgres import GIVEN, NoPostgres, database

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
CODE = ("bootstrap", "renrakucho", "sandbox", "tests")
# One worker more than processors: the tests of faxes and of the whole service mostly wait.
PARALLEL = ("-n", str((os.cpu_count() or 1) + 1))
CHECKS: Mapping[str, tuple[str, ...]] = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "compileall": ("python", "-W", "error", "-m", "compileall", "-q", *CODE),
    "mypy": ("mypy",),
    "import-linter": ("lint-imports", "--no-logo"),
    "secrets scan": ("python", "-m", "bootstrap.secrets_scan"),
    "dependency audit": ("python", "-m", "bootstrap.dependency_audit"),
    "pytest": ("pytest", *PARALLEL),
}
# What is set for somebody's own installation must not reach the tests; and where Python may not write what it compiles,
# each of the tests' processes would compile the whole house.
FOREIGN = (
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
    "PYTHONDONTWRITEBYTECODE",
    "SANDBOX_PORT",
    "SANDBOX_SMTP_PORT",
)


def everything() -> int:
    """Run all the checks, also those after one that failed. Returns the exit status."""
    missing = [*debian.provide(debian.OF_TESTS), *provide_npm_packages()]
    with ExitStack() as stack:
        environment = clean_environment(stack)
        try:
            environment[GIVEN] = stack.enter_context(database())
        except NoPostgres as reason:
            missing.append(f"PostgreSQL: {reason}")
        results = {name: _run_check(name, command, environment) for name, command in CHECKS.items()}
    statuses = {name: status for name, (status, _seconds) in results.items()}
    print("\nかかった時間 / time taken:")
    for name, (_status, seconds) in results.items():
        print(f"{seconds:7.1f} s  {name}")
    if statuses["dependency audit"] == NOT_CHECKED:
        del statuses["dependency audit"]
        print("\n確かめていない検査 / NOT checked: dependency audit")
    failed = [name for name, status in statuses.items() if status]
    if missing:
        print(f"\n足りないもの / missing: {', '.join(missing)}。これが要るテストは実行していません。")
    if failed:
        print(f"\n不合格の検査 / failed: {', '.join(failed)}")
    else:
        print(f"\n検査はすべて合格です / all {len(statuses)} checks passed")
    return 1 if failed else 0


def on_postgres() -> int:
    """Run the tests that use the database, with PostgreSQL as the database. Returns the exit status."""
    with ExitStack() as stack:
        environment = clean_environment(stack)
        try:
            url = stack.enter_context(database())
        except NoPostgres as reason:
            print(f"PostgreSQLでのテストを実行できません / cannot test on PostgreSQL: {reason}")
            return 1
        environment |= {GIVEN: url, "DATABASE_URL": url}
        command = ("pytest", *PARALLEL, "-m", "database and not browser")
        return _run_check("pytest (PostgreSQL)", command, environment)[0]


def clean_environment(stack: ExitStack) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in FOREIGN and not name.startswith("RENRAKUCHO_")
    }
    var = stack.enter_context(tempfile.TemporaryDirectory(prefix="renrakucho-test-"))
    return {**kept, "RENRAKUCHO_VAR": var, "PATH": f"{BIN}{os.pathsep}{kept.get('PATH', '')}"}


def _run_check(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> tuple[int, float]:
    """Returns the exit status, and how many seconds it took."""
    print(f"\n== {name} ==", flush=True)
    started = time.monotonic()
    program, *arguments = command
    done = subprocess.run([BIN / program, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - started
    print(f"-- {name}: {'不合格' if done.returncode else '合格'} ({seconds:.1f} s)", flush=True)
    return done.returncode, seconds


if __name__ == "__main__":
    sys.exit(on_postgres() if sys.argv[1:] == ["--postgres"] else everything())
