"""From what was entered to the facts that sheets are filled with."""

from collections.abc import Mapping

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.entries import MoveEntries, MovePlace

NAME_PARTS = ("family_name", "given_name", "family_kana", "given_kana")
PLACE_PARTS = ("postal_code", "prefecture", "municipality", "town", "block", "building", "room")


def facts_of(entries: MoveEntries) -> dict[str, str]:
    """Every fact of the move, by name; empty where nothing was entered.

    The contract holder is the mover unless entered otherwise. The last bill goes to the new address unless entered
    otherwise. `return.url` is not known to the mover: the writer of a notice adds it.
    """
    said = dict.fromkeys(CATALOGUE, "")
    said.update({name: text for name, text in entries.items.items() if name in said})
    said.update(_place("origin", entries.origin))
    said.update(_place("destination", entries.destination))
    if is_holder_mover(entries.items):
        said.update({f"holder.{part}": said[f"person.{part}"] for part in NAME_PARTS})
    billing_to = billing_address_of(entries.items)
    if billing_to in ("origin", "destination"):
        said.update({f"billing.{part}": said[f"{billing_to}.{part}"] for part in (*PLACE_PARTS, "municipality_code")})
    if not said["billing.name"]:
        said["billing.name"] = "　".join(filter(None, (said["holder.family_name"], said["holder.given_name"])))
    return said


def is_holder_mover(items: Mapping[str, str]) -> bool:
    """Whether the contracts are in the mover's own name."""
    return items.get("holder.same", "yes") == "yes"


def billing_address_of(items: Mapping[str, str]) -> str:
    """Return where the last bill goes: destination, origin or other."""
    return items.get("billing.to", "destination")


def entries_from_facts(said: Mapping[str, str]) -> MoveEntries:
    """Entries that say these facts again, and nothing that is not among them."""
    return MoveEntries(
        origin=_place_from("origin", said),
        destination=_place_from("destination", said),
        items={**said, "holder.same": "no", "billing.to": "other"},
    )


def _place_from(prefix: str, said: Mapping[str, str]) -> MovePlace:
    parts = ("postal_code", "prefecture", "municipality", "municipality_code", "town")
    return MovePlace(**{part: said.get(f"{prefix}.{part}", "") for part in parts})


def _place(prefix: str, place: MovePlace) -> dict[str, str]:
    return {
        f"{prefix}.postal_code": place.postal_code,
        f"{prefix}.prefecture": place.prefecture,
        f"{prefix}.municipality": place.municipality,
        f"{prefix}.municipality_code": place.municipality_code,
        f"{prefix}.town": place.town,
    }
