"""A mover erases the book: nobody opens it again, what waits is withdrawn, and evidence stays without content."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.delivery.book_erasure import EFFECTS, erase_requested_books, request_erasure
from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import ErasedNotice
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail, write_erasure_mail
from renrakucho.monitoring.public_figures import _stories, public_figures
from renrakucho.mover.book import NoSuchBook, draft_by_id
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Receipt
from tests import cast
from tests.receipt.cast import accept_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def work() -> None:
    """The worker, until nothing is due."""
    for _ in range(3):
        deliver_due_notices("test")
        send_due_mails("test")
        erase_requested_books()


def test_every_status_has_an_effect() -> None:
    assert set(EFFECTS) == set(Status)


def test_a_book_of_which_nothing_waits_is_gone_at_once(mailoutbox: list[object]) -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "A-1")
    assert request_erasure(notice.book)
    assert not Book.objects.filter(id=notice.book_id).exists()
    assert not Notice.objects.exists()
    assert not Receipt.objects.exists()
    mail = Mail.objects.get()
    assert mail.kind == MailKind.ERASURE
    assert read_mail(mail)["to"] == cast.EMAIL
    assert "髙﨑" not in str(read_mail(mail))
    work()
    assert [each.subject for each in mailoutbox][-1].endswith("れんらく帳を消したお知らせ")  # type: ignore[attr-defined]
    assert not Book.objects.exists()
    assert not Mail.objects.exists()


def test_what_waits_for_an_answer_is_withdrawn_and_then_goes() -> None:
    notice, _staff = sent()
    assert not request_erasure(notice.book)
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN
    with pytest.raises(NoSuchBook):
        draft_by_id(str(notice.book_id))
    assert Book.objects.get(id=notice.book_id).access_key_hash is None
    work()
    assert not Book.objects.exists()
    kept = ErasedNotice.objects.get(id=notice.id)
    assert (kept.number, kept.provider, kept.status) == (notice.number, "akishima-water", "withdrawn")
    assert [kind for kind, _by, _at in kept.receipts] == ["entered", "sent", "withdrawn", "withdrawal_sent"]
    assert kept.tried_at


def test_a_second_press_and_a_provider_that_is_never_reached() -> None:
    notice, _staff = sent()
    assert not request_erasure(notice.book)
    assert not request_erasure(notice.book)  # the mails are not doubled
    assert Mail.objects.filter(kind=MailKind.ERASURE).count() == 1
    requested_at = Book.objects.get(id=notice.book_id).erasure_requested_at
    assert requested_at
    assert erase_requested_books(requested_at + timedelta(days=3)) == 0
    assert erase_requested_books(requested_at + timedelta(days=3, seconds=1)) == 2
    assert not Book.objects.exists()


def test_a_book_stays_while_its_last_mail_alone_waits() -> None:
    book = cast.book()
    Mail.objects.all().delete()
    Book.objects.filter(id=book.id).update(erasure_requested_at=timezone.now())
    mail = write_erasure_mail(book, to=cast.EMAIL)
    assert erase_requested_books() == 0
    Mail.objects.filter(id=mail.id).update(gave_up_at=timezone.now())
    assert erase_requested_books() == 1


def test_what_was_never_sent_leaves_nothing_at_all() -> None:
    book = cast.book()
    assert request_erasure(book)
    assert not ErasedNotice.objects.exists()


def test_the_public_figures_stay_as_they_were() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "A-1")
    now = timezone.now()
    before, figures = list(_stories(now - timedelta(days=30))), public_figures(now)
    request_erasure(notice.book)
    assert list(_stories(now - timedelta(days=30))) == before
    assert public_figures(now) == figures
