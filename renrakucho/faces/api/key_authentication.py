"""API authentication: bearer keys of providers' systems, their permissions and rate limits."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from renrakucho.faces.api.problem_details import ApiProblem, problem_response
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.page.http import client_address
from renrakucho.provider.system_key import SystemKey, key_by_text

REQUESTS = RateLimit("system", 600, 60)  # of one provider
WRONG_KEYS = RateLimit("system-key", 30, 60)  # of one network address
_SCHEME = "bearer "

Method = Literal["GET", "POST"]
P = ParamSpec("P")
SystemView = Callable[Concatenate[HttpRequest, SystemKey, P], dict[str, object]]


def system_view(method: Method) -> Callable[[SystemView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """The view gets the key and returns the content of the response. A GET needs a key that may read, a POST
    one that may answer.

    No cookie counts here, so that no other site's page can act in a clerk's name.
    """

    def decorated(view: SystemView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def with_key(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method != method:
                    raise ApiProblem("wrong_method", headers={"Allow": method})
                key = _key(request)
                if not (key.may_read if method == "GET" else key.may_answer):
                    raise ApiProblem("not_allowed")
                content = view(request, key, *args, **kwargs)
                response: HttpResponse = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
            except ApiProblem as problem:
                response = problem_response(problem)
            response["Cache-Control"] = "no-store"
            return response

        return with_key

    return decorated


@csrf_exempt
def api_not_found(request: HttpRequest) -> HttpResponse:
    """404 for an unknown address, as problem details."""
    return problem_response(ApiProblem("not_found"))


def _key(request: HttpRequest) -> SystemKey:
    sent = request.headers.get("Authorization", "")
    if not sent[: len(_SCHEME)].lower() == _SCHEME:
        raise ApiProblem("no_key", headers={"WWW-Authenticate": "Bearer"})
    key = key_by_text(sent[len(_SCHEME) :].strip())
    if key is None:
        _require_within(WRONG_KEYS.count_attempt(client_address(request)))
        raise ApiProblem("bad_key", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    _require_within(REQUESTS.count_attempt(key.provider))
    return key


def _require_within(attempt: Attempt) -> None:
    if not attempt.allowed:
        raise ApiProblem("too_many", headers={"Retry-After": str(attempt.retry_after)})
