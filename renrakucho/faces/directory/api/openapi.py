"""The description of the open data for programs (OpenAPI 3.1)."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from renrakucho.faces.directory.api.open_data import open_data_view
from renrakucho.faces.directory.place.place_error import ADVICE


@cache
def directory_description() -> dict[str, object]:
    """openapi.json as it was written, with the problems' words beside it."""
    written: dict[str, object] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    return written


@open_data_view
def directory_openapi(request: HttpRequest) -> HttpResponse:
    """openapi.json, for this installation."""
    problems = {
        reason: {"status": advice.status, "title": advice.title, "description": f"{advice.said}。{advice.next_step}"}
        for reason, advice in ADVICE.items()
    }
    written = dict(directory_description())
    components = written["components"]
    assert isinstance(components, dict)
    told = written | {"servers": [{"url": settings.BASE_URL}], "components": components | {"x-problems": problems}}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
