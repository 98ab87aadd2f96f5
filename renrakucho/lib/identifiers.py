"""Primary keys that sort by time."""

import secrets
import uuid
from datetime import datetime

from uuid_utils import compat

from renrakucho.lib.width import HYPHENS, to_ascii_width


def new_uuid7() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): new rows go to the index's right edge; PostgreSQL logs half as much."""
    return compat.uuid7()


def first_uuid7_at(moment: datetime) -> uuid.UUID:
    """A key that sorts before every key made at this moment or later, and after those that were made before."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
_FORGIVEN = str.maketrans("OIL", "011", HYPHENS)


def new_access_key() -> str:
    """24 characters, ungrouped."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def cleaned_access_key(typed: str) -> str | None:
    """The key that was meant, or None: case, width, hyphens, spaces, O for 0, I or L for 1 are forgiven."""
    key = "".join(to_ascii_width(typed).upper().translate(_FORGIVEN).split())
    return key if len(key) == LENGTH and set(key) <= set(ALPHABET) else None


LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another, on a fax too: 4.95 bits each


def new_readable_code(length: int) -> str:
    """So many random letters and digits."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def in_fours(text: str, between: str = "-") -> str:
    """As it is read aloud: 1234-5678-9012."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))
