"""Secret file: `name secret` lines in a file that only its owner may read (0600)."""

import os
from collections.abc import Mapping
from pathlib import Path


def read_secrets(path: Path) -> dict[str, str]:
    """Secrets by name; empty where there is no file."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split(" ", 1) for line in lines if " " in line)


def write_secrets(path: Path, secrets: Mapping[str, str]) -> None:
    """Write all secrets atomically. The file is closed to others from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name} {secret}\n" for name, secret in sorted(secrets.items()))
    fresh.replace(path)
