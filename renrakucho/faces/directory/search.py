"""Who serves a place (れんらく先検索)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def search(request: HttpRequest) -> HttpResponse:
    """The question, and the answer where the address holds one."""
    return render(request, "directory/search.html", {"door": "search"})
