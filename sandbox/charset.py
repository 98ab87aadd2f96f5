"""Shift_JIS and EUC-JP as browsers read them (WHATWG Encoding Standard), out of Python's own tables.

Browsers know one two-byte table for both, that of Windows: Python's cp932. Its euc_jp has neither the
circled digits nor 髙 and 﨑, and reads 0xA1C1 as 〜 (U+301C) where a browser reads ～ (U+FF5E).
"""

from functools import cache

from sandbox.form import Charset

THREE_BYTES = 0x8F  # leads a character of JIS X 0212 in EUC-JP
HALF_KANA = 0x8E


def decode(body: bytes, charset: Charset) -> str:
    """The text of a browser's bytes; U+FFFD for bytes that mean nothing."""
    if charset == "EUC-JP":
        return _euc_jp(body)
    return body.decode("cp932" if charset == "Shift_JIS" else "utf-8", errors="replace")


def encode(page: str, charset: Charset) -> bytes:
    """A page's bytes; what the charset lacks becomes a character reference, which HTML reads back."""
    if charset == "UTF-8":
        return page.encode()
    return b"".join(_sayable(character, charset) for character in page)


@cache
def _sayable(character: str, charset: Charset) -> bytes:
    codec = "cp932" if charset == "Shift_JIS" else "euc_jp"
    try:
        said = character.encode(codec)
    except UnicodeEncodeError:
        said = b""
    # Where Python and browsers read the same bytes differently, the reference is the safe way to say it.
    return said if said and decode(said, charset) == character else f"&#{ord(character)};".encode()


def _euc_jp(body: bytes) -> str:
    read: list[str] = []
    at = 0
    while at < len(body):
        size = 1 if body[at] < 0x80 else 3 if body[at] == THREE_BYTES else 2
        read.append(_euc_character(body[at : at + size]))
        at += size
    return "".join(read)


@cache
def _euc_character(said: bytes) -> str:
    try:
        if len(said) == 2 and said[0] != HALF_KANA:
            return _shifted(said).decode("cp932")
        return said.decode("euc_jp")
    except ValueError:
        return "\ufffd"


def _shifted(pair: bytes) -> bytes:
    """The Shift_JIS bytes of the same place in the two-byte table; ValueError outside of it."""
    row, cell = pair[0] - 0xA1, pair[1] - 0xA1
    if not (0 <= row < 94 and 0 <= cell < 94):
        raise ValueError(pair)
    lead, half = divmod(row, 2)
    trail = half * 94 + cell
    return bytes([lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)])
