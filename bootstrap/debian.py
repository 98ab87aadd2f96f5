"""Debian packages that the portal and its tests need: find what is missing, and install it. Standard library only.

usage: python -m bootstrap.debian     the font that pages are printed and faxed with
"""

from __future__ import annotations  # an older Python must get as far as being told so

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """A program or font, and the Debian package that brings it."""

    package: str
    is_there: Callable[[], bool]


def chromium() -> str | None:
    """The path of the browser."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def japanese_font() -> bool:
    """Whether there is a font for Japanese, and the one that pages are printed in (paper/typesetting.py)."""
    if not any(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.ttc")):
        return False
    try:
        listed = subprocess.run(["fc-list", ":lang=ja"], capture_output=True)
    except OSError:
        return False
    return bool(listed.stdout)


def postgres_programs() -> Path | None:
    """The folder of initdb and pg_ctl. Debian keeps them off the PATH, one folder a version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in folders), key=lambda folder: float(folder.parent.name), default=None)


def daemon(name: str) -> str | None:
    """The path of a program that may be off the PATH of those who are not root."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


CHROMIUM = Need("chromium", lambda: chromium() is not None)
FONT = Need("fonts-noto-cjk", japanese_font)
SPANDSP = Need("libspandsp2", lambda: ctypes.util.find_library("spandsp") is not None)
PHP = Need("php-cli", lambda: shutil.which("php") is not None)
JAVA = Need("default-jdk-headless", lambda: shutil.which("javac") is not None)
HYLAFAX = Need("hylafax-server", lambda: all(map(daemon, ("hfaxd", "faxq", "faxgetty"))))
IAXMODEM = Need("iaxmodem", lambda: daemon("iaxmodem") is not None)
FAKETIME = Need("faketime", lambda: shutil.which("faketime") is not None)
NGINX = Need("nginx-light", lambda: daemon("nginx") is not None)
CADDY = Need("caddy", lambda: daemon("caddy") is not None)
SYSTEMD = Need("systemd", lambda: shutil.which("systemd-analyze") is not None)  # reads the units of deploy/
POSTGRES = Need("postgresql", lambda: postgres_programs() is not None)
OF_TESTS = (CHROMIUM, FONT, SPANDSP, HYLAFAX, IAXMODEM, PHP, JAVA, FAKETIME, NGINX, CADDY, SYSTEMD)


def provide(needs: Iterable[Need]) -> list[str]:
    """Install what is missing, where we may. Returns the packages that are still missing."""
    missing = [need for need in needs if not need.is_there()]
    if missing:
        install([need.package for need in missing])
    return [need.package for need in missing if not need.is_there()]


def install(packages: list[str]) -> bool:
    """Install Debian packages. False when this is not root on Debian, or when it failed."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"準備: {' '.join(packages)} を入れています / installing Debian packages", flush=True)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode:
            print(done.stdout.decode(errors="replace"), flush=True)
            return False
    return True


def main() -> None:
    """Install what `make run` needs beside Python's packages. Without it everything runs but printing and faxing."""
    for package in provide([FONT]):
        print(f"{package} がないため、印刷とFAXはできません / no printing and no fax without {package}", flush=True)


if __name__ == "__main__":
    main()
