"""Characters that nobody can see: they come along when a text is copied, and make two texts differ that look alike."""

import unicodedata

_LINES = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, unpaired surrogates, ends of lines
_TEXT = {"Cc", "Cs"}


def unseen_in_line(text: str) -> bool:
    """Whether one line holds something unseen."""
    return any(unicodedata.category(char) in _LINES for char in text)


def unseen_in_text(text: str) -> bool:
    """Whether several lines hold something that is no text; ends of lines and tabs are."""
    return any(unicodedata.category(char) in _TEXT for char in text if char not in "\n\t")
