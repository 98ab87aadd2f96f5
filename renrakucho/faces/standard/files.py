"""The schemas and their examples, as files for programs: from anywhere, and not sent twice."""

import io
import zipfile
from functools import cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.faces.standard.lasting import lasting
from renrakucho.standard.shelf import EXAMPLE, FOLDER, STANDARD, SUFFIX, examples, names

ZIP = f"{STANDARD.replace('/', '-')}.zip"


@require_safe
@lasting
def schema_file(request: HttpRequest, name: str) -> HttpResponse:
    """One schema, as it lies in the folder."""
    if name not in names():
        raise Http404
    return HttpResponse((FOLDER / f"{name}{SUFFIX}").read_bytes(), content_type="application/schema+json")


@require_safe
@lasting
def example_file(request: HttpRequest, name: str, variant: str) -> HttpResponse:
    """One example."""
    text = examples(name).get(variant) if name in names() else None
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="application/json")


@require_safe
@lasting
def everything(request: HttpRequest) -> HttpResponse:
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
