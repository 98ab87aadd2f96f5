"""The schemas and their examples, as files for programs: from anywhere, and not sent twice."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from renrakucho.faces.standard.lasting import lasting
from renrakucho.standard.shelf import FOLDER, SUFFIX, examples, names


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
