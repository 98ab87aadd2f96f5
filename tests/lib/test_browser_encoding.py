"""The expected bytes were taken from Chromium's own POST bodies (research of November 2026)."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.browser_encoding import (
    ENCODINGS,
    TWINS,
    UnencodableText,
    form_body,
    replace_twins,
    same_on_paper,
    unencodable_characters,
)

LEGACY = ("Shift_JIS", "EUC-JP")
UNSAYABLE = ["𠮷", "〜", "—", "‖", "ゔ", "é", "😀", "\u3099", "\U000e0100", "\u00a0", "\ue000"]
SAYABLE = "～髙﨑①㈱−¥‾ｱ濵\ufa19ヴⅠ㍻‐―∥"
KANJI = "".join(
    bytes([row, cell]).decode("euc_jp", "ignore") for row in range(0xB0, 0xF5) for cell in range(0xA1, 0xFF)
)
# What Python's codecs and browsers write alike.
PLAIN = st.text(st.sampled_from("ぁあんァヴヶー、。１Ａ aZ09*-._~+&=%'\\ｱﾞ" + KANJI), max_size=30)


@pytest.mark.parametrize("encoding", LEGACY)
@pytest.mark.parametrize("char", UNSAYABLE)
def test_characters_that_a_browser_would_garble_are_found(char: str, encoding: str) -> None:
    assert unencodable_characters(f"山{char}田{char}", encoding) == (char,)
    with pytest.raises(UnencodableText) as refused:
        form_body([("name", char)], encoding)
    assert refused.value.characters == (char,)


@pytest.mark.parametrize("encoding", LEGACY)
def test_characters_that_a_browser_can_send_are_not_reported(encoding: str) -> None:
    assert unencodable_characters(SAYABLE, encoding) == ()


def test_unencodable_characters_come_once_each_in_order() -> None:
    assert unencodable_characters("é𠮷山é😀", "Shift_JIS") == ("é", "𠮷", "😀")


def test_in_utf8_only_half_a_surrogate_pair_is_unencodable() -> None:
    assert unencodable_characters("𠮷😀é\U000e0100〜", "UTF-8") == ()
    assert unencodable_characters("a\ud842b\udfb7", "UTF-8") == ("\ud842", "\udfb7")
    assert unencodable_characters("\ud7ff\ud800\udfff\ue000", "UTF-8") == ("\ud800", "\udfff")


def test_the_error_message_does_not_quote_the_name() -> None:
    with pytest.raises(UnencodableText) as refused:
        form_body([("name", "𠮷田")], "Shift_JIS")
    assert "𠮷" not in str(refused.value)


@pytest.mark.parametrize(
    ("encoding", "text", "body"),
    [
        ("Shift_JIS", "髙", b"%FB%FC"),
        ("Shift_JIS", "﨑", b"%FA%B1"),
        ("Shift_JIS", "纊", b"%FA%5C"),
        ("Shift_JIS", "①", b"%87%40"),
        ("Shift_JIS", "㈱", b"%87%8A"),
        ("Shift_JIS", "～", b"%81%60"),
        ("Shift_JIS", "−", b"%81%7C"),
        ("Shift_JIS", "¥‾", b"%5C%7E"),
        ("Shift_JIS", "ア", b"%83A"),
        ("Shift_JIS", "表", b"%95%5C"),
        ("Shift_JIS", "ｱ", b"%B1"),
        ("Shift_JIS", "\x80", b"%80"),
        ("Shift_JIS", "￢", b"%81%CA"),
        ("EUC-JP", "濵", b"%FA%F0"),
        ("EUC-JP", "髙", b"%FC%E2"),
        ("EUC-JP", "①", b"%AD%A1"),
        ("EUC-JP", "ｱ", b"%8E%B1"),
        ("EUC-JP", "山田", b"%BB%B3%C5%C4"),
        ("EUC-JP", "¥‾−", b"%5C%7E%A1%DD"),
        ("UTF-8", "𠮷", b"%F0%A0%AE%B7"),
        ("UTF-8", "¥", b"%C2%A5"),
        ("UTF-8", "a b*-._~+&=%", b"a+b*-._%7E%2B%26%3D%25"),
        ("UTF-8", "1\n2\r3\r\n4\n\r5", b"1%0D%0A2%0D%0A3%0D%0A4%0D%0A%0D%0A5"),
    ],
)
def test_a_form_body_has_exactly_a_browsers_bytes(encoding: str, text: str, body: bytes) -> None:
    assert form_body([("v", text)], encoding) == b"v=" + body
    assert form_body([(text, "v")], encoding) == body + b"=v"


def test_pairs_keep_their_order_and_repeat() -> None:
    assert form_body([("b", "1"), ("a", ""), ("b", "2")], "EUC-JP") == b"b=1&a=&b=2"
    assert form_body([], "UTF-8") == b""


@pytest.mark.parametrize(("encoding", "count"), [("Shift_JIS", 7489), ("EUC-JP", 7488)])
def test_as_many_characters_are_encodable_as_in_chromium(encoding: str, count: int) -> None:
    """Chromium was asked for every character from the space on."""
    everything = "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x30000)]))
    assert len(everything) - len(unencodable_characters(everything, encoding)) == count


@given(st.lists(st.tuples(PLAIN, PLAIN), max_size=5), st.sampled_from(ENCODINGS))
def test_a_server_reads_what_was_written(pairs: list[tuple[str, str]], encoding: str) -> None:
    codec = {"Shift_JIS": "cp932", "EUC-JP": "euc_jp", "UTF-8": "utf-8"}[encoding]
    body = form_body(pairs, encoding).decode("ascii")
    read = parse_qsl(body, keep_blank_values=True, encoding=codec, errors="strict")
    assert read == [pair for pair in pairs if body]


@given(st.text(), st.sampled_from(LEGACY))
def test_a_body_is_made_exactly_when_every_character_is_encodable(text: str, encoding: str) -> None:
    if unencodable_characters(text, encoding):
        with pytest.raises(UnencodableText):
            form_body([("v", text)], encoding)
    else:
        assert b"%26%23" not in form_body([("v", text.replace("&", ""))], encoding)


@pytest.mark.parametrize("encoding", LEGACY)
def test_a_twin_makes_an_unencodable_character_encodable(encoding: str) -> None:
    assert replace_twins("1〜2丁目‖—¢£¬¦", encoding) == "1～2丁目∥―￠￡￢￤"
    assert unencodable_characters("".join(TWINS), encoding) == tuple(TWINS)
    assert unencodable_characters("".join(TWINS.values()), encoding) == ()


def test_nothing_else_is_replaced() -> None:
    assert replace_twins("𠮷\ufa19éゔ−¥", "Shift_JIS") == "𠮷\ufa19éゔ−¥"
    assert replace_twins("〜—", "UTF-8") == "〜—"


def test_an_unknown_encoding_is_an_error_of_the_program() -> None:
    with pytest.raises(ValueError, match="ISO-2022-JP"):
        unencodable_characters("あ", "ISO-2022-JP")


def test_only_twins_are_the_same_on_paper() -> None:
    assert same_on_paper("コーポ〜昭和", "コーポ～昭和")
    assert not same_on_paper("髙﨑", "高崎")
    assert not same_on_paper("コーポ〜昭和", "コーポー昭和")
