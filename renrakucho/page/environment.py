"""The environment that every page is rendered in."""

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined

from renrakucho.lib.legible import in_fours
from renrakucho.page import stamp, words, written
from renrakucho.page.asked import asked, field_id
from renrakucho.page.day_field import day_parts
from renrakucho.page.doors import doors


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page: url("book:open"), url("desk:notice", notice.id)."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def environment(**options: Any) -> Environment:
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
        "url": url,
        "static": static,
        "doors": doors,
        "portal_name": settings.PORTAL_NAME,
        "contact": settings.CONTACT,
        "sandbox": settings.SANDBOX,
        "asked": asked,
        "field_id": field_id,
        "day_parts": day_parts,
        "stamp_lettering": stamp.lettering,
        "stamp_in_two_lines": stamp.in_two_lines,
        "stamp_number": stamp.number_lines,
        "stamp_tilt": stamp.tilt,
    }
    made.filters |= {
        "local_day": written.local_day,
        "day": written.day,
        "long_day": written.long_day,
        "as_of": written.as_of,
        "weekday": written.weekday,
        "clock": written.clock,
        "postal": written.postal,
        "phone": written.phone,
        "in_fours": in_fours,
        "address": written.address,
        "industry": words.industry,
        "procedure": words.procedure,
        "end": words.end,
        "status": words.status,
    }
    return made
