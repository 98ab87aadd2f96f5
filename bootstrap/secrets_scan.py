"""Looks for secrets in the files of the repository, and compares them with those that are published on purpose.

usage: python -m bootstrap.secrets_scan            ends with 1 where there is another one
       python -m bootstrap.secrets_scan --write    keep what is found as published: read the change before it goes in

Published are the trial's keys and passwords (sandbox, tests, docs). They are kept as hashes by file, without the number
of a line, so that other changes of a file do not matter. Nothing is asked of another machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "bootstrap" / "published_secrets.json"
# Hashes of packages, tables of places and catalogues: long, of many characters, and no secrets.
_NOT_READ = (".txt", ".csv", ".po", ".png", ".svg", PUBLISHED.name)
Findings = dict[str, dict[str, str]]


def repository_files() -> list[str]:
    """The files that git keeps, by their paths in the repository."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.splitlines() if not path.endswith(_NOT_READ)]


def find_secrets(paths: Iterable[str], root: Path = ROOT) -> Findings:
    """Kinds of what looks like a secret, by file and by hash."""
    found = SecretsCollection(root=str(root))
    with default_settings():
        for path in paths:
            found.scan_file(path)
    return {
        path: dict(sorted((secret["hashed_secret"], secret["type"]) for secret in secrets))
        for path, secrets in sorted(found.json().items())
    }


def unpublished_secrets(found: Findings, published: Findings) -> list[str]:
    """A line for each secret that is not published in its file; nothing of the secret is in it."""
    return [
        f"{path}: {kind}"
        for path, secrets in found.items()
        for hashed, kind in secrets.items()
        if hashed not in published.get(path, {})
    ]


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    found = find_secrets(repository_files())
    if arguments == ["--write"]:
        PUBLISHED.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    new = unpublished_secrets(found, json.loads(PUBLISHED.read_text("utf-8")))
    for line in new:
        print(f"秘密のようです / looks like a secret: {line}")
    if new:
        print("公開してよいものなら / if it may be published: python -m bootstrap.secrets_scan --write")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
