"""The doors of the portal: the few links that stand in the header and the footer of every page.

Which they are is config's to say, since only config knows all faces: settings.DOORS holds triples of the door's code
(what a page gives as `door`), the name of its address, and its label; settings.FOOT_DOORS those of the footer alone.
"""

from typing import NamedTuple

from django.conf import settings
from django.urls import NoReverseMatch, reverse


class Door(NamedTuple):
    code: str
    href: str
    label: str


def doors(which: str = "DOORS") -> list[Door]:
    """Every door that leads somewhere; one without an address is left out, so that no page fails for it."""
    found = []
    for code, address, label in getattr(settings, which, ()):
        try:
            found.append(Door(code, reverse(address), str(label)))
        except NoReverseMatch:
            continue
    return found
