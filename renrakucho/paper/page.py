"""A notice as a printed page: everything that stands on it, as texts."""

from dataclasses import asdict, dataclass
from datetime import datetime

from renrakucho.lib.legible import in_fours
from renrakucho.lib.translate import N_
from renrakucho.sheet.filled import Filled
from renrakucho.sheet.tables import WEEKDAYS

_MOMENT = N_("{0.year}年{0.month}月{0.day}日({weekday}) {0:%H:%M}")


@dataclass(frozen=True)
class Page:
    """lines: label and text, as a person reads them. written: when the mover confirmed, as it is printed.

    way_back: where the provider can answer without an account, or empty. replaces: the number of the notice that this
    one stands for, or empty; replaced_by: of the one that stands for this. withdrawn: the mover has taken it back, or
    changed it. printed: who printed a desk's copy and when.
    """

    number: str
    provider: str
    title: str
    lines: tuple[tuple[str, str], ...]
    written: str
    portal: str
    portal_url: str
    contact: str = ""
    way_back: str = ""
    replaces: str = ""
    replaced_by: str = ""
    withdrawn: bool = False
    printed: str = ""

    def texts(self) -> dict[str, object]:
        """For the drawing, with numbers as they are read aloud."""
        return {
            **asdict(self),
            "number": in_fours(self.number),
            "digits": self.number,
            "replaces": in_fours(self.replaces),
            "replaced_by": in_fours(self.replaced_by),
            "code": self.way_back.rpartition("/")[2],
        }


def page_of(
    filled: Filled,
    *,
    number: str,
    provider: str,
    written_at: datetime,
    portal: str,
    portal_url: str,
    contact: str = "",
    replaces: str = "",
    replaced_by: str = "",
    withdrawn: bool = False,
    printed: str = "",
) -> Page:
    """The page of a filled form. `written_at` is printed in its own time zone."""
    return Page(
        number=number,
        provider=provider,
        title=filled.title,
        lines=tuple((line.label, line.shown) for line in filled.rows()),
        written=_moment(written_at),
        portal=portal,
        portal_url=portal_url,
        contact=contact,
        way_back=filled.way_back,
        replaces=replaces,
        replaced_by=replaced_by,
        withdrawn=withdrawn,
        printed=printed,
    )


def _moment(at: datetime) -> str:
    """2026年12月5日(土) 14:05."""
    return _MOMENT.format(at, weekday=WEEKDAYS[at.weekday()])
