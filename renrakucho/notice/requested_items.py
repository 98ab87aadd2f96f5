"""Requested items: the common items that the chosen providers' sheets need, and which provider gets each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.facts import NAME_PARTS, PLACE_PARTS, billing_address_of, is_holder_mover
from renrakucho.notice.offer import Offer
from renrakucho.sheet.procedure import required_days

NOT_ASKED = "return.url"  # added when a notice is written
# The addresses that were entered before decide these.
_OF_PLACE = ("prefecture", "municipality", "town")
# The order of the page, so that its error summary runs down it: in catalogue order, each question before its facts.
_BEFORE = {"holder.family_name": "holder.same", "billing.postal_code": "billing.to"}
_ORDER = [name for fact in CATALOGUE for name in (_BEFORE.get(fact, ""), fact) if name]


@dataclass(frozen=True)
class RequestedItems:
    """`sheets`: fact → the names of the providers whose sheets say it. `days`: the days that the book itself needs."""

    sheets: Mapping[str, tuple[str, ...]]
    days: frozenset[str]

    def recipients(self, name: str, items: Mapping[str, str]) -> tuple[str, ...]:
        """Return the providers that get this item. While the mover holds the contracts, the mover's name goes wherever
        the holder's is requested; while the last bill goes to an address, that address goes wherever the bill's is.
        """
        prefix, _, part = name.partition(".")
        found = self.sheets.get(name, ())
        if prefix == "person" and is_holder_mover(items):
            found += self.sheets.get(f"holder.{part}", ())
        elif prefix == "holder" and is_holder_mover(items):
            found = ()
        elif prefix == billing_address_of(items):
            found += self.sheets.get(f"billing.{part}", ())
        elif prefix == "billing" and part in PLACE_PARTS and billing_address_of(items) != "other":
            found = ()
        return tuple(dict.fromkeys(found))

    def needs(self, name: str) -> bool:
        """Whether a sheet says this fact."""
        return name in self.sheets

    def fields(self, items: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of all fields to show, whatever is answered to the two questions among them.

        `items` has what is known already: a postal code is only requested where there is none.
        """
        names = ["contact.email", *self.days]
        names += [name for name in self.sheets if name.startswith(("person.", "contact.", "move.", "payment."))]
        if any(self.needs(f"holder.{part}") for part in NAME_PARTS):
            named = [part for part in NAME_PARTS if self.needs(f"holder.{part}")]
            names += ["holder.same", *(f"{prefix}.{part}" for prefix in ("person", "holder") for part in named)]
        billed = [part for part in PLACE_PARTS if self.needs(f"billing.{part}")]
        if billed:
            names += ["billing.to", *(f"billing.{part}" for part in billed)]
        if self.needs("billing.name"):
            names.append("billing.name")
        for end in ("origin", "destination"):
            parts = [part for part in PLACE_PARTS if self.needs(f"{end}.{part}") or (part in billed)]
            parts = [part for part in parts if part not in _OF_PLACE]
            names += [f"{end}.{part}" for part in parts if part != "postal_code" or not items.get(f"{end}.postal_code")]
        return tuple(sorted(set(names), key=_ORDER.index))


def requested_items(offers: Iterable[Offer]) -> RequestedItems:
    """Return the union of what the offers' sheets need."""
    sheets: dict[str, dict[str, None]] = {}
    days: set[str] = set()
    for offer in offers:
        days.update(required_days(offer.procedure))
        for name in offer.sheet.facts() if offer.sheet else ():
            if name != NOT_ASKED:
                sheets.setdefault(name, {})[offer.name] = None
    return RequestedItems({name: tuple(names) for name, names in sheets.items()}, frozenset(days))
