"""Invisible characters in documents of machines: they are refused. What a person types is cleaned (typed_text)."""

import re
import unicodedata
from typing import Any

_NOT_IN_LINE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, unpaired surrogates, ends of lines
# Names may need the zero width joiner and the variation selectors: these are not here.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd"
    "\ud800-\udfff]"
)


def invisible_in_line(text: str) -> bool:
    """Whether a single line holds a control, a format character, a lone surrogate or a line separator."""
    return any(unicodedata.category(char) in _NOT_IN_LINE for char in text)


def invisible_in_text(text: str) -> bool:
    """Whether a text of several lines hides text, or has line ends that are not plain newlines."""
    return "\r" in text or hides_text(text)


def hides_text(text: str) -> bool:
    """Whether a text holds characters that show nothing or reverse a line. Line ends and tabs are allowed."""
    return bool(_HIDDEN.search(text))


def invisible_within(document: Any) -> bool:
    """Whether `invisible_in_text` is true of any text in a JSON document, names of members included."""
    left = [document]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += [*part, *part.values()]
        elif isinstance(part, list):
            left += part
        elif isinstance(part, str) and invisible_in_text(part):
            return True
    return False
