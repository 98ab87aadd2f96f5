"""`renrakucho connections check` names every mistake, and nothing starts without connections."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from renrakucho.channel.connection import BadConnections
from renrakucho.channel.connection_file import load_connections
from renrakucho.notice.connection_check import connection_findings, connection_report, require_connections

ROOT = Path(__file__).resolve().parents[2]
SECRET = "hunter2"
COMMAND = "from renrakucho.config.command import main; main()"


def connected_by(settings: Any, tmp_path: Path, text: str) -> Path:
    path = tmp_path / "connections.toml"
    path.write_text(text, "utf-8")
    settings.CONNECTIONS = str(path)
    return path


def checked(**options: Any) -> str:
    said = StringIO()
    call_command("connections", "check", stdout=said, **options)
    return said.getvalue()


def test_right_connections_end_well(settings: Any, tmp_path: Path) -> None:
    connected_by(settings, tmp_path, "[akishima-water]\ndesk = true\n")
    assert checked() == "つながる / connected: akishima-water\n"


def test_each_mistake_is_named_with_its_line_and_no_secret(settings: Any, tmp_path: Path) -> None:
    text = f'[akishima-water]\ndesk = true\n[nhk]\nsecret = "{SECRET}"\n[nhk.change]\nentry = "https://nhk.example"\n'
    path = connected_by(settings, tmp_path, text)
    said = StringIO()
    with pytest.raises(CommandError, match="直すところが1か所あります / 1 to put right"):
        call_command("connections", "check", stdout=said)
    assert said.getvalue().splitlines() == [
        f"{path}:4: nhk: secretが短すぎます。24文字以上にしてください"
        " / secret has fewer than 24 characters [誤り / error]",
        "つながる / connected: akishima-water",
        "つながらない / not connected: nhk",
    ]
    assert SECRET not in said.getvalue()
    assert checked(start=True).count("\n") == 2  # a start goes on with the others


@pytest.mark.parametrize("text", ["[a\n", None], ids=["no TOML", "missing"])
def test_a_file_that_cannot_be_read_refuses_the_start(settings: Any, tmp_path: Path, text: str | None) -> None:
    path = connected_by(settings, tmp_path, text or "")
    if text is None:
        path.unlink()
    with pytest.raises(CommandError):
        checked(start=True)
    with pytest.raises(BadConnections, match=str(path)):
        require_connections()


def test_a_provider_without_a_folder_is_an_error(settings: Any, tmp_path: Path) -> None:
    connected_by(settings, tmp_path, "[akishima-watr]\ndesk = true\n[akishima-water]\ndesk = true\n")
    (finding,) = connection_findings()
    assert (finding.line, finding.provider, finding.severity) == (1, "akishima-watr", "error")
    assert "did you mean 'akishima-water'?" in finding.english
    report = connection_report()
    assert (report.connected, report.refused) == (("akishima-water",), ("akishima-watr",))


def test_a_way_that_none_of_its_forms_can_go_is_a_warning(settings: Any, tmp_path: Path) -> None:
    connected_by(settings, tmp_path, "[tokyo-gas]\ndesk = true\n")
    (finding,) = connection_findings()
    assert (finding.line, finding.severity) == (1, "warning")
    checked()


def test_outside_a_trial_the_sandboxs_file_connects_nobody_by_its_secrets(settings: Any) -> None:
    settings.TRIAL_CONNECTIONS = False
    assert load_connections(settings.CONNECTIONS, settings.SANDBOX_URL, "localhost:25", True).connections["tokyo-gas"]
    report = connection_report()
    assert set(report.connected) == {"akishima-water", "chosei-water"}


@pytest.mark.parametrize(
    "words",
    [("-c", "import renrakucho.config.worker"), ("-c", COMMAND, "worker", "run")],
    ids=["portal", "worker"],
)
def test_nothing_starts_outside_a_trial_without_naming_the_connections(tmp_path: Path, words: tuple[str, ...]) -> None:
    foreign = ("RENRAKUCHO_", "DATABASE_", "DJANGO_")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    environment |= {"RENRAKUCHO_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings"}
    migrate = [sys.executable, "-c", COMMAND, "django", "migrate", "--verbosity=0"]
    subprocess.run(migrate, env=environment, check=True, cwd=ROOT)
    refused = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, cwd=ROOT)
    assert refused.returncode == 1
    assert "RENRAKUCHO_CONNECTIONSに書いてください / no file of connections is named" in refused.stderr
    assert "Traceback" not in refused.stderr
