"""Links into the application flow. They hold postal codes and industries: nothing that says who moves."""

from collections.abc import Sequence
from urllib.parse import urlencode

from renrakucho.page.doors import doors


def apply_link(origin: str = "", destination: str = "", industries: Sequence[str] = ()) -> str:
    """The flow's first page with what is known filled in (postal codes of 7 digits); "" where there is no flow."""
    entrance = next((door.href for door in doors() if door.code == "apply"), "")
    parts = {"origin": origin, "destination": destination, "industries": ",".join(industries)}
    query = urlencode({name: part for name, part in parts.items() if part}, safe=",")
    return f"{entrance}?{query}" if entrance and query else entrance
