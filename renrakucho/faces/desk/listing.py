"""The list of the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.faces.desk.session import needs_staff
from renrakucho.provider.staff import Staff


@require_safe
@needs_staff
def listing(request: HttpRequest, staff: Staff) -> HttpResponse:
    """What waits at this provider's desk."""
    return render(request, "desk/frame.html", {"messages": []})
