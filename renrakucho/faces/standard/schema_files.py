"""The schemas and their examples, as files for programs: from anywhere, and not sent twice."""

import io
import zipfile
from collections.abc import Callable
from functools import cache, wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.page.http import cacheable_response
from renrakucho.standard.schemas import EXAMPLE, FOLDER, STANDARD, SUFFIX, schema_examples, schema_names

ZIP = f"{STANDARD.replace('/', '-')}.zip"
MAX_AGE = 3600  # seconds; within a version only what is compatible changes

Answer = Callable[..., HttpResponse]


def public_and_cacheable(answer: Answer) -> Answer:
    """May be read from anywhere and kept a while; 304 to whoever has it already."""

    @wraps(answer)
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        return cacheable_response(request, answer(request, **named), max_age=MAX_AGE)

    return view


@require_safe
@public_and_cacheable
def schema_file(request: HttpRequest, name: str) -> HttpResponse:
    """One schema, as it lies in the folder."""
    if name not in schema_names():
        raise Http404
    return HttpResponse((FOLDER / f"{name}{SUFFIX}").read_bytes(), content_type="application/schema+json")


@require_safe
@public_and_cacheable
def example_file(request: HttpRequest, name: str, variant: str) -> HttpResponse:
    """One example."""
    text = schema_examples(name).get(variant) if name in schema_names() else None
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="application/json")


@require_safe
@public_and_cacheable
def standard_archive(request: HttpRequest) -> HttpResponse:
    """All schemas and examples as one file: put into one folder, they refer to each other."""
    response = HttpResponse(_zipped(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{ZIP}"'
    return response


@cache
def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as together:
        for path in sorted([*FOLDER.glob(f"*{SUFFIX}"), *FOLDER.glob(f"*{EXAMPLE}")]):
            # Without the moment of this machine, so that the same content is the same file everywhere.
            together.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return made.getvalue()
