"""What is shown of a written notice comes from its frozen form, whatever is entered afterwards."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.entries import MovePlace
from renrakucho.notice.connected_providers import connected_sheet, frozen_sheet
from renrakucho.notice.models import Notice, SheetVersion, Status
from renrakucho.notice.notice_form import freeze_form, frozen_form
from renrakucho.notice.sheet_versions import load_versions
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import ask_again, hand_over_notice, withdraw_notice
from renrakucho.receipt.notice_view import HistoryEntry, in_order_of_deadline, notice_view, notice_views
from tests import cast
from tests.receipt.cast import accept_notice, sent

ROOT = Path(__file__).resolve().parents[2]
STOP = "water:stop:tokyo-waterworks"
SOURCE = 'source = "https://water.example/"\nchecked_on = 2026-11-22\n'
CHIYODA = f"""
[[case]]
municipalities = ["東京都千代田区"]
[case.rules]
{SOURCE}change_until = {{ days = 7, before = ["move.leave_on"] }}
"""
HACHIOJI = MovePlace("1920046", "13201", "東京都", "八王子市", "明神町")


@pytest.fixture
def stop(directory: str, tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """The stop of 東京都水道局, in a folder of its own."""
    shutil.copytree(ROOT / "providers", tmp_path / "providers")
    settings.PROVIDERS = str(tmp_path / "providers")  # type: ignore[attr-defined]
    return tmp_path / "providers/tokyo-waterworks/stop.toml"


def enter(notice: Notice, **items: str) -> None:
    entries = entries_of(notice.book)
    typed = {name.replace("__", "."): text for name, text in items.items()}
    save_entries(notice.book, replace(entries, items={**entries.items, **typed}))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.django_db
def test_day_and_deadline_of_a_written_notice_stay_as_told(directory: str) -> None:
    notice = hand_over_notice(cast.notice(STOP, move__leave_on=in_days(30).isoformat()))
    told = notice_view(notice)
    assert (told.on, told.outdated) == (in_days(30), False)
    assert told.change_until
    assert in_days(20) < told.change_until < in_days(30)
    enter(notice, move__leave_on=in_days(44).isoformat())
    shown = notice_view(notice)
    assert shown.outdated
    assert (shown.on, shown.change_until, shown.withdraw_until) == (told.on, told.change_until, told.withdraw_until)
    assert shown.facts["move.leave_on"] == in_days(30).isoformat()


@pytest.mark.django_db
def test_day_and_deadline_of_a_draft_follow_the_entries(directory: str) -> None:
    notice = cast.notice(STOP, move__leave_on=in_days(30).isoformat())
    before = notice_view(notice)
    enter(notice, move__leave_on=in_days(44).isoformat())
    after = notice_view(notice)
    assert (before.on, after.on) == (in_days(30), in_days(44))
    assert before.change_until
    assert after.change_until
    assert after.change_until > before.change_until


@pytest.mark.django_db
@pytest.mark.parametrize("by_phone", [False, True])
def test_rules_by_area_stay_those_of_the_address_that_was_told(stop: Path, by_phone: bool) -> None:
    with stop.open("a", encoding="utf-8") as file:
        file.write(CHIYODA + '\n[[case]]\nmunicipalities = ["東京都八王子市"]\n')
        file.write('by_phone = "お電話ください。"\n' if by_phone else "")
        file.write(f"[case.rules]\n{SOURCE}fee = {{ yen = 4400 }}\n")
    notice = hand_over_notice(cast.notice(STOP))
    told = notice_view(notice)
    assert told.change_until == in_days(3)
    entries = entries_of(notice.book)
    save_entries(notice.book, replace(entries, origin=HACHIOJI))
    shown = notice_view(notice)
    assert shown.outdated
    assert (shown.sheet, shown.by_phone, shown.change_until) == (told.sheet, told.by_phone, told.change_until)
    assert shown.sheet


@pytest.mark.django_db
def test_the_rules_are_those_of_the_version_that_was_told(stop: Path) -> None:
    with stop.open("a", encoding="utf-8") as file:
        file.write(CHIYODA)
    load_versions(stop.parent, stop.parent.parent)
    notice = hand_over_notice(cast.notice(STOP))
    told = notice_view(notice)
    assert SheetVersion.objects.filter(key=notice.sheet).exists()
    newer = replace(told.sheet, version=told.sheet.version + 1, rules=None) if told.sheet else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("renrakucho.notice.connected_providers._sheet_of", lambda *_: newer)
        shown = notice_view(notice)
        assert told.change_until == in_days(3)
        assert (shown.sheet, shown.change_until) == (told.sheet, told.change_until)
        SheetVersion.objects.all().delete()
        assert notice_view(notice).sheet == newer  # nobody here knows any more what that version said


@pytest.mark.django_db
def test_a_withdrawal_has_a_last_day_of_its_own(stop: Path) -> None:
    with stop.open("a", encoding="utf-8") as file:
        file.write(CHIYODA + 'withdraw_until = { days = 2, before = ["move.leave_on"] }\n')
    view = notice_view(hand_over_notice(cast.notice(STOP, move__leave_on=in_days(30).isoformat())))
    assert (view.change_until, view.withdraw_until) == (in_days(23), in_days(28))


@pytest.mark.django_db
def test_an_acceptance_here_is_of_the_moment_when_it_was_recorded(directory: str) -> None:
    notice, staff = sent()
    assert notice_view(notice).accepted_at is None
    accept_notice(notice, staff, "A-1")
    accepted = Receipt.objects.get(kind=ReceiptKind.ACCEPTED)
    assert notice_view(Notice.objects.get(id=notice.id)).accepted_at == accepted.recorded_at


@pytest.mark.django_db
def test_a_written_notice_is_told_in_the_form_it_names(directory: str) -> None:
    notice = cast.notice(STOP)
    freeze_form(notice)
    assert frozen_sheet(notice, frozen_form(notice)) == connected_sheet("tokyo-waterworks", "stop", "東京都千代田区")


@pytest.mark.django_db
def test_an_acceptance_is_fresh_for_a_minute(directory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    view = notice_view(hand_over_notice(cast.notice(STOP)))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert not view.fresh
    assert replace(view, accepted_at=now - timedelta(seconds=59)).fresh
    assert not replace(view, accepted_at=now - timedelta(seconds=60)).fresh


@pytest.mark.django_db
def test_a_change_and_a_withdrawal_are_taken_until_the_end_of_their_last_day(directory: str) -> None:
    view = replace(notice_view(hand_over_notice(cast.notice(STOP))), status=Status.SENT)
    last, passed = (replace(view, change_until=on, withdraw_until=on) for on in (in_days(0), in_days(-1)))
    assert (last.too_late, last.too_late_to_withdraw, last.may_withdraw) == (False, False, True)
    assert (passed.too_late, passed.too_late_to_withdraw, passed.may_withdraw) == (True, True, False)


@pytest.mark.django_db
def test_an_accepted_notice_is_not_withdrawn_nor_is_a_listed_provider_changed(directory: str) -> None:
    view = notice_view(hand_over_notice(cast.notice(STOP)))
    assert not replace(view, status=Status.ACCEPTED).may_withdraw
    assert not replace(view, status=Status.SENT, sheet=None).may_change


@pytest.mark.django_db
def test_only_a_withdrawn_notice_is_asked_again(directory: str) -> None:
    notice = cast.notice(STOP)
    assert not notice_view(notice).asked_again
    withdraw_notice(notice)
    notice.refresh_from_db()
    assert not notice_view(notice).asked_again
    ask_again(notice)
    assert notice_view(notice).asked_again


@pytest.mark.django_db
def test_what_awaits_its_provider_stands_in_the_order_of_days(directory: str) -> None:
    book = cast.book([STOP, "water:start:akishima-water"], move__leave_on=in_days(20).isoformat())
    stop, start = (replace(view, status=Status.SENT) for view in notice_views(book))
    assert start.on
    assert stop.on
    assert start.on < stop.on
    assert in_order_of_deadline([stop, start]) == [start, stop]
    assert in_order_of_deadline([replace(start, on=None), stop]) == [stop, replace(start, on=None)]


@pytest.mark.django_db
def test_the_last_word_on_a_withdrawal_counts(directory: str) -> None:
    view = notice_view(cast.notice(STOP))
    sent_then_lost = [
        HistoryEntry(kind, "portal", timezone.now())
        for kind in (ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)
    ]
    assert replace(view, history=tuple(sent_then_lost)).withdrawal_lost
    assert not replace(view, history=tuple(reversed(sent_then_lost))).withdrawal_lost
    assert not view.withdrawal_lost
