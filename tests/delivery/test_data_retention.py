"""Retention: each kind of data goes when its time has passed, not a day sooner or later, and what is needed stays."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.files.exchange_folder import put_file, remove_old_files
from renrakucho.delivery import data_retention
from renrakucho.delivery.book_erasure import erase_book
from renrakucho.delivery.data_retention import STEPS, enforce_retention
from renrakucho.delivery.models import ErasedNotice
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.retention_policy import RETENTION, KeptData, read_retention, retention_days
from renrakucho.mail.book_login import request_key_link
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book, KeyRequest
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt import transitions
from renrakucho.receipt.book_retention import kept_until
from renrakucho.receipt.models import Receipt
from tests import cast
from tests.provider.cast import commit_links
from tests.receipt.cast import accept_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
DAY = timedelta(days=1)


def noon(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, datetime.min.time())) + timedelta(hours=12)


def moving_on(day: date) -> Book:
    return cast.book(**{"move.leave_on": day.isoformat(), "move.arrive_on": day.isoformat()})


def test_every_kind_has_its_days_and_its_step() -> None:
    assert set(RETENTION) == set(STEPS) == set(KeptData)
    days = [(kind.value, rule.days) for kind, rule in RETENTION.items()]
    assert days[:4] == [("draft", 7), ("book", 90), ("evidence", 365), ("audit", 1095)]
    assert days[4:7] == [("staff_mail", 30), ("key_request", 2), ("api_answer", 7)]
    assert days[7:11] == [("peer_receipt", 365), ("listing", 90), ("sheet_version", 365), ("nightly_file", 90)]
    assert days[11:] == [("postcard", 14)]


def test_a_book_is_kept_for_90_days_after_the_move() -> None:
    day = timezone.localdate() + 20 * DAY
    book = moving_on(day)
    assert kept_until(book) == day + 90 * DAY
    enforce_retention(noon(day + 90 * DAY) + timedelta(hours=11, minutes=59))
    assert Book.objects.filter(id=book.id).exists()
    assert enforce_retention(noon(day + 91 * DAY) - timedelta(hours=12)) == {"book": 1}
    assert not Book.objects.exists()


def test_a_later_acceptance_puts_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, staff = sent()
    book = Book.objects.get(id=notice.book_id)
    late = noon(kept_until(book) + 10 * DAY)
    enforce_retention()  # has computed the day
    with monkeypatch.context() as then:
        then.setattr(transitions, "database_now", lambda: late - 15 * DAY)
        accept_notice(notice, staff, "A-1")
    enforce_retention(late)
    assert Book.objects.get(id=book.id).erase_at == noon(kept_until(book) + DAY) - timedelta(hours=12)
    assert kept_until(book) == timezone.localdate(late) + 75 * DAY
    enforce_retention(noon(kept_until(book) + DAY))
    assert not Book.objects.exists()


def test_an_earlier_day_of_the_move_brings_it_forward() -> None:
    day = timezone.localdate() + 100 * DAY
    book = moving_on(day)
    enforce_retention()
    sooner = (timezone.localdate() + DAY).isoformat()
    save_entries(book, cast.entries(**{"move.leave_on": sooner, "move.arrive_on": sooner}))
    assert enforce_retention(noon(timezone.localdate() + 93 * DAY)) == {"book": 1}


def test_a_day_typed_for_2099_keeps_nothing_until_then() -> None:
    book = moving_on(date(2099, 1, 1))
    Book.objects.update(created_at=timezone.now() - 5 * DAY)  # it counts from the registration
    book.refresh_from_db()
    assert kept_until(book) == timezone.localdate() + (366 + 90) * DAY


def test_after_years_nothing_personal_is_left() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "A-1")
    request_key_link(cast.EMAIL)
    cast.draft()
    soon = timezone.now() + 200 * DAY
    assert enforce_retention(soon) == {"draft": 1, "book": 1, "key_request": 1}
    assert [model.objects.count() for model in (Book, Notice, Receipt, KeyRequest)] == [0, 0, 0, 0]
    assert ErasedNotice.objects.get().status == "accepted"
    assert enforce_retention(soon + 364 * DAY) == {}
    assert enforce_retention(soon + 366 * DAY)["evidence"] == 1
    assert not ErasedNotice.objects.exists()


def test_audit_rows_are_kept_for_three_years() -> None:
    now = timezone.now()
    for age in (1096, 1094):  # as they were written
        log_moment = now - age * DAY
        AuditEntry.objects.create(provider="bureau", deed=AuditAction.LOGGED_IN, done_at=log_moment)
    commit_links()
    assert enforce_retention(now) == {"audit": 1}
    assert [entry.done_at for entry in AuditEntry.objects.filter(deed=AuditAction.LOGGED_IN)] == [now - 1094 * DAY]


def test_a_run_that_was_killed_goes_on_with_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        cast.draft(())
    Book.objects.update(created_at=timezone.now() - 8 * DAY)
    monkeypatch.setattr(data_retention, "BATCH", 2)
    left = [3]

    def dying(*given: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        erase_book(*given)

    monkeypatch.setattr(data_retention, "erase_book", dying)
    with pytest.raises(KeyboardInterrupt):
        enforce_retention()
    assert Book.objects.count() == 2
    monkeypatch.setattr(data_retention, "erase_book", erase_book)
    assert enforce_retention() == {"draft": 2}


def test_a_book_that_does_not_open_stops_nobody_else() -> None:
    broken, other = cast.book(()), cast.book(())
    Book.objects.filter(id=broken.id).update(wrapped_key=b"broken")
    now = timezone.now() + 400 * DAY
    assert enforce_retention(now) == {"book": 1}
    kept = Book.objects.get()
    assert (kept.id, kept.erase_at) == (broken.id, now + DAY)  # it is tried again
    assert not Book.objects.filter(id=other.id).exists()


def test_old_files_of_our_own_naming_are_removed(tmp_path: Path) -> None:
    put_file(tmp_path, "some-water-20260801-1.csv", b"x")
    put_file(tmp_path, "some-water-20261101-2.csv", b"x")
    (tmp_path / "answers" / "done").mkdir(parents=True)
    (tmp_path / "answers" / "done" / "a.csv").touch()
    (tmp_path / "answers" / "new.csv").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "results").symlink_to(tmp_path)
    now = timezone.now()
    for name in ("some-water-20260801-1.csv", "some-water-20260801-1.csv.sha256", "answers/done/a.csv", "notes.txt"):
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / "answers" / "new.csv", (0, 0))  # nobody has taken it yet
    assert remove_old_files(tmp_path, now - 90 * DAY) == 3
    assert {path.name for path in tmp_path.iterdir()} == {
        "answers", "notes.txt", "results", "some-water-20261101-2.csv", "some-water-20261101-2.csv.sha256",
    }  # fmt: skip
    assert (tmp_path / "answers" / "new.csv").exists()


def test_the_setting_names_days_and_refuses_nonsense(settings: Any) -> None:
    assert read_retention("") == {}
    settings.RETENTION = read_retention("book=60, evidence=400")
    assert (retention_days(KeptData.BOOK), retention_days(KeptData.EVIDENCE)) == (60, 400)
    assert retention_days(KeptData.DRAFT) == 7
    for wrong in ("books=60", "book", "book=0", "book=-1", "book=x", "book=99999"):
        with pytest.raises(InvalidInput, match="RENRAKUCHO_RETENTION"):
            read_retention(wrong)
