"""A fax as a file, and what goes with it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Letter:
    """key: the same over every attempt at the same thing. name: what an operator reads of it, nobody's name in it."""

    key: str
    name: str
    tiff: bytes
    until: datetime | None = None
