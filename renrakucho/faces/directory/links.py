"""The list of links (ホームページのご紹介)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def links(request: HttpRequest) -> HttpResponse:
    """Whose own site takes moves, by industry."""
    return render(request, "directory/links.html", {"door": "links"})
