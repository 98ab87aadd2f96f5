"""Coverage answer: the result of a look-up of providers. The six statuses are never merged."""

from dataclasses import dataclass
from typing import Literal

# exact:      an official source says it of the whole municipality
# by_town:    an official source says it of this town, where the municipality is split
# probably:   one provider, but its source is unofficial or unchecked
# ask:        several candidates, or one that serves only part of the place
# none_here:  a source says that nobody serves this place
# not_known:  nothing was found, or nobody has looked yet
Status = Literal["exact", "by_town", "probably", "ask", "none_here", "not_known"]
STATUSES: tuple[Status, ...] = ("exact", "by_town", "probably", "ask", "none_here", "not_known")


@dataclass(frozen=True, slots=True)
class OfficeFound:
    """One candidate. The mover has the contract with `provider` if no other was chosen; `operator` runs the wires or
    pipes ("" where not known). `phones` take moves or are general numbers, those of the best source only.
    `url` is "" where no official page is known. `as_of` is a year, month or day, "" where the source has none;
    `confidence` official, unofficial or general.
    """

    provider_id: str
    provider: str
    office: str
    phones: tuple[str, ...]
    url: str
    source: str
    source_url: str
    as_of: str
    confidence: str
    operator: str = ""


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """`offices` holds one for exact, by_town and probably, the candidates for ask, none otherwise.

    `note` is a remark on this very place in Japanese, or empty. `source` and `as_of` are those of the statement
    where no office carries one (none_here, not_known).
    """

    status: Status
    offices: tuple[OfficeFound, ...] = ()
    note: str = ""
    source: str = ""
    as_of: str = ""
