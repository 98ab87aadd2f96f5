"""Nightly files: from the mover's entry to 受理, with the provider doing nothing but fetching and bringing files."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.files.exchange_folder import DifferentFileExists, put_file
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.batch_delivery import _batches, deliver_batches
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import DeliveryTask
from renrakucho.delivery.models import DeliveryBatch
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.lease import release_dead_leases
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_acts import pause_lanes, resume_lanes
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.delivery.cast_files import (
    brings,
    connected,
    dying,
    entered,
    files,
    night,
    numbers_in,
    results,
    rows,
    status,
    two_folders,
)
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    return connected(tmp_path, settings)


def test_from_entry_to_acceptance(folder: Path) -> None:
    notice = entered()
    assert (status(notice), files(folder)) == (Status.ENTERED, [])
    night()
    (file,) = files(folder)
    head, row = rows(file)
    told = dict(zip(head, row, strict=True))
    spoken = f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"  # as Excel leaves it
    assert (told["れんらく番号"], told["種類"], told["手続"]) == (spoken, "新規", "開始")
    assert "髙﨑" in " ".join(row)
    assert file.with_name(f"{file.name}.sha256").read_text().split() == [
        sha256(file.read_bytes()).hexdigest(),
        file.name,
    ]
    assert status(notice) == Status.SENT
    assert file.name in evidence_of(notice.receipts.get(kind=ReceiptKind.SENT), notice).stored()["evidence"]

    brings(folder, f"{spoken},昭水-7,\r\n")
    night()
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.ACCEPTED, "昭水-7")
    assert evidence_of(notice.receipts.get(kind=ReceiptKind.ACCEPTED), notice).stored()["file"] == "a.csv"
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE, about=notice.id).count() == 1
    assert results(folder) == ["受理しました"]


def test_a_paused_provider_gets_no_file_until_it_is_resumed(folder: Path) -> None:
    notice = entered()
    pause_lanes(None, provider=notice.provider, sentence="点検のため、送信を止めています。")
    night()
    assert (status(notice), files(folder)) == (Status.ENTERED, [])
    resume_lanes(None, provider=notice.provider)
    night()
    assert (status(notice), len(files(folder))) == (Status.SENT, 1)


def test_one_file_a_night_holds_all_new_notices(folder: Path) -> None:
    numbers = [entered().number, entered().number]
    night()
    night()
    third = entered().number
    night()
    first, second = files(folder)
    assert numbers_in(first) == numbers
    assert numbers_in(second) == [third]
    assert (first.stem[-6:], second.stem[-6:]) == ("000001", "000002")


def test_changes_and_withdrawals_are_marked_in_the_file(folder: Path) -> None:
    one, two = entered(), entered()
    night()
    new = replace_notice(one)
    withdraw_notice(two)
    deliver_due_notices("test")
    assert not two.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
    night()
    told = dict(zip(numbers_in(files(folder)[-1]), rows(files(folder)[-1])[1:], strict=True))
    assert told[new.number][1:3] == ["変更", in_fours(one.number)]
    assert told[two.number][1] == "取消"
    assert "髙﨑" not in " ".join(told[two.number])
    assert two.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()


def test_a_notice_withdrawn_before_the_night_never_leaves(folder: Path) -> None:
    notice = entered()
    withdraw_notice(notice)
    deliver_due_notices("test")
    night()
    assert files(folder) == []
    assert status(notice) == Status.WITHDRAWN
    notice.refresh_from_db()
    assert notice.due_at is None


def test_a_run_that_died_after_writing_resumes_under_the_same_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = entered()
    really = CHANNELS["files"].send_batch
    assert really

    def dies(parcels: Any, name: str) -> Outcome:
        really(parcels, name)
        raise KeyboardInterrupt

    monkeypatch.setitem(CHANNELS, "files", replaced(send_batch=dies))
    with pytest.raises(KeyboardInterrupt):
        deliver_batches("first")
    assert status(notice) == Status.ENTERED
    monkeypatch.undo()
    other = entered()
    deliver_batches("second", now=timezone.now() + timedelta(hours=1))
    assert (status(notice), status(other)) == (Status.SENT, Status.SENT)
    assert [numbers_in(file) for file in files(folder)] == [[notice.number], [other.number]]
    assert DeliveryBatch.objects.count() == 2


def test_a_notice_of_a_run_that_died_is_withdrawn_at_the_provider(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row may have been fetched, though nothing here says that it arrived."""
    notice = entered()
    really = CHANNELS["files"].send_batch
    assert really

    def dies(parcels: Any, name: str) -> Outcome:
        really(parcels, name)
        raise KeyboardInterrupt

    monkeypatch.setitem(CHANNELS, "files", replaced(send_batch=dies))
    with pytest.raises(KeyboardInterrupt):
        deliver_batches("first")
    monkeypatch.undo()
    withdraw_notice(notice)
    later = timezone.now() + timedelta(hours=1)
    deliver_due_notices("second", now=later)
    deliver_batches("second", now=later)
    told = [row[:2] for file in files(folder) for row in rows(file)[1:]]
    assert told == [[in_fours(notice.number), "新規"], [in_fours(notice.number), "取消"]]


def replaced(**others: Any) -> Any:
    return replace(CHANNELS["files"], **others)


def test_an_unwritable_folder_is_reported_and_nothing_is_sent(folder: Path) -> None:
    notice = entered()
    folder.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match="000001"):
        night()
    assert status(notice) == Status.ENTERED
    folder.unlink()
    night()
    assert (status(notice), DeliveryBatch.objects.count()) == (Status.SENT, 1)


def test_a_batch_that_could_not_leave_is_tried_again_after_an_hour(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, now = entered(), timezone.now()
    folder.write_text("a file where the folder should be")
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert list(deliver_batches("test").values()) == [OutcomeKind.TRY_LATER]
    notice.refresh_from_db()
    assert notice.due_at
    assert abs(notice.due_at - now - timedelta(hours=1)) < timedelta(seconds=30)  # by the database's clock


def test_a_batch_holds_its_notices_in_the_order_in_which_they_were_written(folder: Path) -> None:
    older, newer = answered(), answered()
    numbers = [enter_notice(notice).number for notice in (newer, older)]
    deliver_due_notices("test")
    night()
    assert numbers_in(files(folder)[0]) == numbers


def test_a_withdrawal_goes_out_in_the_first_night_after_its_first_attempt(folder: Path) -> None:
    notice = entered()
    night()
    withdraw_notice(notice)
    assert deliver_batches("before its first attempt") == {}
    deliver_due_notices("test")
    night()
    assert [row[:2] for row in rows(files(folder)[1])[1:]] == [[in_fours(notice.number), "取消"]]


def test_delivery_leaves_the_notice_under_way(folder: Path) -> None:
    notice = entered()
    for hours in (25, 40):
        deliver_due_notices("test", now=timezone.now() + timedelta(hours=hours))
        assert status(notice) == Status.ENTERED


def test_the_mover_is_told_what_shift_jis_cannot_encode(tmp_path: Path, settings: Any) -> None:
    there = connected(tmp_path, settings, 'encoding = "Shift_JIS"\n')
    good, bad = entered(), entered(person__family_name="𠮷田")
    night()
    (file,) = files(there)
    assert numbers_in(file, "cp932") == [good.number]
    assert "髙﨑" in file.read_bytes().decode("cp932")
    assert status(bad) == Status.UNDELIVERED
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=bad.id).exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_no_cell_runs_as_a_formula(folder: Path, start: str) -> None:
    entered(destination__building=f"{start}SUM(A1)")
    night()
    cells = [cell for row in rows(files(folder)[0]) for cell in row]
    assert any("SUM(A1)" in cell for cell in cells)
    assert not any(cell.startswith(start) for cell in cells)


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    assert put_file(tmp_path, "a.csv", b"1") == put_file(tmp_path, "a.csv", b"1")
    with pytest.raises(DifferentFileExists):
        put_file(tmp_path, "a.csv", b"2")
    assert (tmp_path / "a.csv").read_bytes() == b"1"
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "a.csv.sha256"}


def test_an_unreadable_notice_holds_up_no_other_of_the_batch(folder: Path) -> None:
    broken, whole = entered(), entered()
    Notice.objects.filter(id=broken.id).update(filled=b"sealed under another key")
    night()
    assert (status(broken), status(whole)) == (Status.ENTERED, Status.SENT)
    assert numbers_in(files(folder)[0]) == [whole.number]


def test_a_batch_returns_its_outcome(folder: Path) -> None:
    entered()
    assert list(deliver_batches("test").values()) == [OutcomeKind.SENT]


def test_a_batch_leases_2000_notices_for_15_minutes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered()
    leases: list[tuple[object, object]] = []

    def no_rows(rows: object, owner: str, **options: object) -> list[Notice]:
        leases.append((options["limit"], options["seconds"]))
        return []

    monkeypatch.setattr("renrakucho.delivery.batch_delivery.claim_due_rows", no_rows)
    assert deliver_batches("test") == {}
    assert leases == [(2000, 900)]


@pytest.mark.parametrize("written", [False, True])
def test_a_run_that_was_killed_is_made_good_by_the_next_one_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    notice = entered()
    dying(monkeypatch, written=written)
    assert len(files(folder)) == written
    assert "000001" in night()
    assert (status(notice), [numbers_in(file) for file in files(folder)]) == (Status.SENT, [[notice.number]])


def test_a_notice_that_was_taken_back_after_a_killed_run_keeps_no_other_of_its_file_waiting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = entered(), entered()
    dying(monkeypatch, written=True)
    release_dead_leases([Notice.objects.all()])
    withdraw_notice(gone)
    deliver_due_notices("test")
    night()
    assert status(stays) == Status.SENT
    assert [numbers_in(file) for file in files(folder)] == [[gone.number, stays.number], [gone.number]]


def test_what_a_run_on_another_machine_has_in_hand_is_named(folder: Path) -> None:
    notice = entered()
    until = timezone.now() + timedelta(minutes=10)
    lent = {"due_at": until, "leased_until": until, "lease_owner": "elsewhere/1:2:3"}
    Notice.objects.filter(id=notice.id).update(**lent)
    with pytest.raises(CommandError, match=notice.provider):
        night()
    assert files(folder) == []


def test_one_providers_broken_folder_or_notice_stops_no_others_files(
    folder: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """横須賀市 comes last by its slug, and is the one whose file has to leave."""
    first, second = two_folders(tmp_path, settings)
    broken, whole = entered(), entered("yokosuka-water")
    with monkeypatch.context() as poisoned:
        poisoned.setattr("renrakucho.delivery.batch_delivery._batches", fails_for(broken.provider, _batches))
        with pytest.raises(CommandError, match=broken.provider):
            night()
    assert (status(broken), status(whole)) == (Status.ENTERED, Status.SENT)
    assert (len(files(first)), len(files(second))) == (0, 1)
    other = entered("yokosuka-water")
    release_dead_leases([Notice.objects.all()])
    Notice.objects.filter(id=broken.id).update(leased_until=None, due_at=timezone.now())
    first.write_text("no folder")
    with pytest.raises(CommandError, match=f"{broken.provider}-.*000001"):
        night()
    assert (status(broken), status(other)) == (Status.ENTERED, Status.SENT)
    first.unlink()
    night()
    assert status(broken) == Status.SENT


def fails_for(provider: str, really: Any) -> Any:
    def batches(slug: str, items: Any) -> Any:
        if slug == provider:
            raise LookupError
        return really(slug, items)

    return batches


def test_a_notice_whose_message_cannot_be_made_holds_up_no_other_of_its_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, whole = entered(), entered()
    really = DeliveryTask.message

    def message(task: DeliveryTask, reference: str = "") -> Any:
        if task.notice.id == poisoned.id:
            raise KeyError
        return really(task, reference)

    monkeypatch.setattr(DeliveryTask, "message", message)
    night()
    assert (status(poisoned), status(whole)) == (Status.ENTERED, Status.SENT)
