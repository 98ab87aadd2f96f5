"""Import of answers: each row of a file that a provider brings is recorded once, and its result goes back."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import OperationalError
from django.utils import timezone

from renrakucho.channel.connection_file import forget_connections
from renrakucho.channel.files.answer_file import answer_file_content, waiting_answer_files
from renrakucho.channel.files.exchange_folder import put_file
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.evidence import AcceptedEvidence, evidence_of
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_answer import IdentityCheck
from tests.delivery.cast_files import HEAD, brings, connected, entered, night, results, rows, status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    return connected(tmp_path, settings)


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
        (b"PK\x03\x04...", "Excelのファイルは読めません"),
        (b"\xd0\xcf\x11\xe0...", "Excelのファイルは読めません"),
        (b"a" * 5_242_881, "ファイルが大きすぎます"),
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
    with pytest.raises(CommandError, match=r"akishima-water/a\.csv"):
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
    put_file(other, "x", b"")
    brings(other, f"{sent.number},A-1,\r\n")
    forget_connections()
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
    with pytest.raises(CommandError, match="akishima-water"):
        night()
    assert [path.name for path in elsewhere.iterdir()] == ["secret.csv"]
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
    (path,) = waiting_answer_files(folder)
    path.unlink()
    (tmp_path / "secret").write_text("secret")
    path.symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match=r"a\.csv"):
        answer_file_content(path)


@pytest.mark.parametrize("name", ["A.CSV", "a.txt", "a.tsv", "a", "回答 (1).csv", "a.csv.bak"])
def test_a_file_of_any_name_is_taken(folder: Path, sent: Notice, name: str) -> None:
    brings(folder, f"{sent.number},A-1,\r\n", name)
    night()
    assert status(sent) == Status.ACCEPTED
    result = name if name.endswith(".csv") else f"{name}.csv"
    assert results(folder, result) == ["受理しました"]
    assert [path.name for path in (folder / "answers").rglob("*") if path.is_file()] == [name]
    assert (folder / "answers" / "done" / name).exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc-jp"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_a_file_in_any_encoding_with_any_separator_is_taken(
    folder: Path, sent: Notice, encoding: str, separator: str, line_end: str
) -> None:
    """Whatever the connection names: that is the encoding of what goes out."""
    brings(folder, "", "a.csv")
    text = f"{HEAD}{sent.number},昭水-7 表,\r\n".replace(",", separator).replace("\r\n", line_end)
    place_bytes(folder, text.encode(encoding))
    night()
    assert notice_view(Notice.objects.get(id=sent.id)).receipt_number == "昭水-7 表"


@pytest.mark.parametrize("text", ["sep=;\r\n{head}{row}", "\r\n{head}\r\n{row}", "\ufeff備考,{head}済,{row}"])
def test_what_a_spreadsheet_puts_around_the_rows_is_passed_over(folder: Path, sent: Notice, text: str) -> None:
    brings(folder, "")
    filled = text.format(head=HEAD, row=f"{sent.number},A-1,\r\n")
    place_bytes(folder, (filled.replace(",", ";") if text.startswith("sep") else filled).encode())
    night()
    assert status(sent) == Status.ACCEPTED


def place_bytes(folder: Path, content: bytes, name: str = "a.csv") -> None:
    path = folder / "answers" / name
    path.write_bytes(content)
    past = timezone.now().timestamp() - 3600
    os.utime(path, (past, past))


FOURS = "{0[0]}{0[1]}{0[2]}{0[3]}-{0[4]}{0[5]}{0[6]}{0[7]}-{0[8]}{0[9]}{0[10]}{0[11]}"


COMMAS = '"{0[0]}{0[1]}{0[2]},{0[3]}{0[4]}{0[5]},{0[6]}{0[7]}{0[8]},{0[9]}{0[10]}{0[11]}"'
DRESSED = (f"'{FOURS}", f"\u2019{FOURS}", f"  {FOURS} ", f'"=""{FOURS}"""')


@pytest.mark.parametrize("changed", ["{0}", FOURS, COMMAS, *DRESSED, "{0}.0", "{0}.00", "No.{0}"])
@pytest.mark.parametrize("wide", [False, True])
def test_a_number_is_read_however_a_spreadsheet_has_written_it(
    folder: Path, sent: Notice, changed: str, wide: bool
) -> None:
    number = changed.format(sent.number)
    brings(folder, f"{number.translate(WIDE) if wide else number},A-1,\r\n")
    night()
    assert status(sent) == Status.ACCEPTED


WIDE = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"} | {ord("-"): "－"}


@pytest.mark.parametrize(
    "row", ["5.61969E+11,A-1,", "５.６１９６９Ｅ＋１１,A-1,", "{number},1.23457E+11,", "'6E+11,A-1,"]
)
def test_a_number_that_a_spreadsheet_has_shortened_is_refused_with_a_sentence(
    folder: Path, sent: Notice, row: str
) -> None:
    brings(folder, f"{row.format(number=sent.number)}\r\n")
    night()
    assert results(folder)[0].startswith("表計算ソフトが番号を短く書きかえています")
    assert status(sent) == Status.SENT


@pytest.mark.parametrize(
    ("brought", "kept", "told"),
    [
        ("0012", "0012", "'0012"),
        ("'0012", "0012", "'0012"),
        ('"=""0012"""', "0012", "'0012"),
        ("12-3", "12-3", "'12-3"),
        ("123456789012", "123456789012", "'123456789012"),
        ("昭水-7", "昭水-7", "昭水-7"),
        ("１２", "１２", "１２"),
    ],
)
def test_a_receipt_number_survives_the_way_there_and_back(
    folder: Path, sent: Notice, brought: str, kept: str, told: str
) -> None:
    """The result can be opened, saved and brought again."""
    brings(folder, f"{sent.number},{brought},\r\n")
    night()
    assert notice_view(Notice.objects.get(id=sent.id)).receipt_number == kept
    ((_number, shown, *_rest),) = rows(folder / "results" / "a.csv")[1:]
    assert shown == told
    brings(folder, "", "b.csv")
    place_bytes(folder, (folder / "results" / "a.csv").read_bytes(), "b.csv")
    night()
    assert results(folder, "b.csv") == ["受理しました"]


def test_a_file_dated_next_year_does_not_wait_until_then(
    folder: Path, sent: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    brings(folder, f"{sent.number},A-1,\r\n")
    path, now = folder / "answers" / "a.csv", timezone.now().timestamp()
    os.utime(path, (now + 365 * 86_400,) * 2)
    assert night() == ""  # it may still be uploading
    monkeypatch.setattr("time.time", lambda: now + 70)
    night()
    assert status(sent) == Status.ACCEPTED


@pytest.mark.parametrize("kind", ["folder", "link", "pipe", "upload"])
def test_what_is_no_file_is_named_and_does_not_stay(
    folder: Path, sent: Notice, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    brings(folder, f"{sent.number},A-1,\r\n")
    odd = folder / "answers" / {"upload": "b.csv.filepart"}.get(kind, "b.csv")
    if kind == "folder":
        odd.mkdir()
    elif kind == "link":
        odd.symlink_to("/etc/passwd")
    elif kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.write_text(HEAD)
    now = timezone.now().timestamp()
    monkeypatch.setattr("time.time", lambda: now + 2 * 86_400)
    with pytest.raises(CommandError, match=rf"akishima-water/{odd.name}"):
        night()
    assert status(sent) == Status.ACCEPTED
    result = folder / "results" / (odd.name if odd.suffix == ".csv" else f"{odd.name}.csv")
    assert rows(result)[1][-1].startswith("送信の途中" if kind == "upload" else "ファイルとして開けません")
    assert [path.name for path in (folder / "answers").iterdir()] == ["done"]
    assert night() == ""


def test_a_file_whose_name_is_no_text_is_taken(folder: Path, sent: Notice) -> None:
    brings(folder, f"{sent.number},A-1,\r\n")
    path = folder / "answers" / "a.csv"
    path.rename(os.fsdecode(os.fsencode(path.parent) + b"/" + "回答.csv".encode("cp932")))
    assert "回答.csv: 1" in night()
    assert status(sent) == Status.ACCEPTED


def test_a_row_that_fails_here_holds_up_no_other(folder: Path, sent: Notice) -> None:
    broken = entered()
    night()
    Book.objects.filter(id=broken.book_id).update(wrapped_key=b"of another master key")
    brings(folder, f"{broken.number},A-1,\r\n{sent.number},A-2,\r\n")
    with pytest.raises(CommandError, match=r"akishima-water/a\.csv"):
        night()
    assert [text[:11] for text in results(folder)] == ["こちらの不具合で、この", "受理しました"]
    assert status(sent) == Status.ACCEPTED


def test_a_database_that_is_away_leaves_the_file_for_the_next_run(
    folder: Path, sent: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    brings(folder, f"{sent.number},A-1,\r\n")
    with monkeypatch.context() as now:
        now.setattr("renrakucho.delivery.import_answers.answer_by_number", away)
        with pytest.raises(CommandError, match="akishima-water"):
            night()
    night()
    assert (status(sent), results(folder)) == (Status.ACCEPTED, ["受理しました"])


@pytest.mark.parametrize(
    ("way", "note", "kept"),
    [
        ("called_back", "", IdentityCheck("called_back")),
        ("訪問して、ご本人に会った", "", IdentityCheck("visited")),
        ("other", "支所で免許証を見た", IdentityCheck("other", "支所で免許証を見た")),
    ],
)
def test_a_file_says_how_the_customer_was_checked(
    folder: Path, sent: Notice, way: str, note: str, kept: IdentityCheck
) -> None:
    head = HEAD.replace("\r\n", ",確かめ方,確かめ方の説明\r\n")
    brings(folder, f"{sent.number},A-1,,{way},{note}\r\n", head=head)
    night()
    assert results(folder) == ["受理しました"]
    evidence = evidence_of(sent.receipts.get(kind="accepted"), sent)
    assert isinstance(evidence, AcceptedEvidence)
    assert evidence.check == kept


def test_a_check_that_cannot_be_read_accepts_nothing(folder: Path, sent: Notice) -> None:
    brings(folder, f"{sent.number},A-1,,たぶん,\r\n", head=HEAD.replace("\r\n", ",確かめ方,確かめ方の説明\r\n"))
    night()
    assert results(folder)[0].startswith("確かめ方が読めません")
    assert Notice.objects.get(id=sent.id).status == Status.SENT
