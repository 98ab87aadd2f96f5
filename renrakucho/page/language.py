"""Locale middleware: the language of a page, by address, `?language=en`, cookie and Accept-Language, in this order.

Offices and machines (settings.ONE_LANGUAGE_PATHS) always get Japanese, whatever their browser asks for.
"""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import activate, get_language, override

from renrakucho.page.http import referring_path

ASKED = "language"  # of a page's address: ?language=en


class LanguageLink(NamedTuple):
    """A language in its own words; `href` leads to the page in it, "" for the page's own language."""

    code: str
    name: str
    href: str


class PageLanguageMiddleware(LocaleMiddleware):
    """Django's, with one language for some paths, and with a choice in the address that the cookie keeps."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with override(settings.LANGUAGE_CODE):  # the thread's next work is in Japanese again
            return super().__call__(request)  # type: ignore[return-value]

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of this request."""
        if not is_translated(request.path_info):
            activate(settings.LANGUAGE_CODE)
        elif language := asked_language(request):
            activate(language)
        else:
            super().process_request(request)
        request.LANGUAGE_CODE = page_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say the language to caches and readers, and keep a choice."""
        if not is_translated(request.path_info):
            return response
        response = super().process_response(request, response)
        patch_vary_headers(response, ("Cookie",))
        language = asked_language(request)
        if language and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != language:
            _keep_language(response, language)
        return response


def is_translated(path: str) -> bool:
    """Whether pages at this path are shown in the visitor's language."""
    return not any(path == one or path.startswith(f"{one}/") for one in settings.ONE_LANGUAGE_PATHS)


def asked_language(request: HttpRequest) -> str:
    """The language that the address asks for; "" for none that there is."""
    asked = request.GET.get(ASKED, "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def page_language() -> str:
    """The language that is active now: ja or en."""
    return get_language() or settings.LANGUAGE_CODE


def _keep_language(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def language_links(request: HttpRequest, *, is_error: bool = False) -> list[LanguageLink]:
    """Every language that this page can be read in; none for a page that has one only. From an error page without the
    address's query, which may be what could not be read; and after a post to the page that the form stood on, since the
    address that it was sent to may show none.
    """
    if not is_translated(request.path_info):
        return []
    page = referring_path(request) or "/" if is_error and request.method == "POST" else ""
    links = []
    for code, name in settings.LANGUAGES:
        query = QueryDict(mutable=True) if is_error else request.GET.copy()
        query[ASKED] = code
        links.append(LanguageLink(code, str(name), "" if code == page_language() else f"{page}?{query.urlencode()}"))
    return links
