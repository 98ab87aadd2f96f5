"""Where to go on after the door was passed."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest, home: str) -> str:
    """The wish (`next`) that a form or an address carries, if it leads below `home` («/book/»); else `home` itself."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    below = wanted.startswith(home) and ".." not in wanted
    return wanted if below and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else home
