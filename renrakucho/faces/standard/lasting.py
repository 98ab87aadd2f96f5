"""What all addresses of the standard have in common: anybody may read them from anywhere, and keep them a while."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

MAX_AGE = 3600  # seconds; within a version only what is compatible changes

Answer = Callable[..., HttpResponse]


def lasting(answer: Answer) -> Answer:
    """Add ETag, Cache-Control and CORS; answer 304 to whoever has it already."""

    @wraps(answer)
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        response = answer(request, **named)
        etag = quote_etag(sha256(response.content).hexdigest()[:32])
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={MAX_AGE}"
        kept = get_conditional_response(request, etag=etag, response=response) or response
        kept["Access-Control-Allow-Origin"] = "*"  # on a 304 too, which has taken over the others alone
        return kept

    return view
