"""Open data: rate limit, caching with ETag, CORS and problem details, alike at every URL."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt

from renrakucho.address.edition_cache import current_edition
from renrakucho.address.place_query import PlaceError
from renrakucho.faces.directory.query_problems import QueryError, query_advice
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.page.http import allow_caching, client_address, not_modified_response, problem_details_response

VERSION = 1
REQUESTS = RateLimit("api", 120, 60)  # of one client: a page that asks at every key stays well below
MAX_AGE = 3600  # seconds; an edition lives for months, and its ETag ends with it

OpenDataView = Callable[[HttpRequest], HttpResponse]


def open_data_view(view: OpenDataView) -> OpenDataView:
    """Let everybody call the view from any page, within the rate limit; 304 while the edition is the same.

    A request changes nothing, so no CSRF cookie is needed, whatever the method.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        response = _respond(view, request)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped


def json_response(content: Mapping[str, object]) -> JsonResponse:
    """Return the content as JSON, with the edition that it comes from."""
    edition = current_edition()
    content = {"edition": edition.id, "compiled_at": edition.compiled_at.isoformat(timespec="seconds"), **content}
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})


def _respond(view: OpenDataView, request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return _problem(QueryError("method"), {"Allow": "GET, HEAD"})
    attempt = REQUESTS.count_attempt(client_address(request))
    if not attempt.allowed:
        return _problem(QueryError("too_many"), {"Retry-After": str(attempt.retry_after)})
    etag = quote_etag(f"{current_edition().id}-{VERSION}")
    try:
        return not_modified_response(request, etag, max_age=MAX_AGE) or allow_caching(
            view(request), etag, max_age=MAX_AGE
        )
    except (PlaceError, QueryError) as error:
        return _problem(error, {})


def _problem(error: PlaceError | QueryError, headers: Mapping[str, str]) -> HttpResponse:
    """Problem details; `type` leads to the texts on the reason in openapi.json."""
    advice = query_advice(error)
    return problem_details_response(
        f"{reverse('api:openapi')}#/components/x-problems/{error.reason}",
        title=advice.title,
        status=advice.status,
        detail=advice.whole,
        reason=error.reason,
        headers={**headers, "Cache-Control": "no-store"},
    )
