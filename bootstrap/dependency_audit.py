"""Dependency audit: asks PyPI for known vulnerabilities of the pinned packages.

usage: python -m bootstrap.dependency_audit    ends with 0: none known; 1: some, which are listed; 2: not checked

Where PyPI cannot be reached, or does not know one of the packages, nothing was shown, and this says so.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AUDIT = Path(sys.executable).with_name("pip-audit")
LISTS = ("run", "telemetry", "dev")  # of requirements/
NOT_CHECKED = 2
_SECONDS = 120


def audit_command() -> tuple[str, ...]:
    """The lists are whole and hold hashes, so that nothing is resolved or installed."""
    lists = [part for name in LISTS for part in ("--requirement", str(ROOT / "requirements" / f"{name}.txt"))]
    return (str(AUDIT), *lists, "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off")


def judge(output: str) -> tuple[int, list[str]]:
    """The exit status and the lines to print, from what pip-audit wrote."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return NOT_CHECKED, ["PyPIに尋ねられませんでした / PyPI could not be asked"]
    known = [
        f"{package['name']} {package['version']}: {fault['id']}, 直った版 / fixed in {', '.join(fault['fix_versions'])}"
        for package in packages
        for fault in package.get("vulns", ())
    ]
    if known:
        return 1, known
    skipped = sum("skip_reason" in package for package in packages)
    if skipped or not packages:
        return NOT_CHECKED, [f"{len(packages)}個のうち{skipped}個を確かめられません / {skipped} packages not checked"]
    return 0, [f"{len(packages)}個に既知の弱点はありません / no known vulnerability in {len(packages)} packages"]


def main(command: Sequence[str]) -> int:
    """Returns the exit status."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        status, lines = judge(done.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        status, lines = NOT_CHECKED, [type(error).__name__]
    print("\n".join(lines))
    if status == NOT_CHECKED:
        print("依存パッケージの弱点は確かめていません / the dependencies were NOT checked for vulnerabilities")
    return status


if __name__ == "__main__":
    sys.exit(main(audit_command()))
