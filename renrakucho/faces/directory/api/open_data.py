"""What all addresses of the open data have in common: who may ask how often, caching, and how errors are told."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.csrf import csrf_exempt

from renrakucho.faces.directory.place.current_edition import edition
from renrakucho.faces.directory.place.place_error import PlaceError
from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.http import client_address

VERSION = 1
LIMIT, SECONDS = 120, 60  # requests of one visitor: a page that asks at every key stays well below
MAX_AGE = 3600  # seconds; an edition lives for months, and its ETag ends with it

Answer = Callable[[HttpRequest], HttpResponse]


def open_data_view(answer: Answer) -> Answer:
    """Let everybody ask, from any page and at a bearable pace; what has not changed is not sent again.

    Nothing is changed by asking, so that no cookie is asked for, whatever the method.
    """

    @csrf_exempt
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        response = _answered(answer, request)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return view


def json_response(content: Mapping[str, object]) -> JsonResponse:
    """An answer, with the edition it comes from."""
    now = edition()
    told = {"edition": now.id, "compiled_at": now.compiled_at.isoformat(timespec="seconds"), **content}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _answered(answer: Answer, request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        refused = _problem(PlaceError("method"))
        refused["Allow"] = "GET, HEAD"
        return refused
    if not allow_attempt("api", client_address(request), limit=LIMIT, seconds=SECONDS):
        refused = _problem(PlaceError("too_many"))
        refused["Retry-After"] = str(SECONDS)
        return refused
    etag = quote_etag(f"{edition().id}-{VERSION}")
    if etag in [seen.removeprefix("W/") for seen in parse_etags(request.headers.get("If-None-Match", ""))]:
        return _kept(HttpResponseNotModified(), etag)
    try:
        return _kept(answer(request), etag)
    except PlaceError as trouble:
        return _problem(trouble)


def _kept(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def _problem(trouble: PlaceError) -> HttpResponse:
    """RFC 9457; `type` points at the words on it in openapi.json."""
    advice = trouble.advice
    response = JsonResponse(
        {
            "type": f"{reverse('api:openapi')}#/components/x-problems/{trouble.reason}",
            "title": advice.title,
            "status": advice.status,
            "detail": advice.whole,
            "reason": trouble.reason,
        },
        status=advice.status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    return response
