"""Settings of this installation, from environment variables, with defaults for trying things out.

Nothing here is secret by itself; the master key and Django's secret key are files below `var/` that are made
on first use, or come from the environment. See docs/running.md for every variable.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("RENRAKUCHO_VAR", ROOT / "var"))


def env_text(name: str, default: str = "") -> str:
    """The variable RENRAKUCHO_<name>, or the default."""
    return os.environ.get(f"RENRAKUCHO_{name}", default)


def env_flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    return env_text(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def sender_address(name: str, address: str) -> str:
    """The address with the name before it; one that has a name already keeps it."""
    given, plain = parseaddr(address)
    quoted = (given or name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{plain}>'


def key_file(name: str) -> str:
    """256 bits as 64 hex digits: RENRAKUCHO_<NAME>, else systemd's credential, else the file var/<name>, made when
    there is none.
    """
    given = given_key(name)
    if given:
        return given
    path = VAR / name.lower()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make_key(path)
    return path.read_text().strip()


def given_key(name: str) -> str:
    """The key that whoever started this process gave: by a variable, or by LoadCredential= of its unit. Else empty."""
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull) / name.lower()
    try:
        return env_text(name.upper()) or credential.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _make_key(path: Path) -> None:
    """Write a new key whole, unless another process was first: portal and worker start together."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # only its owner may read it
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)  # atomic, and never replaces a key that is there
    finally:
        os.unlink(draft)  # noqa: PTH108 - the name from mkstemp is a text


def shared_counts_folder(parent: Path) -> Path:
    """The folder below `parent` that all processes of one server share, named by the process that started them.

    Those of servers that are gone are removed: a count that begins anew is what Prometheus expects of a restart.
    """
    for old in parent.glob("*"):
        if old.name.isdigit() and not Path(f"/proc/{old.name}").exists() and Path("/proc/self").exists():
            shutil.rmtree(old, ignore_errors=True)
    folder = parent / str(os.getppid())
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def read_secrets(path: Path) -> dict[str, str]:
    """Read a secret file: `name secret` lines. Empty where there is no file."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split(" ", 1) for line in lines if " " in line)


def write_secrets(path: Path, values: Mapping[str, str]) -> None:
    """Write all secrets atomically. The file is closed to others from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name} {secret}\n" for name, secret in sorted(values.items()))
    fresh.replace(path)
