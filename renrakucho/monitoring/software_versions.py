"""Versions of what runs: the portal (with its commit, where it runs from a checkout), Python, Django, the database."""

import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import django
from django.db import connection

_CHECKOUT = Path(__file__).resolve().parents[2]


@cache
def portal_version() -> str:
    """The package's version, and the commit of a checkout: «0.1.0 (faf712b)»."""
    try:
        number = version("renrakucho")
    except PackageNotFoundError:
        number = ""
    commit = _commit()
    return f"{number} ({commit})".strip() if commit else number


def software_versions() -> dict[str, str]:
    """Name and version of each part. Asks the database."""
    return {
        "renrakucho": portal_version(),
        "Python": platform.python_version(),
        "Django": django.get_version(),
        _database_name(): _database_version(),
    }


def _commit() -> str:
    if not (_CHECKOUT / ".git").exists():
        return ""
    try:
        asked = subprocess.run(  # noqa: S603
            ["git", "-C", str(_CHECKOUT), "rev-parse", "--short", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def _database_name() -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)


def _database_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        [found] = cursor.fetchone()
    return str(found)
