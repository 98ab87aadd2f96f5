"""Which common items the chosen providers need, and who gets each: the union of their sheets, and nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.facts import NAME_PARTS, PLACE_PARTS
from renrakucho.notice.offer import Offer

NOT_ASKED = "return.url"  # the writer of a notice adds it
# Decided by the addresses that were entered before.
OF_PLACE = ("prefecture", "municipality", "town")
# As on the page, so that the summary of errors runs down it: facts in their own order, each question before its facts.
_BEFORE = {"holder.family_name": "holder.same", "billing.postal_code": "billing.to"}
_ORDER = [name for fact in CATALOGUE for name in (_BEFORE.get(fact, ""), fact) if name]


@dataclass(frozen=True)
class RequestedItems:
    """`sheets`: fact → the names of the providers whose sheets say it. `days`: days that the book itself goes by."""

    sheets: Mapping[str, tuple[str, ...]]
    days: frozenset[str]

    def gets(self, name: str, items: Mapping[str, str]) -> tuple[str, ...]:
        """Who gets this item, as things stand: the mover's name goes wherever the contract holder's is asked for
        while they are the same person, an address wherever the last bill's is asked for while it goes there.
        """
        prefix, _, part = name.partition(".")
        found = self.sheets.get(name, ())
        if prefix == "person" and same_holder(items):
            found += self.sheets.get(f"holder.{part}", ())
        elif prefix == "holder" and same_holder(items):
            found = ()
        elif prefix == bill_goes_to(items):
            found += self.sheets.get(f"billing.{part}", ())
        elif prefix == "billing" and part in PLACE_PARTS and bill_goes_to(items) != "other":
            found = ()
        return tuple(dict.fromkeys(found))

    def needs(self, name: str) -> bool:
        """Whether a sheet says this fact."""
        return name in self.sheets

    def fields(self, items: Mapping[str, str]) -> tuple[str, ...]:
        """The names of all fields to ask for, whatever the answers to the two questions among them.

        `items` says what is known already: a postal code is only asked for where none is.
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
            parts = [part for part in parts if part not in OF_PLACE]
            names += [f"{end}.{part}" for part in parts if part != "postal_code" or not items.get(f"{end}.postal_code")]
        return tuple(sorted(set(names), key=_ORDER.index))


def requested_items(offers: Iterable[Offer]) -> RequestedItems:
    """What these offers need."""
    sheets: dict[str, dict[str, None]] = {}
    days = set()
    for offer in offers:
        if offer.procedure != "change":
            days.add("move.leave_on" if offer.procedure == "stop" else "move.arrive_on")
        for name in offer.sheet.facts() if offer.sheet else ():
            if name != NOT_ASKED:
                sheets.setdefault(name, {})[offer.name] = None
    return RequestedItems({name: tuple(names) for name, names in sheets.items()}, frozenset(days))


def same_holder(items: Mapping[str, str]) -> bool:
    """Whether the mover holds the contracts."""
    return items.get("holder.same", "yes") == "yes"


def bill_goes_to(items: Mapping[str, str]) -> str:
    """Where the last bill goes: destination, origin or other."""
    return items.get("billing.to", "destination")
