"""Page encoding: the encoding of a page and of its forms, as a browser decides it.

WHATWG Encoding Standard (names) and HTML Standard (which of several wins): a byte order mark, then the HTTP header,
then `<meta>` in the first 1024 bytes; a form's accept-charset goes before its page.
"""

import codecs
import re
from dataclasses import dataclass

_NAMES = {
    "UTF-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 unicode11utf8 unicode20utf8",
    "Shift_JIS": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji csshiftjis ms932",
    "EUC-JP": "euc-jp x-euc-jp cseucpkdfmtjapanese",
}
_KNOWN = {label: name for name, labels in _NAMES.items() for label in labels.split()}
_CODECS = {"Shift_JIS": "cp932", "EUC-JP": "euc_jp"}
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_IN_META = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LOOKED_AT = 1024


@dataclass(frozen=True)
class PageCharsets:
    """The encodings that a page names in each place, or empty. Known names are written as in sheets."""

    header: str
    meta: str
    mark: bool  # begins with UTF-8's byte order mark

    @property
    def used(self) -> str:
        """The encoding that a browser uses; empty where it guesses."""
        return "UTF-8" if self.mark else self.header or self.meta

    def text(self, body: bytes) -> str:
        """The decoded page. Bytes that are invalid in its encoding become U+FFFD, as in a browser."""
        codec = _CODECS.get(self.used, "utf-8-sig")
        return body.decode(codec, "replace")


def charset_name(label: str) -> str:
    """The sheet's name of an encoding label: sjis → Shift_JIS. An encoding that sheets do not have stays as it is."""
    return _KNOWN.get(label.strip().lower(), label.strip())


def page_charsets(content_type: str, body: bytes) -> PageCharsets:
    """The encodings that a page names, in its header, its meta element and its byte order mark."""
    header = _IN_HEADER.search(content_type)
    meta = _IN_META.search(body[:_LOOKED_AT])
    return PageCharsets(
        header=charset_name(header[1]) if header else "",
        meta=charset_name(meta[1].decode("ascii", "replace")) if meta else "",
        mark=body.startswith(codecs.BOM_UTF8),
    )
