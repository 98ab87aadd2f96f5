"""An old copy of the database opens no book; the present one opens them all, and a copy of last week does, too."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as portal
from django.utils import timezone

from renrakucho.lib import period_keyring
from renrakucho.lib.master_keyring import master_key, open_bytes_with_master_key
from renrakucho.lib.period_keyring import stored_periods, unwrap_for_period, wrap_for_period
from renrakucho.lib.sealing import SealBroken, seal_bytes
from renrakucho.monitoring.check_result import CheckState
from renrakucho.monitoring.installation_checks import run_checks
from renrakucho.mover import period_key_rotation
from renrakucho.mover.book import begin_draft, entries_of
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key
from renrakucho.mover.models import Book
from renrakucho.mover.period_key_rotation import periods_in_use, rewrap_old_books, rotate_period_keys

pytestmark = pytest.mark.django_db
WEEK = 7 * 86_400
START = 3000
NAME = {"name.family": "勅使河原"}


@pytest.fixture
def go_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Callable[[float], datetime]:
    settings.PERIOD_KEYS = str(tmp_path / "period_keys")

    def at(week: float) -> datetime:
        monkeypatch.setattr(period_keyring, "time", SimpleNamespace(time=lambda: week * WEEK))
        period_keyring._keys.clear()  # as another process
        return datetime.fromtimestamp(week * WEEK, UTC)

    at(START)
    return at


def openable(books: list[Book]) -> int:
    """How many open with today's keys."""
    count = 0
    for book in books:
        try:
            count += entries_of(book).items == NAME
        except SealBroken:
            continue
    return count


def begun(count: int) -> list[Book]:
    return [begin_draft(MoveEntries(items=NAME)) for _ in range(count)]


def test_a_copy_older_than_28_days_opens_nothing(go_to: Callable[[float], datetime]) -> None:
    begun(6)
    backup = list(Book.objects.all())  # rows as they were, with the master key at hand
    Book.objects.filter(id__in=[book.id for book in backup[:3]]).delete()
    for days in range(1, 32):  # the worker, each day
        rotate_period_keys(go_to(START + days / 7))
        if days <= 20:
            assert openable(backup) == 6, days  # a restored backup of three weeks has to open
    assert openable(backup) == 0
    assert openable(list(Book.objects.all())) == 3
    assert stored_periods() == [START + 1, START + 2, START + 3, START + 4]


def test_the_copy_would_open_were_the_key_kept(
    go_to: Callable[[float], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a rotation that destroys nothing."""
    monkeypatch.setattr(period_key_rotation, "destroy_period_keys", lambda now, in_use: [])
    begun(2)
    backup = list(Book.objects.all())
    Book.objects.all().delete()
    rotate_period_keys(go_to(START + 31 / 7))
    assert openable(backup) == 2


def test_books_from_before_periods_are_taken_along(go_to: Callable[[float], datetime]) -> None:
    (book,) = begun(1)
    data_key = unwrap_for_period(bytes(book.wrapped_key), book.key_period, book.id.bytes)
    Book.objects.update(key_period=None, wrapped_key=seal_bytes(data_key, key=master_key(), aad=book.id.bytes))
    assert openable(list(Book.objects.all())) == 1
    assert rewrap_old_books() == 1
    assert rewrap_old_books() == 0
    assert periods_in_use() == [START]
    assert openable(list(Book.objects.all())) == 1
    assert len(open_bytes_with_master_key(bytes(Book.objects.get().wrapped_key), book.id.bytes)) > 32


def test_a_killed_run_is_repeated_and_loses_nothing(
    go_to: Callable[[float], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new week's key is written, a batch of books is rewrapped, and the process is gone in the second."""
    monkeypatch.setattr(period_key_rotation, "BATCH", 2)
    begun(5)
    go_to(START + 1)
    left = [3]

    def dying(*given: Any) -> bytes:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return wrap_for_period(*given)

    monkeypatch.setattr(period_key_rotation, "wrap_for_period", dying)
    with pytest.raises(KeyboardInterrupt):
        rotate_period_keys(go_to(START + 4))
    monkeypatch.undo()
    assert [Book.objects.filter(key_period=number).count() for number in (START, START + 4)] == [3, 2]
    assert stored_periods() == [START, START + 4]


def test_a_book_that_does_not_open_keeps_its_key_and_stops_nobody(
    go_to: Callable[[float], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(period_key_rotation, "BATCH", 2)
    books = begun(5)
    Book.objects.filter(id=books[1].id).update(wrapped_key=b"broken")
    rotate_period_keys(go_to(START + 5))
    assert periods_in_use() == [START, START + 5]
    assert START in stored_periods()
    assert openable(list(Book.objects.exclude(id=books[1].id))) == 4


def test_the_log_counts_what_was_rewrapped_and_what_does_not_open(
    go_to: Callable[[float], datetime], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", period_key_rotation.log.name)
    books = begun(3)
    rotate_period_keys(go_to(START + 1))
    assert caplog.messages == ["3 books hang on the period key 3001; destroyed: none"]
    caplog.clear()
    rotate_period_keys(go_to(START + 1))
    assert caplog.messages == []
    Book.objects.filter(id__in=[book.id for book in books[:2]]).update(wrapped_key=b"broken")
    rotate_period_keys(go_to(START + 2))
    assert caplog.messages == [
        "2 books open with none of the keys, and stay on their old period's",
        "1 books hang on the period key 3002; destroyed: none",
    ]


def test_a_write_at_the_same_moment_is_not_overwritten(
    go_to: Callable[[float], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers, or a rotation of the master key: whoever is second finds another text and leaves it."""
    begun(1)
    go_to(START + 1)

    def slower(*given: Any) -> bytes:
        monkeypatch.setattr(period_key_rotation, "wrap_for_period", wrap_for_period)
        assert rewrap_old_books() == 1
        return wrap_for_period(*given)

    monkeypatch.setattr(period_key_rotation, "wrap_for_period", slower)
    assert rewrap_old_books() == 0
    assert openable(list(Book.objects.all())) == 1


def test_nothing_starts_without_the_keys_that_books_hang_on(
    go_to: Callable[[float], datetime], settings: Any, tmp_path: Path
) -> None:
    check_master_key()
    begun(1)
    check_master_key()
    assert run_checks(["master_key"])["master_key"].state == CheckState.OK
    settings.PERIOD_KEYS = str(tmp_path / "elsewhere")
    with pytest.raises(WrongMasterKey, match="週ごとの鍵がありません（3000）"):
        check_master_key()
    result = run_checks(["master_key"])["master_key"]
    assert result.state == CheckState.FAILING
    assert "RENRAKUCHO_PERIOD_KEYS" in str(result.remedy)


def test_a_key_that_cannot_be_destroyed_is_said(go_to: Callable[[float], datetime]) -> None:
    check_master_key()
    begun(1)
    assert run_checks(["master_key"])["master_key"].state == CheckState.OK
    old = period_keyring.period_of(timezone.now()) - 5
    Book.objects.update(key_period=old)
    (Path(portal.PERIOD_KEYS) / str(old)).write_text("ab" * 32)
    assert run_checks(["master_key"])["master_key"].state == CheckState.WARNING
