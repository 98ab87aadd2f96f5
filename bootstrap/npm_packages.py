"""npm packages that the tests need (tests/npm): installed as the lock file pins them, by their hashes.

usage: python -m bootstrap.npm_packages
The lock file names no registry; `npm` asks the one that it is set up with. A version is raised with
`npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts` in that folder.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import debian

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "npm"
INSTALLED = FOLDER / "node_modules"
_STAMP = INSTALLED / "lock.sha256"
_NPM = debian.Need("npm", lambda: shutil.which("npm") is not None)


def provide_npm_packages() -> list[str]:
    """Install what is not installed yet. Returns what is still missing, in words."""
    digest = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if _STAMP.exists() and _STAMP.read_text() == digest:
        return []
    if debian.provide([_NPM]):
        return ["npm"]
    print("準備: npmのパッケージを入れています / installing npm packages", flush=True)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        print(done.stdout.decode(errors="replace"), flush=True)
        return ["npm packages"]
    _STAMP.write_text(digest)
    return []


if __name__ == "__main__":
    sys.exit(1 if provide_npm_packages() else 0)
