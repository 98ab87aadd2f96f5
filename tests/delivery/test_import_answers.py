"""Import of answers: each row of a file that a provider brings is recorded once, and its result goes back."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from renrakucho.channel.connection_file import forget_connections
from renrakucho.channel.files import exchange_folder as folder_room
from renrakucho.channel.files.exchange_folder import put_file
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.delivery.cast_files import HEAD, brings, connected, entered, night, results, status

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
