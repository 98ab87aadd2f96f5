"""Whose key opens what."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from renrakucho.faces.api import key_authentication
from renrakucho.provider.system_key import SystemKey, create_key
from tests.desk.cast import clerk, seated, sent
from tests.systems.cast import AKISHIMA, System, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        ("", (401, "no_key")),
        ("Basic YTpi", (401, "no_key")),
        ("Bearer", (401, "no_key")),
        ("Bearer ", (401, "bad_key")),
        ("Bearer rk_made-up", (401, "bad_key")),
        ("Bearer \u3042", (401, "bad_key")),
    ],
)
def test_a_request_without_a_valid_key_is_refused(header: str, refused: tuple[int, str]) -> None:
    notice = sent()
    for path in ("", f"/{notice.number}"):
        answer = Client().get(f"/api/v1/notices{path}", headers={"Authorization": header})
        assert reason(answer) == refused
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_clerks_cookie_is_not_a_key() -> None:
    notice = sent()
    assert reason(seated(clerk()).get(f"/api/v1/notices/{notice.number}")) == (401, "no_key")


def test_a_key_does_what_it_was_made_for() -> None:
    notice = sent()
    reader, answerer = System(answer=False), System(read=False)
    assert reader.get(f"/{notice.number}").status_code == 200
    assert reason(reader.accept(notice.number)) == (403, "not_allowed")
    assert reason(answerer.get()) == (403, "not_allowed")
    assert answerer.accept(notice.number).status_code == 200


def test_only_a_hash_is_kept_and_its_use_is_noted() -> None:
    key, text = create_key(AKISHIMA, "CIS", may_read=True, may_answer=True)
    assert text not in str(SystemKey.objects.values().get())
    assert System(key=text).get().status_code == 200
    key.refresh_from_db()
    assert key.seen_at


def test_a_key_ends_when_it_is_past_its_time_or_revoked() -> None:
    key, text = create_key(AKISHIMA, "CIS", may_read=True, may_answer=True, valid_until=timezone.now())
    assert reason(System(key=text).get()) == (401, "bad_key")
    SystemKey.objects.filter(id=key.id).update(valid_until=timezone.now() + timedelta(days=1))
    assert System(key=text).get().status_code == 200
    call_command("keys", "revoke", str(key.id), stdout=StringIO())
    assert reason(System(key=text).get()) == (401, "bad_key")


def test_a_trial_key_is_refused_on_a_real_installation(settings: object, tmp_path: Path) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    settings.CONNECTIONS = str(tmp_path / "connections.toml")  # type: ignore[attr-defined]
    (tmp_path / "connections.toml").write_text("[akishima-water.inbox]\n[nhk]\n")
    settings.SANDBOX = True  # type: ignore[attr-defined]
    for _again in range(2):
        call_command("sandbox", "keys")
    provider, text = (tmp_path / "trial_keys.txt").read_text().split()
    assert (provider, SystemKey.objects.count()) == (AKISHIMA, 1)
    assert System(key=text).get().status_code == 200
    settings.SANDBOX = False  # type: ignore[attr-defined]
    assert reason(System(key=text).get()) == (401, "bad_key")
    with pytest.raises(CommandError):
        call_command("sandbox", "keys")


def made(*more: str) -> str:
    told = StringIO()
    call_command("keys", "make", "--provider", AKISHIMA, "--name", "料金システム", *more, stdout=told)
    return told.getvalue().splitlines()[-1]


def test_two_keys_of_a_name_are_valid_during_a_rotation() -> None:
    old, new = made(), made()
    assert System(key=old).get().status_code == System(key=new).get().status_code == 200
    with pytest.raises(CommandError, match="revoke"):
        made()
    listed = StringIO()
    call_command("keys", "list", stdout=listed)
    assert listed.getvalue().count("料金システム") == 2
    assert old not in listed.getvalue()


def test_a_key_can_be_limited_in_permissions_and_time() -> None:
    made("--only-read", "--days", "30")
    key = SystemKey.objects.get()
    assert (key.may_read, key.may_answer) == (True, False)
    assert key.valid_until


@pytest.mark.parametrize(
    "given",
    [
        ["add", "--provider", "nobody", "--name", "x"],
        ["add", "--provider", AKISHIMA, "--name", " "],
        ["add", "--provider", AKISHIMA, "--name", "x", "--days", "0"],
        ["revoke", "no-such-key"],
    ],
)
def test_an_invalid_command_is_explained(given: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("keys", *given)


def test_another_method_is_refused() -> None:
    system = System()
    notice = sent()
    for method, path, allowed in (
        ("delete", f"/{notice.number}", "GET"),
        ("post", "", "GET"),
        ("head", f"/{notice.number}", "GET"),
        ("get", f"/{notice.number}/accept", "POST"),
    ):
        answer = getattr(system.client, method)(f"/api/v1/notices{path}", headers=system.headers())
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert not notice.receipts.filter(kind="opened").exists()


@pytest.mark.parametrize("path", ["/", "/123456789012/", "/123456789012/cancel", "/a/b/c"])
def test_an_unknown_address_gets_problem_details(path: str) -> None:
    for answer in (System().get(path), System().post(path, {})):
        assert reason(answer) == (404, "not_found")


def test_too_many_requests_get_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    # One window, whenever the test runs.
    monkeypatch.setattr(key_authentication, "REQUESTS", replace(key_authentication.REQUESTS, limit=2, seconds=10**10))
    system = System()
    assert [system.get().status_code for _each in range(3)] == [200, 200, 429]
    assert int(system.get().headers["Retry-After"]) > 60
    assert System("yokosuka-water").get().status_code == 200


def test_guessing_keys_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(key_authentication.WRONG_KEYS, limit=2, seconds=10**10)
    monkeypatch.setattr(key_authentication, "WRONG_KEYS", few)
    guesser = System(key="rk_guessed")
    assert [reason(guesser.get()) for _each in range(3)] == [(401, "bad_key")] * 2 + [(429, "too_many")]


def test_no_response_is_cached() -> None:
    for answer in (System().get(), Client().get("/api/v1/notices")):
        assert answer.headers["Cache-Control"] == "no-store"
