"""The door for providers' systems: whose key it is, what it may do, how often."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from renrakucho.faces.api.problem_details import ApiProblem, problem_response
from renrakucho.lib.throttle.rate_limit import allow_attempt
from renrakucho.page.http import client_address
from renrakucho.provider.system_key import SystemKey, key_by_text

LIMIT, SECONDS = 600, 60  # of one provider
WRONG_LIMIT = 30  # keys that are none, from one address, in the same time
_SCHEME = "bearer "

Method = Literal["GET", "POST"]
P = ParamSpec("P")
SystemView = Callable[Concatenate[HttpRequest, SystemKey, P], dict[str, object]]


def system_view(method: Method) -> Callable[[SystemView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """The view gets the key and returns what is answered. A GET needs a key that may read, a POST one that may answer.

    No cookie counts here, so that no other site's page can act in a clerk's name.
    """

    def dressed(view: SystemView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
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

        return answered

    return dressed


@csrf_exempt
def api_not_found(request: HttpRequest) -> HttpResponse:
    """An address that is none: a program is told so in its own language too."""
    return problem_response(ApiProblem("not_found"))


def _key(request: HttpRequest) -> SystemKey:
    sent = request.headers.get("Authorization", "")
    if not sent[: len(_SCHEME)].lower() == _SCHEME:
        raise ApiProblem("no_key", headers={"WWW-Authenticate": "Bearer"})
    key = key_by_text(sent[len(_SCHEME) :].strip())
    if key is None:
        _within(allow_attempt("system-key", client_address(request), limit=WRONG_LIMIT, seconds=SECONDS))
        raise ApiProblem("bad_key", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    _within(allow_attempt("system", key.provider, limit=LIMIT, seconds=SECONDS))
    return key


def _within(limit: bool) -> None:
    if not limit:
        raise ApiProblem("too_many", headers={"Retry-After": str(SECONDS)})
