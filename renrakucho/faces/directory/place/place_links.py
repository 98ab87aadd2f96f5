"""The addresses of a place's pages."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from renrakucho.address import place_lookup
from renrakucho.address.place import TownAt
from renrakucho.page.jinja_environment import navigation_links


def place_url(town: TownAt, postal_code: str = "", former: str = "", *, town_unread: bool = False) -> str:
    """Who serves a town. A postal code (one that exists) that has no other town says it all.

    `former` and `town_unread` are what `Where` says: a word about them stands on the page.
    """
    if postal_code and not former and place_lookup.towns_at(postal_code) == (town,):
        return url_with_query("directory:search", postal_code=postal_code)
    place = {"postal_code": postal_code, "municipality": town.municipality_code, "town": town.town}
    return url_with_query("directory:search", **place, former=former, town_unread="1" if town_unread else "")


def url_with_query(name: str, **parts: str) -> str:
    """A page of this face with a query of the parts that are not empty."""
    query = urlencode({part: value for part, value in parts.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)


def apply_link(origin: str = "", destination: str = "", industries: Sequence[str] = ()) -> str:
    """The flow's first page with what is known filled in (postal codes of 7 digits); "" where there is no flow."""
    entrance = next((door.href for door in navigation_links() if door.code == "apply"), "")
    parts = {"origin": origin, "destination": destination, "industries": ",".join(industries)}
    query = urlencode({name: part for name, part in parts.items() if part}, safe=",")
    return f"{entrance}?{query}" if entrance and query else entrance
