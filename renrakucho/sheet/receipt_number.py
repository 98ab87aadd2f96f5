"""How a receipt number may look that comes by a signed way back: it is shown on the mover's pages as it came."""

import re

LONGEST_NUMBER = 40  # characters, by whatever way it comes
_NUMBER = re.compile(rf"[0-9A-Za-z０-９Ａ-Ｚ一-龥ァ-ヶー\-－ /#.]{{1,{LONGEST_NUMBER}}}")


def is_plausible_number(number: str) -> bool:
    """Letters, digits, kanji, katakana, spaces and - / # . alone. A provider that signs another one is not believed."""
    return bool(_NUMBER.fullmatch(number))
