"""Assurance of a notice: frozen with its form, from the rows of its book."""

from datetime import UTC, datetime

import pytest

from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import freeze_form, frozen_form, keep_draft
from renrakucho.sheet.assurance import Assurance
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP = "water:stop:akishima-water"
ANSWERS = {"visit": "希望しない"}
PROVED_AT = datetime(2026, 11, 28, 5, 4, tzinfo=UTC)


def stop_notice(**answers: str) -> Notice:
    """A draft of a stop at 昭島市, with these own items."""
    notice = cast.registered(cast.leaving_akishima([STOP])).notices.get()
    keep_draft(notice, answers=ANSWERS | answers)
    return notice


def assurance(notice: Notice) -> Assurance:
    found = frozen_form(notice).assurance
    assert found
    return found


@pytest.mark.parametrize(("typed", "state"), [("123-4567", "in_format"), ("", "not_given")])
def test_it_says_whether_the_customer_number_was_given(typed: str, state: str) -> None:
    notice = stop_notice(customer_number=typed)
    freeze_form(notice)
    assert assurance(notice).customer_number == state


def test_it_counts_what_was_accepted_before_and_stays_as_it_was() -> None:
    book = cast.registered(cast.leaving_akishima([STOP, "broadcasting:change:nhk"]))
    cast.unprove(book)
    book.refresh_from_db()
    notice, other = book.notices.order_by("offer").filter(offer=STOP).get(), book.notices.exclude(offer=STOP).get()
    keep_draft(notice, answers=ANSWERS)
    Notice.objects.filter(id=other.id).update(status=Status.ACCEPTED)
    freeze_form(notice)
    Notice.objects.filter(id=other.id).update(status=Status.WITHDRAWN)
    assert assurance(notice) == Assurance(None, "not_given", 1, check_needed=True)


def test_a_mailbox_that_was_proved_after_the_writing_is_told_too() -> None:
    notice = stop_notice()
    cast.unprove(notice.book)
    notice.book.refresh_from_db()
    freeze_form(notice)
    assert assurance(notice).mailbox_proved_at is None
    notice.book.mailbox_proved_at = PROVED_AT
    assert assurance(notice).mailbox_proved_at == PROVED_AT


def test_a_peers_word_is_not_changed_by_our_own_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "mailbox_proved_at", PROVED_AT, raising=False)
    monkeypatch.setattr(
        "renrakucho.notice.notice_form.assurance_of", lambda *_args: Assurance(told_by="関西引越し手続きサービス")
    )
    notice = stop_notice()
    freeze_form(notice)
    assert assurance(notice).mailbox_proved_at is None


def test_a_book_older_than_the_proof_says_that_nobody_was_asked() -> None:
    """Mutant: without is_never_asked the line says «届いた番号で確かめました»."""
    notice = stop_notice()
    Book.objects.filter(id=notice.book_id).update(mailbox_proved_at=notice.book.registered_at)  # as migration 0012 does
    notice.book.refresh_from_db()
    freeze_form(notice)
    line = assurance(notice).lines()[0]
    assert (line.proved, assurance(notice).mailbox_proved_at) == (False, None)
    assert line.text == "登録された時点では、確かめる手順がありませんでした（確かめていません）"
    assert "mailbox_proved_at" not in assurance(notice).as_json()
