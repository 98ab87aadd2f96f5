"""What a clerk does with a notice."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from renrakucho.faces.desk.session import needs_staff
from renrakucho.provider.staff import Staff


@require_POST
@needs_staff
def accept_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """受理."""
    raise Http404


@require_POST
@needs_staff
def return_it(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """差戻し."""
    raise Http404
