"""What a channel is handed."""

from dataclasses import dataclass

from renrakucho.sheet.filled import Filled


@dataclass(frozen=True)
class Parcel:
    """`key` stays the same over every attempt at one notice: the receiver takes it once."""

    key: str
    number: str
    provider: str
    filled: Filled
