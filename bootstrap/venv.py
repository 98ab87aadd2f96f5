"""Makes .venv hold exactly the pinned packages. Standard library only: it runs before anything is installed.

usage: python3 -m bootstrap.venv run|dev
"""

from __future__ import annotations  # an older Python must get as far as being told so

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from bootstrap import debian

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / "renrakucho.stamp"  # which list is installed, and its digest
REQUIREMENTS = ROOT / "requirements"


class CannotSetUp(Exception):
    """The message says what failed and what to do."""


def main(wanted: str) -> None:
    """Install the list `run` or `dev` unless it is installed already. An installed `dev` serves `run` too."""
    if STAMP.exists() and STAMP.read_text() in {_stamp("dev"), _stamp(wanted)}:
        return
    STAMP.unlink(missing_ok=True)
    _make_venv()
    packages = REQUIREMENTS / f"{wanted}.txt"
    print(f"準備: パッケージを入れています ({packages.name}) / installing packages", flush=True)
    # The system's certificates: many offices put their own between a machine and the world.
    # Compiled once here, and not by each process that is started: some systems forbid Python to write what it compiles.
    options = ("--quiet", "--compile-bytecode", "--system-certs", "--require-hashes")
    sync = ("pip", "sync", *options, "--python", PYTHON, packages)
    if not (_has_uv() and _succeeds(UV, *sync)):
        print("準備: uvでは入れられないため、pipで入れます / not with uv, using pip", flush=True)
        # The list is whole. What packages ask for by themselves is not looked at: requirements/overrides.txt.
        _run(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", packages)
    _install_project()
    STAMP.write_text(_stamp(wanted))


def _stamp(which: str) -> str:
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("bootstrap", "run", which):
        digest.update((REQUIREMENTS / f"{name}.txt").read_bytes())
    return f"{which} {sys.version_info.major}.{sys.version_info.minor} {digest.hexdigest()}\n"


def _make_venv() -> None:
    if _is_usable():
        return
    print("準備: .venvを作っています / making .venv", flush=True)
    make = (sys.executable, "-m", "venv", "--clear", VENV)
    # Debian splits venv from Python: python3 is there, ensurepip is not.
    if not _succeeds(*make) and not (debian.install(["python3-venv"]) and _succeeds(*make)):
        raise CannotSetUp(
            "仮想環境 (.venv) を作れません。"
            "Debian・Ubuntuでは「sudo apt install python3-venv」のあと、もう一度お試しください。"
            " / cannot make .venv: on Debian or Ubuntu, install python3-venv and try again"
        )


def _is_usable() -> bool:
    # The programs in it name their folder: a checkout that was moved or copied needs a new one.
    pip = VENV / "bin" / "pip"
    return pip.exists() and f"{VENV}/bin/" in pip.read_text() and _succeeds(pip, "--version")


def _has_uv() -> bool:
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
    return _succeeds(*pip, "-r", REQUIREMENTS / "bootstrap.txt") and _succeeds(UV, "--version")


def _install_project() -> None:
    """Make the checkout importable, and give it its command.

    A path file instead of an editable install: that would download a build backend that no list pins.
    """
    site_packages = next((VENV / "lib").glob("python3.*/site-packages"))
    (site_packages / "renrakucho.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "renrakucho"
    command.write_text(f"#!{PYTHON}\nfrom renrakucho.config.command import main\n\nmain()\n")
    command.chmod(0o755)


def _succeeds(*command: str | Path) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    except OSError:
        return False
    return done.returncode == 0


def _run(*command: str | Path) -> None:
    # Another project's virtual environment may be active in this shell: ours is meant.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode:
        raise CannotSetUp(
            "パッケージを入れられませんでした。上の表示とネットワークの接続をご確認ください。"
            " / packages could not be installed: see above, and check the network"
        )


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs on whatever Python there is
        sys.exit("Python 3.11以上が要ります / Python 3.11 or newer is needed: make run PYTHON=python3.11")
    try:
        main(sys.argv[1])
    except CannotSetUp as failure:
        sys.exit(str(failure))
