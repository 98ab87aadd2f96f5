"""Primary keys that sort by time."""

import uuid

from uuid_utils import compat


def new_key() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): new rows go to the index's right edge; PostgreSQL logs half as much."""
    return compat.uuid7()
