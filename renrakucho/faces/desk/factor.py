"""確認コード: setting up a second factor, its recovery codes, and ending it."""

import base64

import zxingcpp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.desk.account import too_often
from renrakucho.faces.desk.account_forms import OwnPasswordForm
from renrakucho.faces.desk.entrance import CODE_TRIES
from renrakucho.faces.desk.forms import CodeForm
from renrakucho.faces.desk.limit import IN_SECONDS, may_try_password
from renrakucho.faces.desk.once import lay, see, take
from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.lib.legible import in_fours
from renrakucho.lib.throttle.tally import allow
from renrakucho.notice.shelf import provider_name
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_desk import factor_required
from renrakucho.provider.staff_factor import drop_factor, link_for, new_secret, renew_recovery, set_factor, step_of
from renrakucho.provider.staff_role import Act
from renrakucho.provider.staff_trace import Deed, note

_SECRET, _CODES = "factor", "recovery"


@require_http_methods(["GET", "POST"])
@allowed(Act.READ, without_factor=True)
def factor(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Set it up: the phone reads the QR code, and a first code proves that it did. Afterwards: change or end it."""
    if staff.factor:
        return _kept_page(request, staff, OwnPasswordForm(staff=staff))
    secret = see(request, _SECRET)
    if request.method != "POST" or not secret:
        if not secret:  # the same one for a page that is shown again: the phone may have it already
            secret = new_secret()
            lay(request, _SECRET, secret)
        return _new_page(request, staff, secret, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _new_page(request, staff, secret, form, status=422)
    if not allow("desk-factor", str(staff.id), limit=2 * CODE_TRIES, seconds=IN_SECONDS):
        return _new_page(request, staff, secret, form, too_often=too_often(), status=429)
    step = step_of(secret, form.cleaned_data["code"], timezone.now())
    if step is None:
        form.add_error("code", _("確認コードがちがいます。スマートフォンの時刻が合っているかもお確かめください。"))
        return _new_page(request, staff, secret, form, status=422)
    lay(request, _CODES, set_factor(staff, secret, step))
    note(staff, Deed.FACTOR_SET)
    messages.success(
        request, _("確認コードを使えるようになりました。つぎのログインから、パスワードのあとに入力します。")
    )
    return redirect("desk:recovery")


@require_http_methods(["GET", "POST"])
@allowed(Act.READ, without_factor=True)
def recovery(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The recovery codes, once; a POST makes new ones."""
    if request.method != "POST":
        codes = take(request, _CODES)
        if not codes:
            return redirect("desk:factor")
        context = {**surroundings(staff, "account"), "codes": codes, "messages": messages.get_messages(request)}
        return render(request, "desk/recovery.html", context)
    if not staff.factor:
        return redirect("desk:factor")
    refused = _refused(request, staff)
    if refused:
        return refused
    lay(request, _CODES, renew_recovery(staff))
    note(staff, Deed.RECOVERY_RENEWED)
    return redirect("desk:recovery")


@require_http_methods(["GET", "POST"])
@allowed(Act.READ, page="desk:factor", without_factor=True)
def end_factor(request: HttpRequest, staff: Staff) -> HttpResponse:
    """No second factor any more, or one on another phone."""
    if not staff.factor:
        return redirect("desk:factor")
    refused = _refused(request, staff)
    if refused:
        return refused
    drop_factor(staff)
    note(staff, Deed.FACTOR_ENDED)
    messages.success(request, _("これまでの確認コードは、もう要りません。"))
    return redirect("desk:factor" if factor_required(staff.provider) else "desk:account")


def _refused(request: HttpRequest, staff: Staff) -> HttpResponse | None:
    """The page again, where the password is not this person's or was tried too often."""
    if not may_try_password(staff):
        return _kept_page(request, staff, OwnPasswordForm(staff=staff), too_often=too_often(), status=429)
    form = OwnPasswordForm(request.POST, staff=staff)
    return None if form.is_valid() else _kept_page(request, staff, form, status=422)


def _new_page(
    request: HttpRequest, staff: Staff, secret: str, form: CodeForm, *, too_often: str = "", status: int = 200
) -> HttpResponse:
    link = link_for(secret, f"{provider_name(staff.provider)} {staff.login_id}", settings.PORTAL_NAME)
    svg: str = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode).to_svg(add_quiet_zones=True)
    context = {
        **surroundings(staff, "account"),
        "form": form,
        "too_often": too_often,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
        "secret": in_fours(secret, " "),
        "link": link,
        "required": factor_required(staff.provider),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/factor.html", context, status=status)


def _kept_page(
    request: HttpRequest, staff: Staff, form: OwnPasswordForm, *, too_often: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **surroundings(staff, "account"),
        "form": form,
        "too_often": too_often,
        "required": factor_required(staff.provider),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/factor_kept.html", context, status=status)
