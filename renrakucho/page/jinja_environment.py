"""Jinja environment: filters and functions of all templates, and the navigation in header and footer.

Only config knows all faces, so settings.NAVIGATION_LINKS lists the navigation links: triples of a code (which a page
gives as `section`), the name of a URL, and a label. settings.FOOTER_LINKS lists those of the footer alone.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Procedure, Status
from renrakucho.notice.operator_decisions import present_announcements
from renrakucho.page import acceptance_stamp, formatting
from renrakucho.page.day_field import day_parts
from renrakucho.page.device_use import is_shared_computer
from renrakucho.page.field_view import field_id, field_view, recipient_lines
from renrakucho.page.language import language_links, page_language
from renrakucho.provider.models import Industry

_SOME_ID = UUID(int=0)


class NavigationLink(NamedTuple):
    code: str
    href: str
    label: str


def navigation_links(which: str = "NAVIGATION_LINKS") -> list[NavigationLink]:
    """Return the navigation links; one whose URL does not exist is left out, so that no page fails for it."""
    found = []
    for code, address, label in getattr(settings, which, ()):
        try:
            found.append(NavigationLink(code, reverse(address), str(label)))
        except NoReverseMatch:
            continue
    return found


def page_url(name: str, *args: object, **kwargs: object) -> str:
    """Return the URL of a page: url("book:open"), url("desk:notice", notice.id)."""
    if kwargs or len(args) > 1 or (args and not isinstance(args[0], UUID)):
        return reverse(name, args=args or None, kwargs=kwargs or None)
    before, after = _url_parts(name, get_urlconf(), get_script_prefix(), has_id=bool(args))
    return f"{before}{args[0]}{after}" if args else before


@lru_cache(maxsize=512)
def _url_parts(name: str, urlconf: str | None, prefix: str, *, has_id: bool) -> tuple[str, str]:
    """The text before and after the id in the URLs of a page: it is the same for every mover."""
    if not has_id:
        return reverse(name, urlconf), ""
    before, _id, after = reverse(name, urlconf, args=[_SOME_ID]).partition(str(_SOME_ID))
    return before, after


@lru_cache(maxsize=2048)
def _kept_gettext(language: str | None, text: str) -> str:
    return gettext(text)


@lru_cache(maxsize=2048)
def _kept_pgettext(language: str | None, context: str, text: str) -> str:
    return pgettext(context, text)


def page_gettext(text: str) -> str:
    """The text in the page's language. A catalogue does not change while a process runs."""
    return _kept_gettext(get_language(), text)


def page_pgettext(context: str, text: str) -> str:
    """The text in the page's language, where one word has several meanings."""
    return _kept_pgettext(get_language(), context, text)


def join_sentences(*sentences: object) -> Markup:
    """Join sentences; those that are no markup yet are escaped."""
    return Markup(formatting.join_sentences(*map(escape, sentences)))  # noqa: S704 - escaped one by one


_FILTERS: dict[str, Callable[..., object]] = {
    "local_day": formatting.local_day,
    "day": formatting.format_day,
    "long_day": formatting.format_long_day,
    "as_of": formatting.format_as_of,
    "weekday": formatting.weekday_name,
    "month_name": formatting.month_name,
    "clock": formatting.format_clock,
    "moment": formatting.format_moment,
    "postal": formatting.format_postal_code,
    "phone": formatting.format_phone,
    "in_fours": in_fours,
    "address": formatting.format_address,
    "in_both": formatting.text_in_both,
    "translated": formatting.translated_text,
    "industry": lambda code: Industry(code).label,
    "procedure": lambda code: Procedure(code).label,
    "status": lambda code: Status(code).label,
}


def jinja_environment(**options: Any) -> Environment:
    """Make the environment. An undefined name in a template is an error instead of an empty text."""
    options |= {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n"],
    }
    made = Environment(**options)  # noqa: S701 - autoescape is on, four lines above
    made.install_gettext_callables(  # type: ignore[attr-defined]
        page_gettext, ngettext, newstyle=True, pgettext=page_pgettext, npgettext=npgettext
    )
    made.globals |= {
        "url": page_url,
        "static": static,
        "navigation_links": navigation_links,
        "announcements": present_announcements,
        "page_language": page_language,
        "language_links": language_links,
        "portal_name": settings.PORTAL_NAME,
        "contact": settings.CONTACT,
        "sandbox": settings.SANDBOX,
        "shared_computer": is_shared_computer,
        "has_postcards": lambda: bool(settings.POSTCARD_SENDER),
        "asked": field_view,
        "recipient_lines": recipient_lines,
        "field_id": field_id,
        "join_sentences": join_sentences,
        "spoken_sentence": formatting.spoken_sentence,
        "N_": str,  # marks a text for the catalogues
        "day_parts": day_parts,
        "stamp_lettering": acceptance_stamp.stamp_lettering,
        "stamp_in_two_lines": acceptance_stamp.needs_two_lines,
        "stamp_number": acceptance_stamp.number_lines,
        "stamp_tilt": acceptance_stamp.stamp_tilt,
    }
    made.filters |= _FILTERS
    return made
