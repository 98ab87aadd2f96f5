"""Registration page: summary, and registration at most once."""

import re
from copy import deepcopy

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from renrakucho.faces.book.apply.registration_page import registration_page
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.session_store import SessionStore
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import entries_of, handed_out_key, open_with_access_key
from renrakucho.mover.models import Book, BookMailbox
from renrakucho.notice.models import Notice
from tests import cast
from tests.book.opened import hidden_field, mailed_code, open_book_of
from tests.book_apply.flow import Applicant, read, typed

pytestmark = pytest.mark.django_db

NHK, JCB = "broadcasting:change:nhk", "credit_card:change:jcb"


def test_everything_is_shown_as_it_will_be_registered(applicant: Applicant) -> None:
    applicant.to_check()
    page = read(applicant.get("check"))
    for said in (
        "髙﨑 太郎（タカサキ タロウ）",
        cast.EMAIL,
        "〒102-0084 東京都千代田区二番町5-6 あいおい二番町ビル A-301",
    ):
        assert said in page
    for said in ("引っ越す方と同じ", "いまと同じ方法", "新しい住所、髙﨑 太郎 宛", "03-3515-6989"):
        assert said in page
    content = applicant.get("check").content.decode()
    for link in ("/apply/addresses", "/apply/providers", "/apply/items#id_contact.email"):
        assert f'href="{link}"' in content


def test_each_provider_is_shown_with_what_it_gets(applicant: Applicant) -> None:
    applicant.to_check([NHK, JCB])
    page = read(applicant.get("check"))
    nhk = page[page.index("住所変更 NHK") : page.index("住所変更 JCB")]
    jcb = page[page.index("住所変更 JCB") : page.index("共通の項目")]
    assert "ご契約者（氏名・フリガナ）" in nhk
    assert "いまの住所" in nhk
    assert "支払い" not in nhk
    assert "引っ越す方（氏名・フリガナ）" in jcb
    assert "メールアドレス" not in jcb


def test_registration_makes_a_book_its_notices_and_one_mail(applicant: Applicant) -> None:
    applicant.to_check()
    response = applicant.post("check")
    assert (response.status_code, response.headers["Location"]) == (303, "/book/mailbox")
    book = Book.objects.get()
    assert book.registered_at
    assert set(Notice.objects.values_list("offer", flat=True)) == set(cast.ALL)
    assert Mail.objects.count() == 1
    assert cast.EMAIL in read(applicant.client.get("/book/mailbox"))


def test_only_items_that_a_provider_gets_are_registered(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.post("providers", {"chosen": [JCB]})
    applicant.post("items", typed())
    assert applicant.entries.items["payment.final"] == "account"  # still there, should its provider come back
    applicant.post("check")
    kept = entries_of(Book.objects.get()).items
    assert "payment.final" not in kept
    assert "move.leave_on" not in kept
    assert kept["person.family_name"] == "髙﨑"


def test_a_second_press_changes_nothing_and_shows_the_same_page(applicant: Applicant) -> None:
    applicant.to_check()
    first, second = applicant.post("check"), applicant.post("check")
    assert first.headers["Location"] == second.headers["Location"] == "/book/mailbox"
    assert (Book.objects.count(), Notice.objects.count(), Mail.objects.count()) == (1, len(cast.ALL), 1)


def test_the_number_of_the_session_changes_and_the_old_one_opens_nothing(applicant: Applicant) -> None:
    applicant.to_check()
    old = deepcopy(applicant.client.cookies)
    applicant.post("check")
    after_registration = deepcopy(applicant.client.cookies)
    applicant.client.post("/book/mailbox", {"mailbox_code": mailed_code()})
    assert applicant.client.get("/book/").status_code == 200
    numbers = set()
    for cookies in (old, after_registration):
        thief = Client()
        thief.cookies = cookies
        numbers.add(cookies["sessionid"].value)
        assert thief.get("/book/").headers["Location"].startswith("/book/login")
        assert thief.get("/book/registered").headers["Location"].startswith("/book/login")
        assert thief.get("/apply/check").headers["Location"] == "/apply/"
    assert len({*numbers, applicant.client.cookies["sessionid"].value}) == 3


def test_a_second_press_with_the_old_session_is_led_to_the_code_and_opens_nothing(applicant: Applicant) -> None:
    applicant.to_check()
    belongs = hidden_field(applicant.get("check"), "belongs")
    hasty = Client()
    hasty.cookies = deepcopy(applicant.client.cookies)
    applicant.post("check", {"belongs": belongs})
    response = hasty.post("/apply/check", {"belongs": belongs})
    assert response.status_code == 200
    assert "メールに届いた番号を入れてください" in read(response)
    assert cast.EMAIL not in read(response)  # whoever has only the page is not told whose it is, and cannot change it
    assert hasty.get("/book/").status_code == 302
    assert (Book.objects.count(), Notice.objects.count(), Mail.objects.count()) == (1, len(cast.ALL), 1)
    page = {"belongs": hidden_field(response, "belongs")}
    hasty.post("/book/mailbox", {**page, "email": "thief@example.jp"})
    assert entries_of(Book.objects.get()).items["contact.email"] == cast.EMAIL
    assert hasty.post("/book/mailbox", {**page, "mailbox_code": "000000"}).status_code == 422
    opened = hasty.post("/book/mailbox", {**page, "mailbox_code": mailed_code()}, follow=True)
    assert opened.redirect_chain == [("/book/registered", 302)]
    assert 'class="access-key number"' in opened.content.decode()


def test_a_second_press_that_had_read_its_session_before_opens_nothing(applicant: Applicant) -> None:
    applicant.to_check()
    second = RequestFactory().post("/apply/check")
    second.session = SessionStore(applicant.client.session.session_key)
    assert second.session["draft"]  # read now, as a request does that waits for the first to be done
    applicant.post("check")
    response = registration_page(second)
    assert response.status_code == 200
    assert not second.session.modified
    assert "book" not in second.session
    assert (Book.objects.count(), Notice.objects.count(), Mail.objects.count()) == (1, len(cast.ALL), 1)


def test_a_double_press_on_the_code_ends_on_the_same_page(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.post("check")
    page = applicant.client.get("/book/mailbox")
    typed_here = {"belongs": hidden_field(page, "belongs"), "mailbox_code": mailed_code()}
    hasty = Client()
    hasty.cookies = deepcopy(applicant.client.cookies)
    shown = [client.post("/book/mailbox", typed_here, follow=True) for client in (applicant.client, hasty)]
    keys = [re.findall(r'class="access-key number">([0-9A-Z-]{29})<', page.content.decode()) for page in shown]
    assert keys[0] == keys[1] != []
    assert Mail.objects.filter(kind=MailKind.ACCESS_KEY).count() == 1
    late = Client()
    BookMailbox.objects.update(code_until=timezone.now())  # the minute is over
    assert late.post("/book/mailbox", typed_here).status_code == 422
    assert late.get("/book/").status_code == 302


def test_no_key_exists_on_any_page_or_mail_before_the_proof(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.post("check")
    key = handed_out_key(Book.objects.get())
    texts = [applicant.client.get(path, follow=True).content.decode() for path in ("/book/registered", "/book/mailbox")]
    texts += [read_mail(mail)["text"] for mail in Mail.objects.all()]
    assert not any(key in text or in_fours(key) in text for text in texts)
    assert open_with_access_key(cast.EMAIL, key)  # it would open the book


def test_providers_can_be_added_to_a_registered_book(directory: str, client: Client) -> None:
    open_book_of(client, [NHK])
    applicant = Applicant(client)
    applicant.post("", {"wishes": ["broadcasting", "credit_card"], "in_book": "1"})
    applicant.post("providers", {"chosen": [JCB], "in_book": "1"})
    applicant.post("items", typed() | {"in_book": "1"})
    assert "れんらく帳に加える" in read(applicant.get("check"))
    response = applicant.post("check", {"in_book": "1"})
    assert response.headers["Location"] == "/book/"
    assert sorted(Notice.objects.values_list("offer", flat=True)) == [NHK, JCB]
    assert Mail.objects.count() == 1


def test_a_registered_book_without_additions_is_shown_read_only(directory: str, client: Client) -> None:
    open_book_of(client, [NHK])
    page = read(Applicant(client).get("check"))
    assert "もう送った連絡は、ここを直しても変わりません" in page
    assert "登録しますか" not in page
    assert "れんらく帳に加える" not in page


def test_no_personal_data_is_in_a_url_a_session_or_a_plain_column(applicant: Applicant) -> None:
    names = {"person__family_name": "勅使河原", "person__given_name": "𠮷右衛門", "contact__email": "kichi@example.jp"}
    applicant.to_check(**names)
    applicant.post("check")
    sessions = [str(row.get_decoded()) for row in Session.objects.all()]
    assert sessions
    stored = "".join(sessions)
    with connection.cursor() as cursor:
        for table in ("mover_book", "notice_notice", "mail_mail", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                stored += "".join(
                    bytes(cell).hex() if isinstance(cell, bytes | memoryview) else str(cell) for cell in row
                )
    for secret in ("勅使河原", "𠮷右衛門", "kichi@example.jp", "03-3515-6989", "あいおい", "二番町"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


@pytest.mark.parametrize("chosen", [[NHK], ["water:start:akishima-water"]], ids=["a form to carry", "own items"])
def test_the_key_is_shown_whatever_the_first_notice_needs(applicant: Applicant, chosen: list[str]) -> None:
    applicant.to_check(chosen)
    applicant.post("check")
    applicant.client.post("/book/mailbox", {"mailbox_code": mailed_code()})
    assert 'class="access-key number"' in applicant.client.get("/book/registered").content.decode()
