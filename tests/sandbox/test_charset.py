"""Shift_JIS and EUC-JP as browsers read and write them."""

import html
import unicodedata

import pytest

from renrakucho.lib.browser_encoding import unencodable_characters
from sandbox.charset import decode, encode
from sandbox.form import Charset
from sandbox.sites import find_form
from tests.sandbox.visitor import Visitor, address, confirmed, entered, handed_over

OLD: list[Charset] = ["Shift_JIS", "EUC-JP"]


@pytest.mark.parametrize(
    ("charset", "said", "read"),
    [
        ("Shift_JIS", b"\xfb\xfc\xed\x95\x81\x60", "髙﨑～"),
        ("EUC-JP", b"\xfc\xe2\xf9\xf5\xa1\xc1", "髙﨑～"),
        ("EUC-JP", b"\xad\xa1\x8e\xb6\x8f\xb0\xa1A", "①ｶ丂A"),
        ("EUC-JP", b"\xa4\xa2\xff\xff\xa4", "あ\ufffd\ufffd"),
        ("UTF-8", "𠮷".encode(), "𠮷"),
    ],
)
def test_bytes_are_read_as_a_browser_reads_them(charset: Charset, said: bytes, read: str) -> None:
    assert decode(said, charset) == read


@pytest.mark.parametrize("charset", OLD)
def test_a_page_can_show_every_character(charset: Charset) -> None:
    assigned = [
        char for code in range(0x20, 0x2FFFF) if unicodedata.category(char := chr(code)) not in {"Cn", "Cc", "Cs"}
    ]
    every = "".join(assigned).replace("&", "")
    assert html.unescape(decode(encode(every, charset), charset)) == every


@pytest.mark.parametrize(("slug", "procedure"), [("tokyo-waterworks", "stop"), ("kawasaki-water", "stop")])
def test_hard_names_pass_through_all_pages(visitor: Visitor, slug: str, procedure: str) -> None:
    found = find_form(slug, procedure)
    assert found
    site, form = found
    hard = {"SHIMEI": "髙﨑　～①№―"} if slug == "tokyo-waterworks" else {"f01_sei": "髙﨑～", "f01_mei": "①№―ｶﾞ"}
    assert not unencodable_characters("".join(hard.values()), site.charset)
    fields = entered(visitor, site, form, **hard)
    assert fields | hard == fields
    confirmation = confirmed(visitor, site, form, fields)
    for name, value in hard.items():
        assert value in confirmation.words
        assert confirmation.forms[f"{address(site, form)}/done"][name] == value


def test_garbled_text_is_shown_as_it_came(visitor: Visitor) -> None:
    found = find_form("tokyo-waterworks", "stop")
    assert found
    site, form = found
    page = visitor.post(address(site, form), handed_over(form, CHOMEI="&#134071;町"), site.charset)
    assert page.forms[f"{address(site, form)}/confirm"]["CHOMEI"] == "&#134071;町"
