"""Nightly files: from the mover's entry to 受理, with the provider doing nothing but fetching and bringing files."""

import csv
import io
import os
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.connection import load_connections
from renrakucho.channel.files import exchange_folder as folder_room
from renrakucho.channel.files.exchange_folder import DifferentFileExists, put_file
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import DeliveryBatch
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

HEAD = "れんらく番号,受付番号,差戻しの理由\r\n"
Rows = list[list[str]]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    return connected(tmp_path, settings)


def connected(tmp_path: Path, settings: Any, more: str = "") -> Path:
    there = tmp_path / "sftp"
    ways = tmp_path / "connections.toml"
    ways.write_text(f'[akishima-water.files]\nfolder = "{there}"\n{more}', "utf-8")
    settings.CONNECTIONS = str(ways)
    return there


def entered(**others: str) -> Notice:
    """Written, and asked after by the postman once."""
    notice = enter_notice(answered(**others))
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice


def night() -> str:
    told = StringIO()
    call_command("files", stdout=told)
    return told.getvalue()


def files(there: Path) -> list[Path]:
    return sorted(there.glob("*.csv"))


def rows(path: Path, encoding: str = "utf-8-sig") -> Rows:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def brings(there: Path, text: str, name: str = "a.csv", encoding: str = "utf-8-sig") -> None:
    """A file of answers that came to rest a while ago."""
    path = there / "answers" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((HEAD + text).encode(encoding))
    past = timezone.now().timestamp() - 3600
    os.utime(path, (past, past))


def results(there: Path, name: str = "a.csv") -> list[str]:
    return [row[-1] for row in rows(there / "results" / name)[1:]]


def status(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.status


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
    assert notice.due_at == now + timedelta(hours=1)


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


@pytest.fixture
def sent(folder: Path) -> Notice:
    notice = entered()
    night()
    return notice


def test_every_row_gets_its_result(folder: Path, sent: Notice) -> None:
    other, back = entered(), entered()
    night()
    withdraw_notice(other)
    brings(
        folder,
        f"999999999999,A-1,\r\n"
        f"{other.number},A-2,\r\n"
        f"{sent.number},A-3,両方\r\n"
        f"{sent.number},,\r\n"
        f"{sent.number},{'9' * 41},\r\n"
        f"{sent.number},A-4,\r\n"
        f"{sent.number},A-4,\r\n"
        f"{sent.number},A-5,\r\n"
        f'{back.number},,"番号が\nちがいます"\r\n'
        f"{back.number},,別の理由\r\n",
    )
    night()
    assert [fate[:9] for fate in results(folder)] == [
        "この番号のれんらく",
        "お客さまが取り消し",
        *["受付番号か差戻しの"] * 3,
        "受理しました",
        "受理しました",
        "すでに受理されてい",
        "差し戻しました",
        "すでに差し戻されて",
    ]
    assert notice_view(Notice.objects.get(id=sent.id)).receipt_number == "A-4"
    assert notice_view(Notice.objects.get(id=back.id)).reason == "番号が\nちがいます"
    assert status(other) == Status.WITHDRAWN


def test_an_imported_file_is_moved_and_not_imported_again(folder: Path, sent: Notice) -> None:
    brings(folder, f"{sent.number},A-1,\r\n")
    assert "a.csv: 1" in night()
    assert "a.csv" not in night()
    assert (folder / "answers" / "done" / "a.csv").exists()
    brings(folder, f"{sent.number},A-2,\r\n")
    night()
    assert len(list((folder / "results").glob("a*.csv"))) == 2
    assert results(folder) == ["受理しました"]


def test_a_file_that_is_still_being_uploaded_waits(folder: Path, sent: Notice) -> None:
    brings(folder, f"{sent.number},A-1,\r\n")
    os.utime(folder / "answers" / "a.csv")
    assert night() == ""
    assert status(sent) == Status.SENT


@pytest.mark.parametrize(
    ("content", "result"),
    [
        (b"", "一行目に"),
        (b"\xff\xfe\x00", "CSVとして読めません"),
        (b'"a', "CSVとして読めません"),
        (b"number\r\n1\r\n", "一行目に"),
        (HEAD.encode(), "行がありません"),
    ],
)
def test_an_unreadable_file_gets_a_result_that_says_so(folder: Path, sent: Notice, content: bytes, result: str) -> None:
    brings(folder, "")
    path = folder / "answers" / "a.csv"
    path.write_bytes(content)
    past = timezone.now().timestamp() - 3600
    os.utime(path, (past, past))
    night()
    (told,) = results(folder)
    assert told.startswith(result)
    assert not path.exists()
    assert status(sent) == Status.SENT


def test_another_providers_notice_is_not_answered(tmp_path: Path, settings: Any, folder: Path, sent: Notice) -> None:
    ways = tmp_path / "connections.toml"
    other = tmp_path / "other"
    ways.write_text(f'[yokosuka-water.files]\nfolder = "{other}"\n', "utf-8")
    settings.CONNECTIONS = str(ways)
    folder_room.put_file(other, "x", b"")
    brings(other, f"{sent.number},A-1,\r\n")
    load_connections.cache_clear()
    night()
    assert results(other)[0].startswith("この番号のれんらくは")
    assert status(sent) == Status.SENT


def test_symbolic_links_are_not_followed(tmp_path: Path, folder: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.csv").write_text(HEAD)
    folder.mkdir()
    (folder / "answers").symlink_to(elsewhere)
    (folder / "results").symlink_to(elsewhere)
    assert night() == ""
    with pytest.raises(OSError, match="results"):
        put_file(folder / "results", "x.csv", b"")


def two_providers(tmp_path: Path, settings: Any) -> tuple[Path, Path]:
    """Their folders: 横須賀市's, and 昭島市's after it."""
    ways, first, second = tmp_path / "two.toml", tmp_path / "yokosuka", tmp_path / "sftp"
    ways.write_text(
        f'[yokosuka-water.files]\nfolder = "{first}"\n[akishima-water.files]\nfolder = "{second}"\n', "utf-8"
    )
    settings.CONNECTIONS = str(ways)
    return first, second


def test_a_provider_cannot_write_into_the_folder_of_another(
    tmp_path: Path, settings: Any, folder: Path, sent: Notice
) -> None:
    """SFTP lets whoever has an account there make links; what was taken is moved to where `done` leads."""
    stranger, own = two_providers(tmp_path, settings)
    brings(stranger, f"{sent.number},FORGED,\r\n")
    (own / "answers").mkdir()
    (stranger / "answers" / "done").symlink_to(own / "answers")
    for _night in range(2):
        with pytest.raises(CommandError, match="yokosuka-water"):
            night()
    assert status(sent) == Status.SENT
    assert not list((own / "answers").glob("*.csv"))


def test_one_broken_folder_holds_up_no_other(tmp_path: Path, settings: Any, folder: Path, sent: Notice) -> None:
    broken, own = two_providers(tmp_path, settings)
    brings(broken, "1,2,\r\n")
    (broken / "results").write_text("no folder")
    brings(own, f"{sent.number},A-1,\r\n")
    with pytest.raises(CommandError, match="yokosuka-water"):
        night()
    assert status(sent) == Status.ACCEPTED


def test_a_link_that_replaces_a_file_is_not_read(tmp_path: Path, folder: Path) -> None:
    brings(folder, "1,2,\r\n")
    (path,) = folder_room.waiting_answer_files(folder)
    path.unlink()
    (tmp_path / "secret").write_text("secret")
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"a\.csv"):
        folder_room.answer_file_content(path)


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
