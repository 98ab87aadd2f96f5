"""Who gets in, how often they may try, and how long they stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from renrakucho.account import rate_limits
from renrakucho.provider.staff import Staff
from tests import cast
from tests.desk.cast import PASSWORD, WATER, address, clerk, seated, sent

pytestmark = pytest.mark.django_db
LOGIN, LIST = "/desk/login", "/desk/"
FEW = 2
HALF_PAST_TWO = datetime(2026, 11, 24, 5, 31, tzinfo=UTC)


def knock(client: Client, login_id: str = "akishima-1", password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login_id": login_id, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(LIST).status_code == 200


@pytest.fixture
def _few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that needs less hashing, at half past two in Japan: no window of tries ends while the test runs."""
    monkeypatch.setattr(rate_limits, "LOGIN", replace(rate_limits.LOGIN, limit=FEW))
    monkeypatch.setattr("django.utils.timezone.now", lambda: HALF_PAST_TWO)


@pytest.mark.usefixtures("_few_tries")
def test_right_passwords_lock_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole office that logs in in the morning, by one network address."""
    monkeypatch.setattr(rate_limits, "LOGIN_FROM", replace(rate_limits.LOGIN_FROM, limit=FEW))
    clerk()
    for _colleague in range(FEW + 2):
        assert knock(Client()).status_code == 302


@pytest.mark.parametrize("typed", ["akishima-1", " Akishima-1 ", "ａｋｉｓｈｉｍａ－１"])
def test_own_id_and_password_open_the_desk(client: Client, typed: str) -> None:
    clerk()
    answer = knock(client, typed)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert is_in(client)


def test_passwords_are_kept_as_scrypt() -> None:
    assert clerk().password.startswith("scrypt$")


@pytest.mark.parametrize(
    ("login_id", "password"), [("akishima-1", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD)]
)
def test_every_wrong_login_gets_one_message_after_one_hashing(client: Client, login_id: str, password: str) -> None:
    clerk()
    clerk("closed")
    Staff.objects.filter(login_id="closed").update(is_active=False)
    with patch.object(ScryptPasswordHasher, "encode", autospec=True, side_effect=ScryptPasswordHasher.encode) as hashed:
        answer = knock(client, login_id, password)
    assert (answer.status_code, hashed.call_count) == (422, 1)
    assert "ログインIDとパスワードの組み合わせがちがいます" in answer.content.decode()
    assert login_id in answer.content.decode()
    assert password not in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("field", ["login_id", "password"])
def test_an_unreadable_login_is_explained(client: Client, field: str) -> None:
    answer = client.post(LOGIN, {"login_id": "akishima-1", "password": PASSWORD, field: "a\x00b"})
    page = answer.content.decode()
    assert (answer.status_code, "文字として読めないもの" in page, "null" in page.lower()) == (422, True, False)


@pytest.mark.usefixtures("_few_tries")
@pytest.mark.parametrize("login_id", ["akishima-1", "nobody"])
def test_failures_lock_the_id_before_anything_is_hashed(client: Client, login_id: str) -> None:
    clerk()
    for _try in range(FEW):
        assert knock(client, login_id, "wrong").status_code == 422
    with patch.object(ScryptPasswordHasher, "encode", autospec=True) as hashed:
        answer = knock(client, login_id, PASSWORD, REMOTE_ADDR="192.0.2.7")
    assert (answer.status_code, hashed.call_count) == (429, 0)
    assert "14:45になったら" in answer.content.decode()
    assert "運営者にお尋ねください" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.usefixtures("_few_tries")
def test_a_locked_id_does_not_lock_its_colleagues(client: Client) -> None:
    clerk()
    clerk("akishima-2")
    for _try in range(FEW + 1):
        knock(client, "akishima-1", "wrong")
    knock(client, "akishima-2")
    assert is_in(client)


@pytest.mark.usefixtures("_few_tries")
def test_the_lock_opens_with_the_next_window(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk()
    for _try in range(FEW + 1):
        knock(client, password="wrong")
    assert knock(client).status_code == 429
    monkeypatch.setattr("django.utils.timezone.now", lambda: HALF_PAST_TWO + timedelta(minutes=14))
    assert knock(client).status_code == 302


@pytest.mark.usefixtures("_few_tries")
def test_an_address_that_tries_many_ids_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LOGIN_FROM", replace(rate_limits.LOGIN_FROM, limit=2))
    assert [knock(client, f"guess-{each}").status_code for each in range(3)] == [422, 422, 429]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/desk/notices/x", "/desk/notices/x"),
        ("https://elsewhere.example/desk/", LIST),
        ("//elsewhere.example", LIST),
        ("/book/", LIST),
    ],
)
def test_the_login_redirects_within_this_site_only(client: Client, wanted: str, led: str) -> None:
    clerk()
    assert knock(client, next=wanted)["Location"] == led


def test_logging_in_changes_the_session_key(client: Client) -> None:
    clerk()
    client.get(LOGIN)
    session = client.session
    session["_messages"] = "[]"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    knock(client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_half_an_hour_without_a_request_ends_the_session(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = timezone.now()
    clerk()
    knock(client)
    for minutes, stays in ((25, True), (50, True), (81, False)):
        now = begun + timedelta(minutes=minutes)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        assert is_in(client) is stays


def test_a_second_page_within_a_minute_does_not_save_the_session(client: Client) -> None:
    clerk()
    knock(client)
    client.get(LIST)
    before = Session.objects.get().expire_date
    client.get(LIST)
    assert Session.objects.get().expire_date == before


def test_closing_an_account_ends_its_session_at_once(client: Client) -> None:
    staff = clerk()
    browser = seated(staff)
    assert is_in(browser)
    Staff.objects.filter(id=staff.id).update(is_active=False)
    assert not is_in(browser)


def test_logging_out_ends_the_session(client: Client) -> None:
    browser = seated(clerk())
    answer = browser.post("/desk/logout")
    assert (answer["Location"], answer["Clear-Site-Data"]) == (LOGIN, '"cache"')
    assert not is_in(browser)


@pytest.mark.usefixtures("directory")
def test_a_movers_book_and_the_desk_never_share_a_session(client: Client) -> None:
    clerk()
    draft = cast.draft([WATER])
    access_key = cast.access_key_of(draft)
    keys = {"email": cast.EMAIL, "access_key": access_key}
    client.post(reverse("book:login"), keys)
    assert client.get(reverse("book:leaves")).status_code == 200
    assert not is_in(client)

    knock(client)
    assert is_in(client)
    assert client.get(reverse("book:leaves")).status_code == 302

    client.post(reverse("book:login"), keys)
    assert client.get(reverse("book:leaves")).status_code == 200
    assert not is_in(client)


@pytest.mark.usefixtures("directory")
def test_form_input_is_kept_sealed_when_the_session_has_expired() -> None:
    notice = sent()
    browser = seated(clerk())
    Session.objects.all().delete()
    answer = browser.post(address("return", notice.id), {"reason": "お名前をお確かめください"})
    kept = Session.objects.get()
    assert "お名前" not in str(kept.get_decoded())

    login = browser.get(answer["Location"])
    assert "入力した内容は取ってあります" in login.content.decode()
    led = knock(browser, next=answer["Location"].split("next=")[1])
    page = browser.get(led["Location"], follow=True).content.decode()
    assert "お名前をお確かめください</textarea>" in page
    assert "まだ記録していません" in page
    notice.refresh_from_db()
    assert notice.status == "sent"
