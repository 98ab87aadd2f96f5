"""A lost access key is replaced by a mailed link: once, for a while, and nobody learns who has a book."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.mail.book_login import delete_old_links, mail_key_links
from renrakucho.mail.mailbox_proof import prove_by_code
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import NoSuchBook, entries_of, open_with_access_key
from renrakucho.mover.models import Book, KeyLink, KeyRequest
from renrakucho.notice.registration import register_book
from tests import cast
from tests.book.opened import key_of, mailed_code, open_book_of, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

LOST = "/book/lost-key"


def mails(kind: MailKind) -> list[dict[str, str]]:
    return [read_mail(mail) for mail in Mail.objects.filter(kind=kind).order_by("id")]


def mailed_links(client: Client, email: str = cast.EMAIL) -> list[str]:
    assert client.post(LOST, {"email": email})["Location"] == f"{LOST}/sent"
    mail_key_links()
    return [
        re.findall(r"http://localhost:8000(/book/new-key/\S+)", mail["text"])[0] for mail in mails(MailKind.KEY_LINK)
    ]


def test_the_mailed_link_makes_a_new_key_and_ends_the_old_one(client: Client) -> None:
    book = cast.draft()
    old_key = cast.access_key_of(book)
    assert old_key
    elsewhere = Client()
    elsewhere.post("/book/login", {"email": cast.EMAIL, "access_key": old_key})
    assert elsewhere.get("/book/").status_code == 200
    (link,) = mailed_links(client)
    assert "新しいアクセスキーを作る" in page_text(client.get(link))
    assert elsewhere.get("/book/").status_code == 200  # a link that is only looked at changes nothing
    assert open_with_access_key(cast.EMAIL, old_key).id == book.id
    shown = client.post(link, follow=True)
    (key,) = re.findall(r'class="access-key number">([0-9A-Z-]{29})<', shown.content.decode())
    assert open_with_access_key(cast.EMAIL, key).id == book.id
    assert client.get("/book/").status_code == 200
    with pytest.raises(NoSuchBook):
        open_with_access_key(cast.EMAIL, old_key)
    assert elsewhere.get("/book/")["Location"].startswith("/book/login")
    (mail,) = mails(MailKind.KEY_RENEWED)
    assert (mail["to"], key in mail["text"]) == (cast.EMAIL, True)
    book.refresh_from_db()
    assert entries_of(book).items["contact.email"] == cast.EMAIL


def test_a_link_works_once(client: Client) -> None:
    cast.access_key_of(cast.draft())
    (link,) = mailed_links(client)
    client.post(link)
    for again in (client.get(link), Client().post(link)):
        assert again.status_code == 404
        assert "新しいアクセスキーのお知らせ" in page_text(again)
    assert len(mails(MailKind.KEY_RENEWED)) == 1


def test_the_other_links_of_the_book_end_with_the_first_that_is_used(client: Client) -> None:
    cast.access_key_of(cast.draft())
    mailed_links(client)
    first, second = mailed_links(client)
    client.post(second)
    assert client.post(first).status_code == 404


def test_a_link_expires_after_two_hours(client: Client) -> None:
    cast.access_key_of(cast.draft())
    (link,) = mailed_links(client)
    KeyLink.objects.update(valid_until=timezone.now() + timedelta(seconds=30))
    assert client.get(link).status_code == 200
    KeyLink.objects.update(valid_until=timezone.now())
    assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)
    mailed_links(client)
    left = [one.valid_until - timezone.now() for one in KeyLink.objects.order_by("id")]
    assert timedelta(hours=1, minutes=59) < left[1] <= timedelta(hours=2)
    assert delete_old_links(timezone.now()) == 1


def test_the_answer_is_the_same_whether_or_not_there_is_a_book(client: Client) -> None:
    cast.access_key_of(cast.draft())
    answers: list[Any] = [Client().post(LOST, {"email": email}, follow=True) for email in (cast.EMAIL, "no@example.jp")]
    assert answers[0].redirect_chain == answers[1].redirect_chain == [(f"{LOST}/sent", 302)]
    assert answers[0].content == answers[1].content
    assert KeyRequest.objects.count() == 2  # what was written is the same too: the mail is the worker's
    assert not KeyLink.objects.exists()
    assert mail_key_links() == 2
    assert mail_key_links() == 0
    assert len(mails(MailKind.KEY_LINK)) == KeyLink.objects.count() == 1


def test_an_unregistered_draft_gets_no_link(client: Client) -> None:
    cast.draft()
    assert mailed_links(client) == []


def test_each_book_of_an_address_gets_its_own_link(client: Client) -> None:
    books = [cast.draft(), cast.draft()]
    keys = [cast.access_key_of(book) for book in books]
    first, _second = mailed_links(client, cast.EMAIL.upper())
    client.post(first)
    assert open_with_access_key(cast.EMAIL, str(keys[1])).id == books[1].id


def test_requests_for_one_address_are_limited_alike(client: Client) -> None:
    cast.access_key_of(cast.draft())
    for email in (cast.EMAIL, "no@example.jp"):
        assert [client.post(LOST, {"email": email}).status_code for _try in range(4)] == [302, 302, 302, 429]


def test_a_mistyped_address_is_asked_about(client: Client) -> None:
    page = client.post(LOST, {"email": "taro@gmial.com"}, follow=True)
    assert (page.status_code, "taro@gmail.com にする" in page_text(page)) == (422, True)
    assert client.post(LOST, {"email": "taro@gmial.com", "take.email": "taro@gmail.com"}).status_code == 302
    assert client.post(LOST, {"email": "taro@gmial.com", "sure.email": "taro@gmial.com"}).status_code == 302
    assert KeyRequest.objects.count() == 2


def test_the_login_names_the_mail_by_its_subject_and_leads_to_the_link(client: Client) -> None:
    draft = cast.draft()
    register_book(draft)
    prove_by_code(draft, mailed_code())
    subject = mails(MailKind.ACCESS_KEY)[0]["subject"]
    for language in ("ja", "en"):
        page = client.get("/book/login", headers={"Accept-Language": language})
        (named,) = set(re.findall("(?:メール「|“)(アクセスキー[^」”]+)[」”]", page_text(page)))
        assert subject.endswith(named)
        assert f'href="{LOST}"' in page.content.decode()


def changed(client: Client, email: str, **more: str) -> Any:
    return client.post(
        "/apply/items",
        {**cast.items(contact__email=email), "in_book": "yes", **key_of(Book.objects.get()), **more},
        follow=True,
    )


def test_a_changed_address_is_told_to_both_and_changes_the_login(client: Client) -> None:
    book = open_book_of(client)
    Mail.objects.all().delete()
    page = changed(client, "hanako@example.jp")
    assert "これからは、新しいアドレスでれんらく帳を開きます" in page_text(page)
    old, new = mails(MailKind.EMAIL_CHANGED)
    assert (old["to"], new["to"]) == (cast.EMAIL, "hanako@example.jp")
    for mail in (old, new):
        assert "れんらく帳を開くときのメールアドレスも変わります" in mail["text"]
    assert "hanako@example.jp" in old["text"]
    assert cast.EMAIL not in new["text"]  # the new address may be a stranger's
    changed(client, "hanako@example.jp")
    changed(client, "Hanako@Example.jp")
    assert len(mails(MailKind.EMAIL_CHANGED)) == 2
    book.refresh_from_db()
    assert entries_of(book).items["contact.email"] == "Hanako@Example.jp"


def test_a_changed_address_ends_the_links_to_the_old_one(client: Client) -> None:
    open_book_of(client)
    (link,) = mailed_links(Client())
    changed(client, "hanako@example.jp")
    assert Client().post(link).status_code == 404


def test_a_draft_mails_nobody_when_its_address_changes(client: Client) -> None:
    book = cast.draft()
    session = client.session
    session["draft"] = str(book.id)
    session.save()
    client.post("/apply/items", cast.items(contact__email="hanako@example.jp"))
    assert not Mail.objects.exists()


def test_a_book_that_does_not_open_keeps_nobody_else_from_a_link(client: Client) -> None:
    """Its own request is tried again every ten minutes, for a day."""
    broken = cast.book(contact__email="broken@example.jp")
    whole = cast.book()
    wrapped = broken.wrapped_key
    Book.objects.filter(id=broken.id).update(wrapped_key=b"wrapped under another key")
    for email in ("broken@example.jp", cast.EMAIL):
        client.post("/book/lost-key", {"email": email})
    assert mail_key_links() == 1
    assert whole.key_links.count() == 1
    assert mail_key_links() == 0
    Book.objects.filter(id=broken.id).update(wrapped_key=wrapped)
    assert mail_key_links(timezone.now() + timedelta(minutes=11)) == 1
    assert KeyRequest.objects.count() == 0


def test_a_request_that_always_fails_is_dropped_after_a_day(client: Client) -> None:
    broken = cast.book()
    Book.objects.filter(id=broken.id).update(wrapped_key=b"wrapped under another key")
    client.post("/book/lost-key", {"email": cast.EMAIL})
    KeyRequest.objects.update(attempts=142)
    mail_key_links()
    assert KeyRequest.objects.count() == 1
    mail_key_links(timezone.now() + timedelta(minutes=11))
    assert KeyRequest.objects.count() == 0
