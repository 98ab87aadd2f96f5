"""Primary keys that sort by time."""

import uuid
from datetime import datetime

from uuid_utils import compat


def new_key() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): new rows go to the index's right edge; PostgreSQL logs half as much."""
    return compat.uuid7()


def first_key_at(moment: datetime) -> uuid.UUID:
    """A key that sorts before every key made at this moment or later, and after those that were made before."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62)
