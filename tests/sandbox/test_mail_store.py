"""MailStore in through a real socket, and out on the pages."""

import io
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from renrakucho.paper.printed_page import draw_fax, fax_tiff
from sandbox import mail_pages, mail_store
from sandbox.mail_pages import split_links
from sandbox.mail_receiver import mail_receiver
from sandbox.mail_store import MailStore
from tests.paper.cast import NUMBER, WAY_BACK, page
from tests.ports import free_port
from tests.sandbox.visitor import Visitor, a_letter, a_sandbox


@pytest.fixture
def smtp_port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    receiver = mail_receiver(tmp_path / "sandbox" / "mail", port)
    receiver.start()
    yield port
    receiver.stop()


def test_a_mail_received_by_smtp_is_shown_on_pages(tmp_path: Path, smtp_port: int) -> None:
    text = "こちらから開けます。\nhttps://portal.example/book?a=1&b=2\n<以上>\n"
    with smtplib.SMTP("127.0.0.1", smtp_port) as client:
        client.sendmail("book@portal.example", ["taro@example.jp"], a_letter(subject="申込登録のお知らせ", text=text))
        client.sendmail("book@portal.example", ["taro@example.jp"], a_letter(subject="受理のお知らせ"))
    visitor = Visitor(a_sandbox(tmp_path))

    listed = visitor.get("/mail/")
    subjects = [subject for subject in listed.links if "お知らせ" in subject]
    assert subjects == ["受理のお知らせ", "申込登録のお知らせ"]

    shown = visitor.get(listed.links["申込登録のお知らせ"])
    assert "taro@example.jp" in shown.words
    assert "引越れんらく帳 <book@portal.example>" in shown.words
    assert "2026-11-23 15:00" in shown.words
    assert "<以上>" in shown.words
    link = "https://portal.example/book?a=1&b=2"
    assert link in shown.links.values()

    raw = visitor.get(shown.links["届いたままの形（eml）"])
    assert raw.content_type.startswith("text/plain")
    assert "Subject: =?utf-8?" in raw.text

    newest, oldest = json.loads(visitor.get("/mail.json").text)
    assert newest["subject"] == "受理のお知らせ"
    assert (oldest["to"], oldest["text"]) == (["taro@example.jp"], text)


def test_an_empty_letter_box_says_so(tmp_path: Path) -> None:
    visitor = Visitor(a_sandbox(tmp_path))
    assert "まだ１通も届いていません" in visitor.get("/mail/").words
    assert visitor.get("/mail.json").text == "[]"


def test_no_key_reads_a_file_outside_the_folder(tmp_path: Path) -> None:
    letters = MailStore(tmp_path / "mail")
    (tmp_path / "secret.eml").write_bytes(b"x")
    for key in ("../secret", "secret", "", "0" * 20):
        assert letters.raw(key) is None
        assert letters.mail(key) is None


def test_the_oldest_mails_are_deleted_when_the_box_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_store, "MOST_KEPT", 3)
    letters = MailStore(tmp_path / "mail")
    keys = [letters.add(a_letter(subject=f"第{number}通")) for number in range(5)]
    assert letters.keys() == keys[:1:-1]
    assert [letter.subject for letter in letters.all()] == ["第4通", "第3通", "第2通"]


def test_a_mail_without_headers_can_be_read(tmp_path: Path) -> None:
    visitor = Visitor(a_sandbox(tmp_path))
    key = MailStore(tmp_path / "sandbox" / "mail").add(b"Date: yesterday\r\n\r\nhello\r\n")
    assert "hello" in visitor.get(f"/mail/{key}").words
    assert visitor.get("/mail/").links["（件名なし）"] == f"/mail/{key}"


def test_a_web_address_ends_where_japanese_begins() -> None:
    assert split_links("鍵はhttps://a.example/b?c=1です。") == [
        ("鍵は", False),
        ("https://a.example/b?c=1", True),
        ("です。", False),
    ]


def test_a_fax_is_shown_as_a_picture_that_can_be_scanned(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["To"] = "FAX=+81475000000@fax.sandbox.example"
    letter["Subject"] = "482913705166"
    letter.set_content("FAX")
    letter.add_attachment(fax_tiff(draw_fax(page())), maintype="image", subtype="tiff", filename="482913705166.tif")
    visitor, letters = Visitor(a_sandbox(tmp_path)), MailStore(tmp_path / "sandbox" / "mail")
    key = letters.add(letter.as_bytes())
    assert WAY_BACK in visitor.get(f"/mail/{key}").links.values()
    picture = mail_pages.fax_page(letters, key, "1")
    assert picture
    with Image.open(io.BytesIO(picture.body)) as read:
        assert {found.text for found in zxingcpp.read_barcodes(read)} == {NUMBER, WAY_BACK}
    for nothing in (f"/mail/{key}/2.png", f"/mail/{key}/0.png", f"/mail/{key}/x.png", "/mail/x/1.png"):
        assert visitor.get(nothing).status == 404
