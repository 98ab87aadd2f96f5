"""Identity login: what a provider asks for before a notice leaves, what opens the gate, and what does not.

A defence in brackets was taken out to see the test fail.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from renrakucho.channel.message import message_document
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.faces.book import identity_pages
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.models import IdentityLogin
from renrakucho.notice.models import LoginState, Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.provider_actions import answerable_notices, notices_on_desk
from renrakucho.receipt.provider_answer import needs_identity_check
from renrakucho.standard.schemas import wrong_places
from tests.book.identity_cast import (
    ADDRESS,
    HOLDER,
    LABEL,
    SLUG,
    asking_provider,
    come_back,
    entered,
    leave,
    logged_in,
    opened_book,
)
from tests.book.opened import page_text
from tests.desk.cast import AKISHIMA
from tests.forged_issuer import ForgedIssuer, after, forged_issuer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def forged() -> Iterator[ForgedIssuer]:
    with forged_issuer() as made, asking_provider(made.address):
        yield made


def fate(notice: Notice) -> str:
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice.status


# --- the gate


def test_a_notice_waits_for_the_login_that_its_provider_asks_for(forged: ForgedIssuer) -> None:
    notice = entered(opened_book(Client()))
    assert (notice.login, fate(notice)) == (LoginState.WAITS, Status.ENTERED)
    assert not notices_on_desk(AKISHIMA).exists()
    assert not answerable_notices(AKISHIMA).exists()


def test_without_the_gate_it_would_leave(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = entered(opened_book(Client()))
    monkeypatch.setattr("renrakucho.delivery.delivery_lanes.MAY_LEAVE", ~Q(id=None))
    assert fate(notice) == Status.SENT


def test_the_holders_login_sends_it(forged: ForgedIssuer) -> None:
    browser = Client()
    notice = entered(opened_book(browser))
    page = logged_in(browser, forged)
    assert "ご契約者のお名前は、登録した内容と合いました。" in page_text(page)
    assert (fate(notice), notice.login) == (Status.SENT, LoginState.PROVED)


def test_a_login_before_the_sending_serves_too(forged: ForgedIssuer) -> None:
    browser = Client()
    book = opened_book(browser)
    logged_in(browser, forged)
    notice = entered(book)
    assert (notice.login, notice.login_proof, fate(notice)) == (LoginState.PROVED, None, Status.SENT)
    told = frozen_form(notice).assurance
    assert told
    assert (told.login, told.login_matched) == (LABEL, ("name",))


def test_nothing_is_asked_where_no_provider_asks() -> None:
    with forged_issuer() as forged, asking_provider(forged.address, ""):
        browser = Client()
        notice = entered(opened_book(browser))
        assert (notice.login, fate(notice)) == ("", Status.SENT)
        assert "ログインを求めている事業者はありません" in page_text(browser.get("/book/identity"))
        assert browser.post(f"/book/identity/{SLUG}")["Location"] == "/book/identity"


def test_a_provider_is_only_listed_where_no_issuer_gives_the_login() -> None:
    with asking_provider(""):
        browser = Client()
        notice = opened_book(browser).notices.get()
        page = browser.get(f"/book/notices/{notice.id}/")
        assert "この事業者には、お客さまからご連絡ください" in page_text(page)


# --- who it is


def test_another_persons_login_sends_nothing_and_keeps_nothing(forged: ForgedIssuer) -> None:
    """(the name in compare_and_keep)"""
    browser = Client()
    notice = entered(opened_book(browser))
    page = page_text(logged_in(browser, forged, name="髙﨑 花子"))
    assert "ご契約者のお名前は、登録した内容と合いませんでした。" in page
    assert "花子" not in page
    assert (fate(notice), IdentityLogin.objects.count()) == (Status.ENTERED, 0)


def test_a_login_without_a_name_proves_nobody(forged: ForgedIssuer) -> None:
    browser = Client()
    notice = entered(opened_book(browser))
    assert "ログイン先から届きませんでした" in page_text(logged_in(browser, forged, name=None))
    assert (fate(notice), IdentityLogin.objects.count()) == (Status.ENTERED, 0)


def test_both_have_to_match_where_both_are_asked_for() -> None:
    """(asked in login_proof)"""
    with forged_issuer() as forged, asking_provider(forged.address, '["name", "address"]'):
        browser = Client()
        notice = entered(opened_book(browser))
        answer = leave(browser, forged, address={"formatted": "東京都千代田区二番町9-9"})
        assert answer["scope_asked"] == "openid name address"
        assert "引越元の住所は、登録した内容と合いませんでした。" in page_text(come_back(browser, answer))
        assert fate(notice) == Status.ENTERED
        logged_in(browser, forged, address={"formatted": ADDRESS})
        assert fate(notice) == Status.SENT


def test_only_what_is_asked_for_is_asked_of_the_issuer(forged: ForgedIssuer) -> None:
    browser = Client()
    opened_book(browser)
    assert leave(browser, forged)["scope_asked"] == "openid name"


def test_another_holder_entered_since_has_proved_nothing(forged: ForgedIssuer) -> None:
    """(the hash of what was compared)"""
    browser = Client()
    book = opened_book(browser)
    logged_in(browser, forged)
    book.refresh_from_db()
    typed = entries_of(book)
    save_entries(book, replace(typed, items={**typed.items, "person.given_name": "次郎"}))
    notice = entered(book)
    assert (notice.login, fate(notice)) == (LoginState.WAITS, Status.ENTERED)


def test_a_login_of_whoever_used_this_browser_before_does_not_count(forged: ForgedIssuer) -> None:
    """(max_age in begin_identity_login, which goes into the pending login)"""
    browser = Client()
    notice = entered(opened_book(browser))
    earlier = int(timezone.now().timestamp()) - 300
    page = logged_in(browser, forged, auth_time=earlier)
    assert "ここで必要な方法のログインではありませんでした" in page_text(page)
    assert fate(notice) == Status.ENTERED


# --- the way there and back


def test_an_answer_works_once_and_in_its_own_browser(forged: ForgedIssuer) -> None:
    """(take_pending_login)"""
    browser, other = Client(), Client()
    notice = entered(opened_book(browser))
    answer = leave(browser, forged)
    opened_book(other)
    assert "別の画面で始めたログインです" in page_text(come_back(other, answer))
    assert fate(notice) == Status.ENTERED
    come_back(browser, answer)
    IdentityLogin.objects.all().delete()
    assert "別の画面で始めたログインです" in page_text(come_back(browser, answer))
    assert not IdentityLogin.objects.exists()


def test_an_answer_for_another_book_of_the_browser_proves_nothing(
    forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(the book in identity_callback) Opening another book makes a new session; here it keeps the old one's login."""
    browser = Client()
    first = opened_book(browser)
    answer = leave(browser, forged)
    kept = browser.session["issuer_logins"]
    second = opened_book(browser)
    session = browser.session
    session["issuer_logins"] = kept
    session.save()
    assert "別の画面で始めたログインです" in page_text(come_back(browser, answer))
    assert not first.identity_logins.exists()
    assert not second.identity_logins.exists()


def test_a_cancelled_a_late_and_a_mixed_up_answer_leave_it_waiting(
    forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    notice = entered(opened_book(browser))
    answer = leave(browser, forged)
    cancelled = {"error": "access_denied", "state": answer["state"], "iss": answer["iss"]}
    assert "ログインを取りやめました" in page_text(come_back(browser, cancelled))
    mixed = leave(browser, forged) | {"iss": "https://evil.example"}
    assert "ログインを確かめられませんでした" in page_text(come_back(browser, mixed))
    late = leave(browser, forged)
    after(monkeypatch, minutes=11)
    assert "時間がたったか" in page_text(come_back(browser, late))
    assert fate(notice) == Status.ENTERED


def test_an_issuer_that_is_down_leaves_the_telephone(forged: ForgedIssuer) -> None:
    browser = Client()
    notice = entered(opened_book(browser))
    answer = leave(browser, forged)
    forged.status = 503
    page = page_text(come_back(browser, answer))
    assert "いまつながりません" in page
    assert "お電話で手続できます" in page
    assert fate(notice) == Status.ENTERED


def test_wrong_logins_of_one_book_have_a_limit(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """(WRONG_LOGINS)"""
    assert (identity_pages.WRONG_LOGINS.limit, identity_pages.WRONG_LOGINS_FROM.limit) == (10, 60)
    monkeypatch.setattr(identity_pages, "WRONG_LOGINS", RateLimit("identity-login", 2, 15 * 60))
    browser = Client()
    opened_book(browser)
    for _ in range(3):  # right ones are not counted
        logged_in(browser, forged)
    for status in (200, 200, 429):
        assert logged_in(browser, forged, name="別人").status_code == status


# --- what is kept, and what travels


def test_neither_claims_nor_subject_are_kept(forged: ForgedIssuer) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        opened_book(browser)
        logged_in(browser, forged, sub="person-4711")
    one, two = IdentityLogin.objects.all()
    assert (one.issuer, one.issuer_name, sorted(one.matched)) == (SLUG, LABEL, ["name"])
    text = f"{vars(one)}"
    assert not any(secret in text for secret in (HOLDER, "髙﨑", "太郎", "person-4711"))
    # One person's logins of two books cannot be told to be one person's (the key of each book).
    assert one.subject_hash != two.subject_hash
    assert one.matched["name"] != two.matched["name"]


def test_what_was_proved_travels(forged: ForgedIssuer) -> None:
    browser = Client()
    notice = entered(opened_book(browser))
    logged_in(browser, forged)
    notice.refresh_from_db()
    message = DeliveryTask(notice, FIRST_DELIVERY).message()
    document = message_document(message)
    assert document["assurance"]["login"] == LABEL
    assert document["assurance"]["login_matched"] == ["name"]
    assert wrong_places("notice", document) == []
    told = message.filled.assurance
    assert told
    line = told.lines()[3]
    assert line.proved
    assert line.text.startswith(f"{LABEL}（2")
    assert line.text.endswith("合いました: ご契約者のお名前")
    assert not needs_identity_check(notice)


def test_no_mail_says_a_word_of_it(forged: ForgedIssuer) -> None:
    browser = Client()
    book = opened_book(browser)
    entered(book)
    logged_in(browser, forged)
    deliver_due_notices("test")
    assert not any(
        LABEL in read_mail(mail)["text"] or "ログインで" in read_mail(mail)["text"] for mail in Mail.objects.all()
    )


def test_erasing_the_book_erases_its_logins(forged: ForgedIssuer) -> None:
    browser = Client()
    book = opened_book(browser)
    logged_in(browser, forged)
    book.delete()
    assert not IdentityLogin.objects.exists()


# --- the pages


def test_the_pages_say_so_before_and_after_the_sending(forged: ForgedIssuer) -> None:
    browser = Client()
    book = opened_book(browser)
    notice = book.notices.get()
    before = page_text(browser.get(f"/book/notices/{notice.id}/"))
    assert "この事業者は、ご契約者ご本人のログインを求めています" in before
    assert LABEL in before
    sending = page_text(browser.get(f"/book/notices/{notice.id}/answers"))
    assert "送ったあと、ログインで確かめるまでお預かりします" in sending
    entered(book)
    waiting = page_text(browser.get(f"/book/notices/{notice.id}/"))
    assert "本人確認のログインを待っています" in waiting
    book_page = page_text(browser.get("/book/"))
    assert "本人確認のログインを待っている手続があります" in book_page
    assert "本人確認のログインをしていただくと、お預かりしている連絡を送ります。" in book_page
    logged_in(browser, forged)
    after_it = page_text(browser.get(f"/book/notices/{notice.id}/"))
    assert "ログインを求めています" not in after_it
    assert "いま、ログインを求めている事業者はありません" in page_text(browser.get("/book/identity"))


def test_an_unknown_issuer_and_one_for_staff_alone_are_not_there(forged: ForgedIssuer) -> None:
    browser = Client()
    opened_book(browser)
    for address in ("/book/identity/other", "/book/identity/other/callback"):
        assert browser.get(address).status_code == 404
