"""Secrets, known vulnerabilities and the list of packages: what is found is said, and so is what was not checked."""

import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from bootstrap import checks, debian, dependency_audit
from bootstrap.dependency_audit import NOT_CHECKED, judge
from bootstrap.secrets_scan import PUBLISHED, find_secrets, unpublished_secrets

ROOT = Path(__file__).resolve().parents[2]


def test_a_new_secret_is_found_and_not_repeated(tmp_path: Path) -> None:
    secret = "Zk3" + "vQ9xT7bLr2WnYc8HsJd4Fg6Mp1Ka5"
    (tmp_path / "settings.toml").write_text(f'[peer]\napi_key = "{secret}"\n', "utf-8")
    found = find_secrets(["settings.toml"], tmp_path)
    lines = unpublished_secrets(found, {})
    assert {line.partition(":")[0] for line in lines} == {"settings.toml"}
    assert secret not in json.dumps([found, lines])
    assert unpublished_secrets(found, found) == []
    assert unpublished_secrets(found, {"another.toml": found["settings.toml"]}) == lines


def test_the_trials_secrets_are_known_as_published() -> None:
    published = json.loads(PUBLISHED.read_text("utf-8"))
    paths = ["sandbox/secrets.toml", "sandbox/connections.toml"]
    found = find_secrets(paths)
    assert set(found) == set(paths)
    assert unpublished_secrets(found, published) == []


def package(**others: object) -> dict[str, object]:
    return {"name": "django", "version": "5.2.19", "vulns": [], **others}


FAULT = {"id": "PYSEC-1", "fix_versions": ["5.2.20"]}


@pytest.mark.parametrize(
    ("output", "status", "said"),
    [
        (json.dumps({"dependencies": [package()]}), 0, "no known vulnerability in 1"),
        (json.dumps({"dependencies": [package(vulns=[FAULT])]}), 1, "django 5.2.19: PYSEC-1"),
        (json.dumps({"dependencies": [package(), package(skip_reason="not found")]}), NOT_CHECKED, "not checked"),
        (json.dumps({"dependencies": []}), NOT_CHECKED, "not checked"),
        ("", NOT_CHECKED, "could not be asked"),
        ("<html>", NOT_CHECKED, "could not be asked"),
        ("[]", NOT_CHECKED, "could not be asked"),
    ],
)
def test_an_audit_passes_only_what_was_checked(output: str, status: int, said: str) -> None:
    result, lines = judge(output)
    assert result == status
    assert said in "\n".join(lines)


def test_an_audit_that_cannot_run_says_that_nothing_was_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert dependency_audit.main([str(ROOT / "nowhere")]) == NOT_CHECKED
    assert "NOT checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "passes", "said"), [(0, 0, "all"), (1, 1, "failed"), (NOT_CHECKED, 0, "NOT checked")]
)
def test_the_checks_name_an_audit_that_was_not_made(
    status: int, passes: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(debian, "provide", lambda packages: [])
    monkeypatch.setattr(checks, "provide_npm_packages", lambda: [])
    monkeypatch.setattr(checks, "database", lambda: nullcontext("postgresql://nowhere"))
    monkeypatch.setattr(checks, "_run_check", lambda name, *rest: (status if name == "dependency audit" else 0, 61.5))
    assert checks.everything() == passes
    printed = capsys.readouterr().out
    assert said in printed
    assert printed.count("   61.5 s  ") == len(checks.CHECKS)


def test_the_list_of_packages_has_every_pinned_one_with_its_hashes(tmp_path: Path) -> None:
    target = tmp_path / "sbom.cdx.json"
    command = ("--output-reproducible", "--sv", "1.6", "--of", "JSON", "-o", str(target))
    make = Path(sys.executable).with_name("cyclonedx-py")
    subprocess.run(
        [make, "requirements", *command, str(ROOT / "requirements/run.txt")], check=True, capture_output=True
    )
    listed = {(each["name"], each["version"]): each for each in json.loads(target.read_text("utf-8"))["components"]}
    lines = (ROOT / "requirements/run.txt").read_text("utf-8").splitlines()
    assert len(listed) == sum("==" in line and not line.startswith("#") for line in lines)
    assert ("django", next(version for name, version in listed if name == "django")) in listed
    assert all(reference["hashes"] for each in listed.values() for reference in each["externalReferences"])
