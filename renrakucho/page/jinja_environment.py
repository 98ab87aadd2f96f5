"""The doors of the portal: the few links that stand in the header and the footer of every page.

Which they are is config's to say, since only config knows all faces: settings.DOORS holds triples of the door's code
(what a page gives as `door`), the name of its address, and its label; settings.FOOT_DOORS those of the footer alone.
"""

from typing import Any, NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Procedure, Status
from renrakucho.page import formatting, stamp
from renrakucho.page.day_field import day_parts
from renrakucho.page.field_view import field_id, field_view
from renrakucho.provider.models import Industry


class NavigationLink(NamedTuple):
    code: str
    href: str
    label: str


def navigation_links(which: str = "DOORS") -> list[NavigationLink]:
    """Every door that leads somewhere; one without an address is left out, so that no page fails for it."""
    found = []
    for code, address, label in getattr(settings, which, ()):
        try:
            found.append(NavigationLink(code, reverse(address), str(label)))
        except NoReverseMatch:
            continue
    return found


def page_url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page: url("book:open"), url("desk:notice", notice.id)."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def jinja_environment(**options: Any) -> Environment:
    """Django's options, with a name that nothing stands behind as an error instead of an empty place."""
    options |= {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    made = Environment(**options)  # noqa: S701 - autoescape is on, four lines above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals |= {
        "url": page_url,
        "static": static,
        "doors": navigation_links,
        "portal_name": settings.PORTAL_NAME,
        "contact": settings.CONTACT,
        "sandbox": settings.SANDBOX,
        "asked": field_view,
        "field_id": field_id,
        "day_parts": day_parts,
        "stamp_lettering": stamp.stamp_lettering,
        "stamp_in_two_lines": stamp.in_two_lines,
        "stamp_number": stamp.number_lines,
        "stamp_tilt": stamp.stamp_tilt,
    }
    made.filters |= {
        "local_day": formatting.local_day,
        "day": formatting.format_day,
        "long_day": formatting.format_long_day,
        "as_of": formatting.format_as_of,
        "weekday": formatting.weekday_name,
        "clock": formatting.format_clock,
        "postal": formatting.format_postal_code,
        "phone": formatting.format_phone,
        "in_fours": in_fours,
        "address": formatting.format_address,
        "industry": lambda code: Industry(code).label,
        "procedure": lambda code: Procedure(code).label,
        "status": lambda code: Status(code).label,
    }
    return made
