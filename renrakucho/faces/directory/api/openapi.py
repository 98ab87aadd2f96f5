"""The description of the open data for programs (OpenAPI 3.1)."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from renrakucho.faces.directory.api.open_data import open_data_view
from renrakucho.faces.directory.query_problems import ADVICE


@cache
def directory_description() -> dict[str, object]:
    """Read openapi.json."""
    description: dict[str, object] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    return description


@open_data_view
def directory_openapi(request: HttpRequest) -> HttpResponse:
    """Return openapi.json with the URL of this installation and the texts of all problems."""
    problems = {
        reason: {"status": advice.status, "title": advice.title, "description": f"{advice.said}。{advice.next_step}"}
        for reason, advice in ADVICE.items()
    }
    description = dict(directory_description())
    components = description["components"]
    assert isinstance(components, dict)
    content = description | {
        "servers": [{"url": settings.BASE_URL}],
        "components": components | {"x-problems": problems},
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
