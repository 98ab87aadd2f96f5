"""Which characters can be printed: a font without one prints a box, and says nothing."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import typst

from renrakucho.paper.press import Typeset

_PROBE = Path(__file__).with_name("probe.typ")
_NO_GLYPH = "could not be displayed"


class CannotPrint(ValueError):
    """Some characters have no glyph. `characters` are they, each once, in order."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(dict.fromkeys(characters))
        super().__init__(" ".join(f"U+{ord(character):04X}" for character in self.characters))


def check(texts: Sequence[str]) -> None:
    """Raises CannotPrint where the fonts lack a character, NoFont where there are none."""
    if _prints(texts):
        return
    characters = dict.fromkeys("".join(texts))
    raise CannotPrint(character for character in characters if not _prints_alone(character))


@cache
def _prints_alone(character: str) -> bool:
    return _prints([character])


def _prints(texts: Sequence[str]) -> bool:
    # PDF/A takes no text without a glyph, so the writer of PDFs is the one who knows.
    try:
        Typeset.of(_PROBE).made(texts, format="pdf", pdf_standards="a-2b")
    except typst.TypstError as error:
        if _NO_GLYPH in str(error):
            return False
        raise
    return True
