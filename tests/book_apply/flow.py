"""An applicant: fills in the pages of the application, with the usual input where no other is given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from renrakucho.mover.book import draft_by_id, entries_of
from renrakucho.mover.entries import MoveEntries
from tests import cast

ORIGIN, DESTINATION = "102-0084", "196-0015"
USUAL = [f"{industry}:{end}" for industry in ("electricity", "gas", "water") for end in ("leaving", "arriving")]


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def day(name: str, on: date) -> dict[str, str]:
    """The three fields of a day."""
    return {f"{name}_0": str(on.year), f"{name}_1": str(on.month), f"{name}_2": str(on.day)}


def typed(leave: date | None = None, arrive: date | None = None, **others: Any) -> dict[str, str]:
    """Return the common items as they are typed; double underscores stand for dots."""
    items = {name: text for name, text in cast.items(**others).items() if not name.startswith("move.")}
    return items | day("move.leave_on", leave or in_days(10)) | day("move.arrive_on", arrive or in_days(9))


def read(response: Any) -> str:
    """Return the text of a page: without tags, runs of spaces as one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@dataclass
class Applicant:
    """One browser."""

    client: Client

    def get(self, page: str) -> Any:
        return self.client.get(f"/apply/{page}")

    def post(self, page: str, data: dict[str, Any] | None = None) -> Any:
        """Send a form; follow the redirect to its own page, which shows errors."""
        response = self.client.post(f"/apply/{page}", data or {})
        return self.get(page) if response.headers.get("Location") == f"/apply/{page}" else response

    def to_addresses(self, wishes: Sequence[str] = USUAL) -> None:
        known = self.post("", {"wishes": wishes}).headers["Location"]
        assert known in ("/apply/addresses", "/apply/providers")  # the latter once the draft has both addresses

    def to_providers(self, wishes: Sequence[str] = USUAL) -> None:
        self.to_addresses(wishes)
        codes = {"origin-postal_code": ORIGIN, "destination-postal_code": DESTINATION}
        assert self.post("addresses", codes).headers["Location"] == "/apply/providers"

    def to_items(self, chosen: Sequence[str] = cast.ALL) -> None:
        self.to_providers([*USUAL, "broadcasting", "credit_card"])
        assert self.post("providers", {"chosen": chosen}).headers["Location"] == "/apply/items"

    def to_check(self, chosen: Sequence[str] = cast.ALL, **others: Any) -> None:
        self.to_items(chosen)
        assert self.post("items", typed(**others)).headers["Location"] == "/apply/check"

    @property
    def entries(self) -> MoveEntries:
        """The entries of the draft."""
        session = self.client.session
        return entries_of(draft_by_id(session.get("draft") or session["book"]))


def field(page: str, name: str) -> str:
    """Return the part of the page that is one field."""
    return next(part for part in re.split(r'<(?:div|fieldset) class="field', page) if f'id="id_{name}"' in part)
