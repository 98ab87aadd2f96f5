"""「心当たりがない」: the owner of a mailbox stops what was entered with it."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from renrakucho.channel.fax.fax_channel import fax_page
from renrakucho.channel.files.files_channel import batch_rows
from renrakucho.channel.message import message_document
from renrakucho.delivery.book_erasure import erase_requested_books
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import WITHDRAWAL, DeliveryTask
from renrakucho.faces.api.notice_list import notice_state
from renrakucho.mail.book_login import mail_key_links, request_key_link, save_book_entries
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import handed_out_key
from renrakucho.mover.models import Book, BookMailbox
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.registration import register_book
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.disavowal import disavow
from renrakucho.receipt.evidence import DisavowedByOwner, evidence_of
from renrakucho.receipt.models import Disavowal, ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice
from tests import cast
from tests.receipt.cast import accept_notice, answered, clerk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def report_text(mail: Mail) -> str:
    """The text behind «#» of the link that a mail has for whoever did not ask for it."""
    return str(re.findall(r"/book/not-mine#(\w{24})\n", read_mail(mail)["text"])[0])


def sent_notice() -> Notice:
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice


def test_every_mail_of_a_book_to_one_address_has_the_same_link() -> None:
    sent_notice()
    assert Mail.objects.count() > 1
    assert len({report_text(mail) for mail in Mail.objects.all()}) == 1


def test_each_channel_says_that_a_withdrawal_was_reported() -> None:
    """Mutant: without `reported` in DeliveryTask.message, every one says that the mover took it back."""
    notice = sent_notice()
    disavow(report_text(Mail.objects.latest("id")))
    notice = Notice.objects.get(id=notice.id)
    message = DeliveryTask(notice, WITHDRAWAL).message()
    assert message_document(message)["reason"] == "reported"
    assert fax_page(message).reported
    assert "本人に覚えがないと申告がありました" in batch_rows([message], "UTF-8").decode("utf-8-sig")
    assert "本人に覚えがないと申告" in str(notice_state(notice)["reason"])


def test_before_the_proof_the_book_is_deleted_and_a_row_stays() -> None:
    book = cast.draft()
    register_book(book)
    done = disavow(report_text(Mail.objects.get()))
    assert done
    assert (done.was_proved, done.notices, done.withdrawn, done.accepted) == (False, 0, 0, 0)
    erase_requested_books()
    assert not Book.objects.exists()
    assert not Notice.objects.exists()
    assert AuditEntry.objects.get(deed=AuditAction.DISAVOWED).number == ""


def test_what_was_sent_is_withdrawn_and_the_provider_hears_of_it() -> None:
    notice = sent_notice()
    done = disavow(report_text(Mail.objects.latest("id")))
    assert done
    assert (done.was_proved, done.notices, done.withdrawn, done.accepted) == (True, 1, 1, 0)
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN
    withdrawn = notice.receipts.get(kind=ReceiptKind.WITHDRAWN)
    assert isinstance(evidence_of(withdrawn, notice), DisavowedByOwner)
    deliver_due_notices("test")
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
    assert AuditEntry.objects.get(deed=AuditAction.DISAVOWED).number == notice.number


def test_what_a_provider_has_accepted_stays_and_is_counted() -> None:
    notice, staff = sent_notice(), clerk()
    staff.save()
    link = report_text(Mail.objects.latest("id"))
    accept_notice(notice, staff, "A-1")
    done = disavow(link)
    assert done
    assert (done.notices, done.withdrawn, done.accepted) == (1, 0, 1)
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED


def test_sessions_and_access_key_end() -> None:
    book = sent_notice().book
    key = handed_out_key(book)
    client = Client()
    client.post("/book/login", {"email": cast.EMAIL, "access_key": key})
    assert client.get("/book/").status_code == 200
    disavow(report_text(Mail.objects.latest("id")))
    assert client.get("/book/")["Location"].startswith("/book/login")
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": key}).status_code != 302
    request_key_link(cast.EMAIL)
    mail_key_links()
    assert not Mail.objects.filter(kind=MailKind.KEY_LINK).exists()


def test_pressed_again_it_changes_nothing() -> None:
    sent_notice()
    link = report_text(Mail.objects.latest("id"))
    first, second = disavow(link), disavow(link)
    assert first == second
    assert Disavowal.objects.count() == 1
    assert AuditEntry.objects.filter(deed=AuditAction.DISAVOWED).count() == 1


def test_after_the_deletion_it_gives_the_same_answer() -> None:
    book = cast.draft()
    register_book(book)
    link = report_text(Mail.objects.get())
    done = disavow(link)
    erase_requested_books()
    assert disavow(link) == done


def test_an_address_that_was_corrected_before_its_proof_stops_nothing() -> None:
    book = cast.draft()
    register_book(book)
    book.refresh_from_db()
    link = report_text(Mail.objects.get())
    save_book_entries(book, cast.entries(contact__email="right@example.jp"))
    assert disavow(link) is None
    assert Book.objects.exists()


def test_an_address_that_was_proved_stops_the_book_after_it_was_changed() -> None:
    notice = sent_notice()
    link = report_text(Mail.objects.latest("id"))
    save_book_entries(notice.book, cast.entries(contact__email="other@example.jp"))
    done = disavow(link)
    assert done
    assert done.was_proved
    assert Notice.objects.get(id=notice.id).status == Status.WITHDRAWN


@pytest.mark.parametrize("text", ["", "x", "0" * 24, "𠮷" * 24])
def test_an_unknown_link_stops_nothing(text: str) -> None:
    sent_notice()
    assert disavow(text) is None


@pytest.mark.parametrize(("hours", "was_proved"), [(1, True), (0, False)])
def test_a_book_from_before_mailboxes_had_proofs_counts_as_proved_by_its_own_mark(hours: int, was_proved: bool) -> None:
    """One that was never asked for a proof bears the moment of its registration, and counts as not proved."""
    book = sent_notice().book
    BookMailbox.objects.update(proved_at=None)
    Book.objects.update(mailbox_proved_at=F("registered_at") + timedelta(hours=hours))
    done = disavow(report_text(Mail.objects.filter(book=book).latest("id")))
    assert done
    assert done.was_proved == was_proved
