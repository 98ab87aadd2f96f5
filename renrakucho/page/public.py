"""Answers for everybody: anybody may read them from anywhere, and keep them a while."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def public(request: HttpRequest, response: HttpResponse, *, max_age: int) -> HttpResponse:
    """With ETag, Cache-Control (`max_age` in seconds) and CORS; 304 to whoever has it already."""
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={max_age}"
    kept: HttpResponse = get_conditional_response(request, etag=etag, response=response) or response
    kept["Access-Control-Allow-Origin"] = "*"  # on a 304 too, which has taken over the others alone
    return kept
