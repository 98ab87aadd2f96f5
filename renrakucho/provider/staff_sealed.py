"""What is kept of a staff member beside name and ID, sealed with the master key: mail addresses, the second factor."""

from typing import Any
from uuid import UUID

from renrakucho.lib.sealing import open_with_master_key, seal_with_master_key


def seal_for_owner(owner: UUID, what: str, value: Any) -> bytes:
    """Seal a JSON value for the row `owner`."""
    return seal_with_master_key(value, _place(owner, what))


def open_for_owner(owner: UUID, what: str, sealed: bytes | memoryview) -> Any:
    """The JSON value again. Raises lib.seal.Tampered where it was sealed for another row or as something else."""
    return open_with_master_key(sealed, _place(owner, what))


def _place(owner: UUID, what: str) -> bytes:
    return b"staff:" + owner.bytes + what.encode()
