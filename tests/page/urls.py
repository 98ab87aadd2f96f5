"""Two URLs, so that pages can be rendered without the faces."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("apply/", nothing, name="apply"), path("search/", nothing, name="search")]
