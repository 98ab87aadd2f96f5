"""One notice."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from renrakucho.faces.desk.session import needs_staff
from renrakucho.provider.staff import Staff


@require_GET
@needs_staff
def one(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """The notice as the provider's paper form."""
    raise Http404
