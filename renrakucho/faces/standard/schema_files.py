"""Files of the standard for programs, with CORS and caching: schemas, examples, and the keys that sign disclosures."""

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache, wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.page.http import cacheable_response
from renrakucho.receipt.disclosure_receipt import published_keys
from renrakucho.standard.schemas import EXAMPLE, FOLDER, STANDARD, SUFFIX, schema_examples, schema_names

ZIP = f"{STANDARD.replace('/', '-')}.zip"
MAX_AGE = 3600  # seconds; within a version only what is compatible changes

FileView = Callable[..., HttpResponse]


def public_and_cacheable(file_view: FileView) -> FileView:
    """Let everybody read the file from any page and cache it; 304 where the client has it already."""

    @wraps(file_view)
    def view(request: HttpRequest, **named: str) -> HttpResponse:
        return cacheable_response(request, file_view(request, **named), max_age=MAX_AGE)

    return view


@require_safe
@public_and_cacheable
def schema_file(request: HttpRequest, name: str) -> HttpResponse:
    """Return one schema, as it is in the folder."""
    if name not in schema_names():
        raise Http404
    return HttpResponse((FOLDER / f"{name}{SUFFIX}").read_bytes(), content_type="application/schema+json")


@require_safe
@public_and_cacheable
def example_file(request: HttpRequest, name: str, variant: str) -> HttpResponse:
    """Return one example."""
    text = schema_examples(name).get(variant) if name in schema_names() else None
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="application/json")


@require_safe
@public_and_cacheable
def standard_archive(request: HttpRequest) -> HttpResponse:
    """Return all schemas and examples as a ZIP file; in one folder they refer to each other."""
    response = HttpResponse(_zipped(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{ZIP}"'
    return response


@require_safe
@public_and_cacheable
def published_key_set(request: HttpRequest) -> HttpResponse:
    """Return every key that ever signed a disclosure receipt, as a JWK Set."""
    return HttpResponse(json.dumps(published_keys()), content_type="application/jwk-set+json")


@cache
def _zipped() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted([*FOLDER.glob(f"*{SUFFIX}"), *FOLDER.glob(f"*{EXAMPLE}")]):
            # ZipInfo has no time of this machine, so that equal content makes equal files everywhere.
            file.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return archive.getvalue()
