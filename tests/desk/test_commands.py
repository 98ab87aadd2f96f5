"""Logins for trying out, and for real."""

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from renrakucho.provider.staff import Staff
from tests.desk.cast import AKISHIMA, YOKOSUKA, clerk

pytestmark = pytest.mark.django_db
GOOD = "長い合言葉-correct-horse"


@pytest.fixture
def trial(settings: Settings, tmp_path: Path) -> Path:
    """A trial installation with two desks; the file its logins are kept in."""
    connections = tmp_path / "connections.toml"
    connections.write_text(f"[{AKISHIMA}]\ndesk = true\n[{YOKOSUKA}]\ndesk = true\n[nhk]\nsecret = 'x'\n")
    settings.CONNECTIONS = str(connections)
    settings.VAR = tmp_path / "var"
    settings.SANDBOX = True
    return tmp_path / "var" / "trial_staff.txt"


def said(*command: str, **options: object) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_every_desk_gets_a_login_that_works(trial: Path, client: Client) -> None:
    lines = said("trial_staff").splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        "受付窓口 昭島市水道部: ID akishima-water パスワード",
        "受付窓口 横須賀市上下水道局: ID yokosuka-water パスワード",
    ]
    password = lines[0].rsplit(" ", 1)[1]
    assert len(password.replace("-", "")) >= 16
    client.post("/desk/login", {"login_id": AKISHIMA, "password": password})
    assert client.get("/desk/").status_code == 200
    assert stat.S_IMODE(trial.stat().st_mode) == 0o600


@pytest.mark.usefixtures("trial")
def test_again_it_is_the_same() -> None:
    assert said("trial_staff") == said("trial_staff")
    assert Staff.objects.count() == 2


def test_a_lost_file_is_said(trial: Path) -> None:
    said("trial_staff")
    trial.unlink()
    assert "パスワードは控えがありません" in said("trial_staff")


@pytest.mark.usefixtures("trial")
def test_a_real_installation_gets_no_trial_logins(settings: Settings) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="お試し環境ではない"):
        said("trial_staff")
    assert not Staff.objects.exists()
    said("trial_staff", "--force")
    assert Staff.objects.count() == 2


def typing(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    typed = iter(passwords)
    monkeypatch.setattr("renrakucho.faces.desk.management.commands.staff.getpass", lambda _prompt: next(typed))


def add(login: str = "Sato", provider: str = AKISHIMA) -> str:
    return said("staff", "add", "--provider", provider, "--login", login, "--name", "佐藤")


def test_a_person_is_added_with_a_typed_password(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    typing(monkeypatch, GOOD, GOOD)
    add()
    client.post("/desk/login", {"login_id": "sato", "password": GOOD})
    assert "佐藤" in client.get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("login", "provider", "passwords", "says"),
    [
        ("sato", "nobody", (), "フォルダーがありません"),
        ("佐藤", AKISHIMA, (), "半角英数字"),
        ("sa to", AKISHIMA, (), "半角英数字"),
        ("akishima-1", AKISHIMA, (), "使われています"),
        ("sato", AKISHIMA, ("short",), "短すぎます"),
        ("sato", AKISHIMA, ("x" * 129,), "128文字まで"),
        ("sato", AKISHIMA, (GOOD, GOOD + "!"), "ちがいます"),
    ],
)
def test_what_cannot_be_added(
    monkeypatch: pytest.MonkeyPatch, login: str, provider: str, passwords: tuple[str, ...], says: str
) -> None:
    clerk()
    typing(monkeypatch, *passwords)
    with pytest.raises(CommandError, match=says):
        add(login, provider)
    assert Staff.objects.count() == 1


def test_a_new_password_ends_the_old_session(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    client.force_login(clerk())
    typing(monkeypatch, GOOD, GOOD)
    said("staff", "password", "--login", "akishima-1")
    assert client.get("/desk/").status_code == 302
    client.post("/desk/login", {"login_id": "akishima-1", "password": GOOD})
    assert client.get("/desk/").status_code == 200


def test_closing_an_account_keeps_what_it_did(client: Client) -> None:
    client.force_login(clerk())
    said("staff", "close", "--login", "akishima-1")
    assert client.get("/desk/").status_code == 302
    assert Staff.objects.count() == 1
    with pytest.raises(CommandError, match="ありません"):
        said("staff", "close", "--login", "nobody")
