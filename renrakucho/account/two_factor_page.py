"""Two-factor page (確認コード): setting up a second factor, its recovery codes, and ending it."""

import base64

import zxingcpp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.account.account_forms import LoginCodeForm, OwnPasswordForm
from renrakucho.account.rate_limits import factor_setup_attempt, password_attempt, too_many_tries_message
from renrakucho.account.session_values import peek_one_time, put_one_time, take_one_time
from renrakucho.account.staff_session import page_context, requires_permission, to_page
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.connected_providers import provider_name
from renrakucho.page.compression import keep_uncompressed
from renrakucho.page.http import with_retry_after
from renrakucho.provider.staff import Staff, StaffPermission, two_factor_required
from renrakucho.provider.two_factor import (
    disable_two_factor,
    enable_two_factor,
    new_totp_secret,
    otpauth_url,
    renew_recovery_codes,
    totp_step,
)

_SECRET, RECOVERY_CODES = "factor", "recovery"  # names of one-time values


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, without_factor=True)
def two_factor_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Set up two-factor authentication: the phone reads the QR code, and a first code proves that it did. Afterwards:
    change or end it.
    """
    if staff.factor:
        return _enabled_page(request, staff, OwnPasswordForm(staff=staff))
    secret = peek_one_time(request, _SECRET)
    if request.method != "POST" or not secret:
        if not secret:  # the same one for a page that is shown again: the phone may have it already
            secret = new_totp_secret()
            put_one_time(request, _SECRET, secret)
        return _setup_page(request, staff, secret, LoginCodeForm())
    form = LoginCodeForm(request.POST)
    if not form.is_valid():
        return _setup_page(request, staff, secret, form, status=422)
    attempt = factor_setup_attempt(staff)
    if not attempt.allowed:
        refused = _setup_page(request, staff, secret, form, too_often=too_many_tries_message(attempt), status=429)
        return with_retry_after(refused, attempt)
    step = totp_step(secret, form.cleaned_data["code"], timezone.now())
    if step is None:
        form.add_error("code", _("確認コードがちがいます。スマートフォンの時刻が合っているかもお確かめください。"))
        return _setup_page(request, staff, secret, form, status=422)
    attempt.uncount()
    put_one_time(request, RECOVERY_CODES, enable_two_factor(staff, secret, step))
    messages.success(
        request, _("確認コードを使えるようになりました。つぎのログインから、パスワードのあとに入力します。")
    )
    return to_page(request, "recovery")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, without_factor=True)
def recovery_codes_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the recovery codes once; a POST makes new ones."""
    if request.method != "POST":
        codes = take_one_time(request, RECOVERY_CODES)
        if not codes:
            return to_page(request, "factor")
        context = {**page_context(staff, "account"), "codes": codes, "messages": messages.get_messages(request)}
        response = render(request, "account/recovery.html", context)
        keep_uncompressed(response)
        return response
    if not staff.has_second_factor():
        return to_page(request, "factor")
    wrong_password = _check_password(request, staff)
    if wrong_password:
        return wrong_password
    put_one_time(request, RECOVERY_CODES, renew_recovery_codes(staff))
    return to_page(request, "recovery")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="factor", without_factor=True)
def end_two_factor(request: HttpRequest, staff: Staff) -> HttpResponse:
    """End the second factor, for good or before it is set up on another phone."""
    if not staff.factor:
        return to_page(request, "factor")
    wrong_password = _check_password(request, staff)
    if wrong_password:
        return wrong_password
    disable_two_factor(staff)
    messages.success(request, _("これまでの確認コードは、もう要りません。"))
    return to_page(
        request, "factor" if two_factor_required(staff.provider) and not staff.has_second_factor() else "account"
    )


def _check_password(request: HttpRequest, staff: Staff) -> HttpResponse | None:
    """The page again, where the password is not this person's or was tried too often."""
    attempt = password_attempt(staff)
    if not attempt.allowed:
        said = too_many_tries_message(attempt)
        refused = _enabled_page(request, staff, OwnPasswordForm(staff=staff), too_often=said, status=429)
        return with_retry_after(refused, attempt)
    form = OwnPasswordForm(request.POST, staff=staff)
    if not form.is_valid():
        return _enabled_page(request, staff, form, status=422)
    attempt.uncount()
    return None


def _setup_page(
    request: HttpRequest, staff: Staff, secret: str, form: LoginCodeForm, *, too_often: str = "", status: int = 200
) -> HttpResponse:
    link = otpauth_url(secret, f"{provider_name(staff.provider) or _('事務局')} {staff.login_id}", settings.PORTAL_NAME)
    svg: str = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode).to_svg(add_quiet_zones=True)
    context = {
        **page_context(staff, "account"),
        "form": form,
        "too_often": too_often,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
        "secret": in_fours(secret, " "),
        "link": link,
        "required": two_factor_required(staff.provider),
        "messages": messages.get_messages(request),
    }
    response = render(request, "account/factor.html", context, status=status)
    keep_uncompressed(response)
    return response


def _enabled_page(
    request: HttpRequest, staff: Staff, form: OwnPasswordForm, *, too_often: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **page_context(staff, "account"),
        "form": form,
        "too_often": too_often,
        "required": two_factor_required(staff.provider),
        "messages": messages.get_messages(request),
    }
    return render(request, "account/factor_kept.html", context, status=status)
