"""Places: municipalities and towns as a look-up returns them."""

from dataclasses import dataclass

from renrakucho.lib.errors import NotFound


@dataclass(frozen=True, slots=True)
class MunicipalityAt:
    """A city, ward, town or village, as addresses name it.

    `code` is JIS X 0402 (5 digits). `name` has the 郡 (or island) and, in a designated city, the ward. `has_wards`
    is true for a designated city itself, at which no address ends. `url` is its official site, or empty.
    """

    code: str
    prefecture: str
    name: str
    kana: str
    romaji: str
    has_wards: bool
    url: str


@dataclass(frozen=True, slots=True)
class TownAt:
    """A town (町域 as Japan Post has it). `town` is empty where Japan Post lists no town: the whole municipality.

    `town_id` is `<municipality code>:<town>` and stays the same from one edition of the directory to the next.
    """

    town_id: str
    municipality_code: str
    prefecture: str
    municipality: str
    town: str
    kana: str


class UnknownMunicipality(NotFound):
    """No municipality has this code."""


class UnknownTown(NotFound):
    """No town has this id."""
