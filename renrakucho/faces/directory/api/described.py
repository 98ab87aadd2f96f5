"""The description of the open data for programs (OpenAPI 3.1)."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from renrakucho.faces.directory.api.answering import open_data
from renrakucho.faces.directory.place.trouble import ADVICE


@cache
def description() -> dict[str, object]:
    """openapi.json as it was written, with the problems' words beside it."""
    written: dict[str, object] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    return written


@open_data
def openapi(request: HttpRequest) -> HttpResponse:
    """openapi.json, for this installation."""
    problems = {
        reason: {"status": advice.status, "title": advice.title, "description": f"{advice.said}。{advice.next_step}"}
        for reason, advice in ADVICE.items()
    }
    written = dict(description())
    components = written["components"]
    assert isinstance(components, dict)
    told = written | {"servers": [{"url": settings.BASE_URL}], "components": components | {"x-problems": problems}}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
