"""Facts of a move: computed from the entries; sheets are filled with them."""

from collections.abc import Mapping

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.entries import MoveEntries, MovePlace

NAME_PARTS = ("family_name", "given_name", "family_kana", "given_kana")
PLACE_PARTS = ("postal_code", "prefecture", "municipality", "town", "block", "building", "room")


def facts_of(entries: MoveEntries) -> dict[str, str]:
    """Every fact of the move, by name; empty where nothing was entered.

    The contract holder is the mover unless entered otherwise. The last bill goes to the new address unless entered
    otherwise. `return.url` stays empty: freezing a notice adds it.
    """
    facts = dict.fromkeys(CATALOGUE, "")
    facts.update({name: text for name, text in entries.items.items() if name in facts})
    facts.update(_place("origin", entries.origin))
    facts.update(_place("destination", entries.destination))
    if is_holder_mover(entries.items):
        facts.update({f"holder.{part}": facts[f"person.{part}"] for part in NAME_PARTS})
    billing_to = billing_address_of(entries.items)
    if billing_to in ("origin", "destination"):
        facts.update({f"billing.{part}": facts[f"{billing_to}.{part}"] for part in (*PLACE_PARTS, "municipality_code")})
    if not facts["billing.name"]:
        facts["billing.name"] = "　".join(filter(None, (facts["holder.family_name"], facts["holder.given_name"])))
    return facts


def withheld_facts(entries: MoveEntries, offer: str) -> frozenset[str]:
    """The names of the facts that this offer's provider must not be told: the new address of a confidential move,
    unless its mover has chosen to tell them. It stands in the bill's address too where the bill goes there.
    """
    if not entries.confidential or offer in entries.disclosed:
        return frozenset()
    prefixes = ("destination", "billing") if billing_address_of(entries.items) == "destination" else ("destination",)
    return frozenset(f"{prefix}.{part}" for prefix in prefixes for part in (*PLACE_PARTS, "municipality_code"))


def told_facts(entries: MoveEntries, offer: str) -> dict[str, str]:
    """The facts as this offer's provider may be told them: what is withheld is empty."""
    withheld = withheld_facts(entries, offer)
    return {name: "" if name in withheld else text for name, text in facts_of(entries).items()}


def is_holder_mover(items: Mapping[str, str]) -> bool:
    """Whether the contracts are in the mover's own name."""
    return items.get("holder.same", "yes") == "yes"


def billing_address_of(items: Mapping[str, str]) -> str:
    """Return where the last bill goes: destination, origin or other."""
    return items.get("billing.to", "destination")


def entries_from_facts(facts: Mapping[str, str]) -> MoveEntries:
    """Entries that give these facts again, and nothing that is not among them."""
    return MoveEntries(
        origin=_place_from("origin", facts),
        destination=_place_from("destination", facts),
        items={**facts, "holder.same": "no", "billing.to": "other"},
    )


def _place_from(prefix: str, facts: Mapping[str, str]) -> MovePlace:
    return MovePlace(
        postal_code=facts.get(f"{prefix}.postal_code", ""),
        municipality_code=facts.get(f"{prefix}.municipality_code", ""),
        prefecture=facts.get(f"{prefix}.prefecture", ""),
        municipality=facts.get(f"{prefix}.municipality", ""),
        town=facts.get(f"{prefix}.town", ""),
    )


def _place(prefix: str, place: MovePlace) -> dict[str, str]:
    return {
        f"{prefix}.postal_code": place.postal_code,
        f"{prefix}.prefecture": place.prefecture,
        f"{prefix}.municipality": place.municipality,
        f"{prefix}.municipality_code": place.municipality_code,
        f"{prefix}.town": place.street + place.town,
    }
