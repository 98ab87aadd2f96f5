"""Settings of this installation, from environment variables, with defaults for trying things out.

Nothing here is secret by itself; the master key and Django's secret key are files below `var/` that are made
on first use, or come from the environment. See docs/running.md for every variable.
"""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("RENRAKUCHO_VAR", ROOT / "var"))


def env_text(name: str, default: str = "") -> str:
    """The variable RENRAKUCHO_<name>, or the default."""
    return os.environ.get(f"RENRAKUCHO_{name}", default)


def env_flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    return env_text(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def key_file(name: str) -> str:
    """256 bits as 64 hex digits: RENRAKUCHO_<NAME>, else the file var/<name>, made when there is none."""
    given = env_text(name.upper())
    if given:
        return given
    path = VAR / name.lower()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: portal and worker start together, and only one of them may make the key.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fresh:
            fresh.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
