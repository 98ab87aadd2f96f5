"""Migrations, deployment settings and the documented variables agree with the code."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
READERS = {"env_text", "env_flag", "key_file"}  # of config.installation: RENRAKUCHO_ before the name
PORTS = {"PORT", "SANDBOX_PORT", "SANDBOX_SMTP_PORT"}


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run")


def test_a_public_installation_passes_the_deployment_check(tmp_path: Path) -> None:
    public = {
        "RENRAKUCHO_BASE_URL": "https://portal.example",
        "RENRAKUCHO_HOSTS": "portal.example",
        "RENRAKUCHO_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
    }
    check = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    surrounding = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(check, env={**surrounding, **public}, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def read_variables() -> set[str]:
    """Every variable that the code reads."""
    names = set(PORTS) | {"DATABASE_URL"}
    for path in (path for folder in ("renrakucho", "sandbox", "bootstrap") for path in ROOT.glob(f"{folder}/**/*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names |= set(re.findall(r"^RENRAKUCHO_[A-Z_]+$", node.value))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in READERS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    names.add(f"RENRAKUCHO_{first.value.upper()}")
    return names


def test_documented_variables_are_those_that_the_code_reads() -> None:
    table = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert documented == read_variables()
