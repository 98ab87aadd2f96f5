"""OpenAPI 3.1 description of the API, for this installation. Everybody may read it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from renrakucho.faces.api.problem_details import ADVICE


@cache
def api_description() -> dict[str, Any]:
    """openapi.json as it was written."""
    written: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    return written


@require_safe
def api_openapi(request: HttpRequest) -> HttpResponse:
    """The description, with the explanation of every problem."""
    problems = {
        reason: {"status": advice.status, "title": advice.title, "description": str(advice.detail)}
        for reason, advice in ADVICE.items()
    }
    written = api_description()
    components = written["components"] | {"x-problems": problems}
    description = written | {"servers": [{"url": settings.BASE_URL}], "components": components}
    response = JsonResponse(description, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response
