"""HTTP compression (gzip) of every answer, safe against BREACH; and static files that browsers keep.

BREACH reads a secret out of a compressed page by its length: another site makes a browser open the page over and over,
each time with a guess in its address. Three things stand against it here:

- A page that shows what opens something, an access key for one, is never compressed (`keep_uncompressed`).
- A page about a person (no-store, to a session) is not compressed where another site leads to it.
- Every compressed answer has random bytes in it (Django's «heal the breach»), and forms' tokens are masked each time.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class CompressionMiddleware(GZipMiddleware):
    """Django's gzip (ETags become weak), but for answers whose length could give something away."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the response if the client takes gzip."""
        if response.status_code == 304:  # has no content, but says the same to caches as the answer that it stands for
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        if _is_telling(request, response):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed


def keep_uncompressed(response: HttpResponseBase) -> None:
    """Let neither the portal nor a proxy compress a page with a secret on it (Cache-Control: no-transform)."""
    patch_cache_control(response, no_transform=True)


def _is_telling(request: HttpRequest, response: HttpResponseBase) -> bool:
    control = response.get("Cache-Control", "")
    led_here = request.headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site")  # from another site or host
    is_known = settings.SESSION_COOKIE_NAME in request.COOKIES  # else there is nobody whom the page could be about
    return "no-transform" in control or ("no-store" in control and led_here and is_known)


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # has no types
    """Static files, compressed when they are collected. A name with a hash of its content is kept for a year."""

    FOREVER = 31_536_000
