"""Logins for trying out, and for real."""

import stat
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from renrakucho.provider.staff import Staff
from renrakucho.provider.two_factor import enable_two_factor, new_totp_secret
from tests.desk.cast import AKISHIMA, YOKOSUKA, administrator, clerk

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


def said(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_every_desk_gets_a_login_that_works(trial: Path, client: Client) -> None:
    lines = said("sandbox", "staff").splitlines()
    assert [line.rsplit(" ", 1)[0] for line in lines[:2]] == [
        "受付窓口 昭島市水道部: ID akishima-water パスワード",
        "受付窓口 横須賀市上下水道局: ID yokosuka-water パスワード",
    ]
    assert [line.partition(" パスワード")[0] for line in lines[2:]] == ["事務局: ID bureau"]
    password = lines[0].rsplit(" ", 1)[1]
    assert len(password.replace("-", "")) >= 16
    client.post("/desk/login", {"login_id": AKISHIMA, "password": password})
    assert client.get("/desk/").status_code == 200
    assert stat.S_IMODE(trial.stat().st_mode) == 0o600


@pytest.mark.usefixtures("trial")
def test_again_it_is_the_same() -> None:
    assert said("sandbox", "staff") == said("sandbox", "staff")
    assert Staff.objects.count() == 3


def test_a_lost_file_is_said(trial: Path) -> None:
    said("sandbox", "staff")
    trial.unlink()
    assert "パスワードは控えがありません" in said("sandbox", "staff")


@pytest.mark.usefixtures("trial")
def test_a_real_installation_gets_no_trial_logins(settings: Settings) -> None:
    settings.SANDBOX = False
    with pytest.raises(CommandError, match="お試し環境ではない"):
        said("sandbox", "staff")
    assert not Staff.objects.exists()
    said("sandbox", "staff", "--force")
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


def test_the_bureau_invites_the_first_administrator(client: Client) -> None:
    link, until = said("staff", "invite", "--provider", AKISHIMA, "--administrator").splitlines()
    assert "一度だけ使えます" in until
    joining = {"name": "田中", "login_id": "tanaka", "password": GOOD, "again": GOOD}
    client.post(urlsplit(link).path, joining)
    client.post("/desk/login", {"login_id": "tanaka", "password": GOOD})
    assert client.get("/desk/staff").status_code == 200
    with pytest.raises(CommandError, match="フォルダーがありません"):
        said("staff", "invite", "--provider", "nobody")


@pytest.mark.parametrize(("more", "role"), [((), "clerk"), (("--administrator",), "administrator")])
def test_who_is_added_is_a_clerk_or_what_was_said(
    monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], role: str
) -> None:
    typing(monkeypatch, GOOD, GOOD)
    said("staff", "add", "--provider", AKISHIMA, "--login", "sato", "--name", "佐藤", *more)
    assert Staff.objects.get().role == role


def test_the_bureau_gives_a_role_and_takes_a_lost_factor_away(client: Client) -> None:
    staff = clerk()
    enable_two_factor(staff, new_totp_secret(), 0)
    client.force_login(staff)
    said("staff", "role", "--login", "akishima-1", "administrator")
    said("staff", "reset", "--login", "akishima-1")
    kept = Staff.objects.get()
    assert (kept.role, kept.factor, kept.recovery) == ("administrator", None, [])
    assert client.get("/desk/").status_code == 302


def test_closing_the_last_administrator_is_not_passed_over() -> None:
    administrator()
    assert "管理者がいません" in said("staff", "close", "--login", "akishima-chief")


@pytest.mark.usefixtures("trial")
def test_trial_logins_are_administrators() -> None:
    said("sandbox", "staff")
    assert set(Staff.objects.exclude(provider="").values_list("role", flat=True)) == {"administrator"}


def test_a_password_is_typed_at_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("renrakucho.faces.desk.management.commands.staff.getpass", closed)
    with pytest.raises(CommandError, match="端末"):
        call_command("staff", "add", provider="akishima-water", login="yamada", name="山田")
