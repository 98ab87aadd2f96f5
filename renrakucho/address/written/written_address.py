"""Written address: the parts of an address, as the parser understood them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from renrakucho.address.written.building_room import room_at
from renrakucho.address.written.folding import narrow_in_place

Level = Literal["exact", "town", "municipality", "prefecture", "none"]


class TextPiece(NamedTuple):
    """A piece of the typed text, and the part that it was read as. All pieces in order are the whole text."""

    kind: str
    typed: str


@dataclass(frozen=True, slots=True)
class PlaceAlternative:
    """One of several places that fit the text equally well."""

    municipality_code: str
    prefecture: str
    municipality: str
    town: str


@dataclass(frozen=True, slots=True)
class WrittenAddress:
    """An address, as far as it was understood.

    A part that the address does not have is "". municipality_code is the 5-digit JIS X 0402 code of the
    municipality or ward; of the city where its ward is not known. town is as in the postal service's list. chome,
    block and number are in ASCII digits, with what belongs to them (甲, イ, 番外地). street is the 通り名 of Kyoto.
    street, koaza, building, room and rest are as typed.

    level says how certain the place is: `exact` (town and block, nothing left over), `town`, `municipality`,
    `prefecture`, `none`. rest is the text that was not understood. alternatives has the places (up to 50) that fit
    equally well, where there are several.
    """

    postal_code: str = ""
    prefecture: str = ""
    municipality_code: str = ""
    municipality: str = ""
    street: str = ""
    town: str = ""
    chome: str = ""
    koaza: str = ""
    block: str = ""
    number: str = ""
    building: str = ""
    room: str = ""
    rest: str = ""
    level: Level = "none"
    alternatives: tuple[PlaceAlternative, ...] = ()
    pieces: tuple[TextPiece, ...] = ()

    @property
    def text(self) -> str:
        """The address in its normal form, which parses to the same address."""
        chome = f"{self.chome}丁目" if self.chome else ""
        place = f"{self.prefecture}{self.municipality}{self.street}{self.town}{chome}{self.koaza}{self.house}"
        code = f"〒{self.postal_code[:3]}-{self.postal_code[3:]}" if self.postal_code else ""
        if self.room and room_at(narrow_in_place(self.building)) < len(self.building):
            return _spaced(code, f"{place}-{self.room}", self.building, self.rest)  # the building ends in a floor
        return _spaced(code, place, self.building, self.room, self.rest)

    @property
    def house(self) -> str:
        """Block and number: 2-7 behind a 丁目, else 123番地4, since 123 could be read as a 丁目."""
        if not self.block:
            return f"{self.number}号" if self.number else ""
        if self.chome or not self.block[-1].isdigit():
            return "-".join(part for part in (self.block, self.number) if part)
        return f"{self.block}番地{self.number}"


def _spaced(*parts: str) -> str:
    return " ".join(part for part in parts if part)
