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
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import DeliveryBatch
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_acts import pause_lanes, resume_lanes
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.delivery.cast_files import brings, connected, entered, files, night, results, rows, status
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
    assert (told["れんらく番号"], told["種類"], told["手続"]) == (notice.number, "新規", "開始")
    assert "髙﨑" in " ".join(row)
    assert file.with_name(f"{file.name}.sha256").read_text().split() == [
        sha256(file.read_bytes()).hexdigest(),
        file.name,
    ]
    assert status(notice) == Status.SENT
    assert file.name in evidence_of(notice.receipts.get(kind=ReceiptKind.SENT), notice).stored()["evidence"]

    spoken = f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"
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
    assert [row[0] for row in rows(first)[1:]] == numbers
    assert [row[0] for row in rows(second)[1:]] == [third]
    assert (first.stem[-6:], second.stem[-6:]) == ("000001", "000002")


def test_changes_and_withdrawals_are_marked_in_the_file(folder: Path) -> None:
    one, two = entered(), entered()
    night()
    new = replace_notice(one)
    withdraw_notice(two)
    deliver_due_notices("test")
    assert not two.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
    night()
    told = {row[0]: row for row in rows(files(folder)[-1])[1:]}
    assert told[new.number][1:3] == ["変更", one.number]
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
    assert [[row[0] for row in rows(file)[1:]] for file in files(folder)] == [[notice.number], [other.number]]
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
    assert told == [[notice.number, "新規"], [notice.number, "取消"]]


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
    assert [row[0] for row in rows(files(folder)[0])[1:]] == numbers


def test_a_withdrawal_goes_out_in_the_first_night_after_its_first_attempt(folder: Path) -> None:
    notice = entered()
    night()
    withdraw_notice(notice)
    assert deliver_batches("before its first attempt") == {}
    deliver_due_notices("test")
    night()
    assert [row[:2] for row in rows(files(folder)[1])[1:]] == [[notice.number, "取消"]]


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
    assert [row[0] for row in rows(file, "cp932")[1:]] == [good.number]
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
    assert [row[0] for row in rows(files(folder)[0])[1:]] == [whole.number]


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
