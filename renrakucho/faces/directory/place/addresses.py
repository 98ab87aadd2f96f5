"""The addresses of a place's pages."""

from urllib.parse import urlencode

from django.urls import reverse

from renrakucho.address import lookup
from renrakucho.address.place import TownAt


def page_of(town: TownAt, postal_code: str = "", former: str = "", *, town_unread: bool = False) -> str:
    """Who serves a town. A postal code (one that exists) that has no other town says it all.

    `former` and `town_unread` are what `Where` says: a word about them stands on the page.
    """
    if postal_code and not former and lookup.towns_at(postal_code) == (town,):
        return with_query("directory:search", postal_code=postal_code)
    place = {"postal_code": postal_code, "municipality": town.municipality_code, "town": town.town}
    return with_query("directory:search", **place, former=former, town_unread="1" if town_unread else "")


def with_query(name: str, **parts: str) -> str:
    """A page of this face with a query of the parts that are not empty."""
    query = urlencode({part: value for part, value in parts.items() if value})
    return f"{reverse(name)}?{query}" if query else reverse(name)
