"""Passkeys: made, named, removed and used at a login, and refused where something about them is not right."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.account import login_page
from renrakucho.account.session_values import peek_one_time, put_one_time
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.passkey import MOST_PASSKEYS, Passkey
from renrakucho.provider.staff import Staff
from tests.account.authenticator import Authenticator, options_of, with_passkey
from tests.bureau.cast import at_bureau
from tests.desk.cast import PASSWORD, administrator, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
PAGE = "/desk/me/passkeys"


def halfway(login_id: str = "akishima-1", realm: str = "desk") -> Client:
    """A browser after the password."""
    browser = Client()
    answer = browser.post(f"/{realm}/login", {"login_id": login_id, "password": PASSWORD})
    assert answer["Location"] == f"/{realm}/code"
    return browser


def finish(browser: Client, answer: str, realm: str = "desk") -> Any:
    return browser.post(f"/{realm}/code/passkey", {"answer": answer})


def is_in(browser: Client, page: str = "/desk/me") -> bool:
    return browser.get(page).status_code == 200


def test_a_passkey_is_made_and_opens_the_desk() -> None:
    key, browser = Authenticator(), seated(clerk())
    form = {"name": "窓口2番", "old_password": PASSWORD, "answer": key.make(options_of(browser.get(PAGE)))}
    codes = browser.post(PAGE, form, follow=True)
    assert codes.content.decode().count("<code>") == 10  # recovery codes, for the day on which the key is lost
    login = halfway()
    assert finish(login, key.use(options_of(login.get("/desk/code"))))["Location"] == "/desk/"
    assert is_in(login)
    passkey = Passkey.objects.get()
    assert (passkey.name, passkey.uses, passkey.used_at is not None) == ("窓口2番", 1, True)
    deeds = list(AuditEntry.objects.order_by("id").values_list("deed", flat=True))
    assert deeds == [AuditAction.PASSKEY_ADDED, AuditAction.LOGGED_IN]


def test_a_passkey_opens_the_bureau() -> None:
    key = Authenticator()
    with_passkey(at_bureau(factor=False), key)
    login = halfway("bureau-operator", "bureau")
    assert finish(login, key.use(options_of(login.get("/bureau/code"))), "bureau")["Location"] == "/bureau/"
    assert is_in(login, "/bureau/")


def test_a_password_alone_opens_nothing_where_there_is_a_passkey() -> None:
    with_passkey(clerk(), Authenticator())
    assert not is_in(halfway())


@pytest.mark.parametrize(
    "wrong",
    [
        Authenticator(origin="https://renrakucho.example.net"),
        Authenticator(host="example.net"),
        Authenticator(),  # one that nobody has registered
    ],
    ids=["another page", "another host", "another key"],
)
def test_what_a_false_page_or_key_signed_is_refused(wrong: Authenticator) -> None:
    right = Authenticator()
    with_passkey(clerk(), right)
    if wrong.origin != right.origin or wrong.host != right.host:
        wrong.key, wrong.credential = right.key, right.credential
    login = halfway()
    page = finish(login, wrong.use(options_of(login.get("/desk/code"))))
    assert (page.status_code, "パスキーで確かめられませんでした" in page.content.decode()) == (422, True)
    assert not is_in(login)
    assert AuditEntry.objects.filter(deed=AuditAction.PASSKEY_REFUSED).count() == 1


def test_a_forged_signature_is_refused() -> None:
    right, forger = Authenticator(), Authenticator()
    with_passkey(clerk(), right)
    forger.credential = right.credential
    login = halfway()
    assert finish(login, forger.use(options_of(login.get("/desk/code")))).status_code == 422


def test_the_passkey_of_a_colleague_is_refused() -> None:
    key = Authenticator()
    with_passkey(clerk(), Authenticator())
    with_passkey(clerk("akishima-2"), key)
    login = halfway()
    assert finish(login, key.use(options_of(login.get("/desk/code")))).status_code == 422


def replayed(key: Authenticator) -> int:
    """The status of the second time that one answer is sent, by somebody who has the password too."""
    with_passkey(clerk(), key)
    login = halfway()
    answer = key.use(options_of(login.get("/desk/code")))
    assert finish(login, answer).status_code == 302
    thief = halfway()
    thief.get("/desk/code")
    return int(finish(thief, answer).status_code)


def test_an_answer_is_good_once() -> None:
    assert replayed(Authenticator(counts=False)) == 422


def test_a_challenge_is_good_once_in_its_own_session() -> None:
    key = Authenticator(counts=False)
    with_passkey(clerk(), key)
    login = halfway()
    options = options_of(login.get("/desk/code"))
    assert finish(login, "{}").status_code == 422
    assert finish(login, key.use(options)).status_code == 422


def test_the_mutant_of_a_reusable_challenge_takes_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_page, "take_one_time", peek_one_time)
    monkeypatch.setattr(login_page, "put_one_time", put_first)
    key = Authenticator(counts=False)
    with_passkey(clerk(), key)
    login = halfway()
    options = options_of(login.get("/desk/code"))
    assert finish(login, "{}").status_code == 422
    assert finish(login, key.use(options)).status_code == 302


def put_first(request: Any, name: str, value: Any) -> None:
    if peek_one_time(request, name) is None:
        put_one_time(request, name, value)


def test_a_copied_key_is_refused_by_its_counter() -> None:
    key = Authenticator()
    with_passkey(clerk(), key)
    login = halfway()
    finish(login, key.use(options_of(login.get("/desk/code"))))
    copy = Authenticator(key=key.key, credential=key.credential)
    thief = halfway()
    assert finish(thief, copy.use(options_of(thief.get("/desk/code")))).status_code == 422


def test_five_wrong_answers_stop_the_second_factor() -> None:
    key = Authenticator()
    with_passkey(clerk(), key)
    login = halfway()
    statuses = [finish(login, "{}").status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", '{"id": 1}', '{"id": "a", "response": null}'])
def test_an_unreadable_answer_is_refused_and_explained(answer: str) -> None:
    with_passkey(clerk(), Authenticator())
    browser = seated(Staff.objects.get())
    browser.get(PAGE)
    page = browser.post(PAGE, {"name": "新しい", "old_password": PASSWORD, "answer": answer})
    assert (page.status_code, "パスキーを登録できませんでした" in page.content.decode()) == (422, True)
    assert 'value="新しい"' in page.content.decode()
    assert finish(halfway(), answer).status_code == 422


def test_a_passkey_is_not_made_without_the_password() -> None:
    browser, key = seated(clerk()), Authenticator()
    form = {"name": "x", "old_password": "wrong", "answer": key.make(options_of(browser.get(PAGE)))}
    page = browser.post(PAGE, form).content.decode()
    assert ("いまのパスワードとちがいます" in page, Passkey.objects.count()) == (True, 0)


def test_one_passkey_is_registered_once_and_ten_at_most() -> None:
    staff, key = clerk(), Authenticator()
    with_passkey(staff, key)
    browser = seated(staff)
    form = {"name": "x", "old_password": PASSWORD}
    again = key.make(options_of(browser.get(PAGE)))
    assert browser.post(PAGE, form | {"answer": again}).status_code == 422
    for _more in range(MOST_PASSKEYS - 1):
        with_passkey(staff, Authenticator())
    one_more = Authenticator().make(options_of(browser.get(PAGE)))
    assert browser.post(PAGE, form | {"answer": one_more}).status_code == 422
    assert Passkey.objects.count() == MOST_PASSKEYS == 10


def test_a_passkey_is_renamed_and_removed_with_the_password() -> None:
    staff = with_passkey(clerk(), Authenticator())
    browser, page = seated(staff), f"{PAGE}/{Passkey.objects.get().id}/"
    assert 'value="窓口2番"' in browser.get(page).content.decode()
    assert browser.post(page, {"name": ""}).status_code == 422
    assert "夜間用" in browser.post(page, {"name": "夜間用"}, follow=True).content.decode()
    assert browser.post(f"{page}remove", {"old_password": "wrong"}).status_code == 422
    assert browser.post(f"{page}remove", {"old_password": PASSWORD})["Location"] == PAGE
    assert not Passkey.objects.exists()
    assert AuditEntry.objects.filter(deed=AuditAction.PASSKEY_REMOVED).count() == 1


@pytest.mark.parametrize("act", ["", "remove"])
def test_the_passkey_of_a_colleague_is_not_found(act: str) -> None:
    with_passkey(clerk("akishima-2"), Authenticator())
    page = f"{PAGE}/{Passkey.objects.get().id}/{act}"
    answer = seated(clerk()).post(page, {"name": "x", "old_password": PASSWORD})
    assert (answer.status_code, Passkey.objects.count()) == (404, 1)


def test_an_administrator_takes_a_lost_passkey_away() -> None:
    staff = with_passkey(clerk(), Authenticator())
    seated(administrator()).post(f"/desk/staff/{staff.id}/reset-factor")
    assert not Passkey.objects.exists()
    assert not Staff.objects.get(id=staff.id).recovery


def test_ending_the_codes_keeps_the_passkey_and_its_recovery_codes() -> None:
    staff = with_passkey(clerk(), Authenticator())
    seated(staff).post("/desk/me/factor/end", {"old_password": PASSWORD})
    assert len(Staff.objects.get().recovery) == 10
    assert "回復コード" in halfway().get("/desk/code").content.decode()
