"""The door of the desk: a login ID and password of one's own."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renrakucho.faces.desk.forms import LoginForm
from renrakucho.faces.desk.session import begin, current_staff, is_holding, needs_staff
from renrakucho.lib.throttle.tally import allow
from renrakucho.page.visitor import address_of
from renrakucho.page.written import clock
from renrakucho.provider.staff import Staff

TRIES, IN_SECONDS = 10, 15 * 60
TRIES_OF_AN_ADDRESS = 60  # a whole office goes out by one address


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Log in. Unknown ID, wrong password and closed account get one answer, after one time of hashing."""
    if request.method != "POST":
        return redirect(_next(request)) if current_staff(request) else _page(request, LoginForm(), 200)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    if not _may_try(request, form.cleaned_data["login_id"]):
        return _page(request, form, 429, too_often=_too_often())
    staff = auth.authenticate(request, username=form.cleaned_data["login_id"], password=form.cleaned_data["password"])
    if not isinstance(staff, Staff):
        form.add_error("password", _("ログインIDとパスワードの組み合わせがちがいます。もう一度お確かめください。"))
        return _page(request, form, 422)
    begin(request, staff)
    return redirect(_next(request))


@require_POST
@needs_staff
def logout(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Leave the desk, and have the browser forget its pages."""
    auth.logout(request)
    messages.success(request, _("ログアウトしました。"))
    response = redirect("desk:login")
    response["Clear-Site-Data"] = '"cache"'
    return response


def _may_try(request: HttpRequest, login_id: str) -> bool:
    """Counts the try before anything is hashed, whatever comes of it."""
    address = allow("desk-login-from", address_of(request), limit=TRIES_OF_AN_ADDRESS, seconds=IN_SECONDS)
    return address and allow("desk-login", login_id, limit=TRIES, seconds=IN_SECONDS)


def _too_often() -> str:
    """When to try again, and whom to ask."""
    window = int(timezone.now().timestamp()) // IN_SECONDS
    again_at = datetime.fromtimestamp((window + 1) * IN_SECONDS, UTC)
    return _(
        "%(time)sになったら、もう一度お試しください。"
        "パスワードがわからないときは、職場の管理者の方か、%(portal)sの運営者にお尋ねください。"
    ) % {"time": clock(again_at), "portal": settings.PORTAL_NAME}


def _next(request: HttpRequest) -> str:
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    desk = reverse("desk:list")
    if wanted.startswith(desk) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return desk


def _page(request: HttpRequest, form: LoginForm, status: int, *, too_often: str = "") -> HttpResponse:
    context = {
        "form": form,
        "too_often": too_often,
        "next": _next(request),
        "held": is_holding(request),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/login.html", context, status=status)
