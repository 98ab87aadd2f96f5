"""Identifiers: UUIDv7 keys, access keys, readable codes, and the shape of a provider's receipt number."""

import itertools
import re
import secrets
import uuid
from datetime import UTC, datetime, timedelta

from uuid_utils import compat

from renrakucho.lib.typed_text import clean_code
from renrakucho.lib.width import HYPHENS

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of access keys: Crockford's base 32
LENGTH = 24  # characters of an access key: 120 bits
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # of readable codes: no two look alike on a fax; 4.95 bits each
LONGEST_NUMBER = 40  # characters of a provider's receipt number
_TIE_BITS = 22
_calls = itertools.count()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BETWEEN = str.maketrans("", "", f"{HYPHENS} ._\t\r\n")
_TYPING_SLIPS = str.maketrans("OIL", "011", HYPHENS)
_RECEIPT_NUMBER = re.compile(rf"[0-9A-Za-z０-９Ａ-Ｚ一-龥ァ-ヶー\-－ /#.]{{1,{LONGEST_NUMBER}}}")


def new_uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562), which sorts by time: new rows go to the index's right edge; PostgreSQL logs half as much."""
    return compat.uuid7()


def uuid7_at(moment: datetime) -> uuid.UUID:
    """A UUIDv7 that sorts by this moment, to the microsecond (RFC 9562, method 3), and at one moment by the calls of
    this process.
    """
    milliseconds, micro = divmod((moment - _EPOCH) // timedelta(microseconds=1), 1000)
    tie = next(_calls) % (1 << _TIE_BITS) << 62 - _TIE_BITS
    upper = milliseconds << 16 | 7 << 12 | micro * 4096 // 1000
    return uuid.UUID(int=upper << 64 | 2 << 62 | tie | secrets.randbits(62 - _TIE_BITS))


def first_uuid7_at(moment: datetime) -> uuid.UUID:
    """The bound between the keys made before this moment and those made at it or later, to the millisecond."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)


def new_access_key() -> str:
    """24 random characters, ungrouped."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def cleaned_access_key(typed: str) -> str | None:
    """The access key in a typed text, or None. Case, width, hyphens, spaces, O for 0, and I or L for 1 are forgiven."""
    key = "".join(clean_code(typed).upper().translate(_TYPING_SLIPS).split())
    return key if len(key) == LENGTH and set(key) <= set(ALPHABET) else None


def new_readable_code(length: int) -> str:
    """`length` random letters and digits that cannot be confused when they are read aloud or from a fax."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def cleaned_readable_code(typed: str, length: int) -> str | None:
    """The readable code of this length in a typed text, or None. Width, capitals, hyphens and spaces do not matter."""
    code = clean_code(typed).lower().translate(_BETWEEN)
    return code if len(code) == length and set(code) <= set(LETTERS) else None


def in_fours(text: str, between: str = "-") -> str:
    """The text in groups of four: 1234-5678-9012."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))


def is_plausible_receipt_number(number: str) -> bool:
    """Whether a signed return link's number may be shown on the mover's pages as it came.

    Letters, digits, kanji, katakana, spaces and - / # . only, and 40 characters at most.
    """
    return bool(_RECEIPT_NUMBER.fullmatch(number))
