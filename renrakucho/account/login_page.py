"""Login page of a desk or the bureau: a login ID and password of one's own, and a code where a second factor is set."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import auth, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.account.account_forms import LoginCodeForm, StaffLoginForm
from renrakucho.account.device_cookie import remember_device
from renrakucho.account.rate_limits import code_attempt, failed_login, login_attempt
from renrakucho.account.session_values import has_late_form, put_one_time, take_one_time
from renrakucho.account.staff_session import (
    SIGNED_ON_BY,
    begin_two_step_login,
    current_staff,
    log_in,
    pending_issuer,
    pending_login,
    realm_of,
    requires_permission,
    to_page,
)
from renrakucho.channel.login_issuer import LoginIssuer
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable
from renrakucho.lib.oidc.oidc_login import logout_address
from renrakucho.lib.throttle.rate_limit import Attempt
from renrakucho.notice.connected_providers import login_issuers
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.page.http import safe_next_url, with_retry_after
from renrakucho.page.security_log import SecurityEvent, log_security_event
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.login_failures import attacked_accounts
from renrakucho.provider.passkey import PasskeyRefused, login_challenge, use_passkey
from renrakucho.provider.single_sign_on import may_use_password
from renrakucho.provider.staff import Staff, StaffPermission, two_factor_rule
from renrakucho.provider.staff_administration import end_own_sessions
from renrakucho.provider.two_factor import looks_like_recovery_code, use_recovery_code, use_totp_code

_CHALLENGE, ISSUER_LOGOUT = "passkey", "issuer logout"  # names of one-time values


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_login(request: HttpRequest) -> HttpResponse:
    """Log in. Unknown ID, wrong password, closed account and an account of another realm get one answer, after one
    time of hashing.
    """
    if request.method != "POST":
        return redirect(wanted_page(request)) if current_staff(request) else _page(request, StaffLoginForm(), 200)
    form = StaffLoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    attempt = login_attempt(request, form.cleaned_data["login_id"])
    if not attempt.allowed:
        return with_retry_after(_page(request, form, 429, too_often=_try_later(attempt)), attempt)
    staff = auth.authenticate(request, username=form.cleaned_data["login_id"], password=form.cleaned_data["password"])
    if not isinstance(staff, Staff) or staff.at_bureau != realm_of(request).at_bureau:
        log_security_event(request, SecurityEvent.LOGIN_FAILED, account=form.cleaned_data["login_id"])
        failed_login(request, form.cleaned_data["login_id"])
        form.add_error("password", _("ログインIDとパスワードの組み合わせがちがいます。もう一度お確かめください。"))
        return _page(request, form, 422)
    attempt.uncount()
    if not may_use_password(staff):
        form.add_error(None, _("この窓口では、シングルサインオンでログインします。下のボタンからお進みください。"))
        return _page(request, form, 422)
    if staff.has_second_factor():
        begin_two_step_login(request, staff)
        response = to_page(request, "code")
        response["Location"] += next_query(request, wanted_page(request))
        return response
    return complete_login(request, staff, AuditAction.LOGGED_IN)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_login_code(request: HttpRequest) -> HttpResponse:
    """The second step: six digits from the phone, or a recovery code. Each opens once."""
    staff = pending_login(request)
    if staff is None:
        return to_page(request, "login")
    if request.method != "POST":
        return _code_page(request, LoginCodeForm(), 200)
    form = LoginCodeForm(request.POST)
    if not form.is_valid():
        return _code_page(request, form, 422)
    attempt = code_attempt(staff)
    if not attempt.allowed:
        return with_retry_after(_code_page(request, form, 429, too_often=_try_later(attempt)), attempt)
    typed = form.cleaned_data["code"]
    with transaction.atomic():  # a code is used up together with the login that it opens
        if looks_like_recovery_code(typed) and use_recovery_code(staff, typed):
            attempt.uncount()
            staff.refresh_from_db()
            messages.warning(
                request,
                _("回復コードを1つ使いました。残りは%(left)d個です。少なくなったら「自分の設定」で作り直してください。")
                % {"left": len(staff.recovery)},
            )
            return complete_login(request, staff, AuditAction.RECOVERY_USED)
        if use_totp_code(staff, typed, timezone.now()):
            attempt.uncount()
            return complete_login(request, staff, AuditAction.LOGGED_IN)
    _note_refusal(request, staff, AuditAction.CODE_REFUSED)
    form.add_error("code", _("確認コードがちがうか、もう使われています。次のコードが出るまで待って、お試しください。"))
    return _code_page(request, form, 422)


@never_cache
@require_http_methods(["GET", "POST"])
def staff_login_passkey(request: HttpRequest) -> HttpResponse:
    """The second step by a passkey: the browser's answer to the challenge of the page, which is good once."""
    staff = pending_login(request)
    challenge = take_one_time(request, _CHALLENGE)
    if staff is None or request.method != "POST":
        return to_page(request, "login" if staff is None else "code")
    attempt = code_attempt(staff)
    if not attempt.allowed:
        refused = _code_page(request, LoginCodeForm(), 429, too_often=_try_later(attempt))
        return with_retry_after(refused, attempt)
    try:
        with transaction.atomic():
            use_passkey(staff, request.POST.get("answer", ""), challenge or "")
            attempt.uncount()
            return complete_login(request, staff, AuditAction.LOGGED_IN)
    except PasskeyRefused:
        _note_refusal(request, staff, AuditAction.PASSKEY_REFUSED)
    form = LoginCodeForm({})
    form.errors.clear()  # the code was not asked for here
    form.add_error(None, _("パスキーで確かめられませんでした。もう一度お試しいただくか、コードをご入力ください。"))
    return _code_page(request, form, 422)


def _note_refusal(request: HttpRequest, staff: Staff, action: AuditAction) -> None:
    log_action(staff, action)
    log_security_event(request, SecurityEvent.FACTOR_FAILED, account=staff.login_id)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="account", without_factor=True)
def staff_logout(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Leave, and have the browser forget its pages."""
    with transaction.atomic():
        log_action(staff, AuditAction.LOGGED_OUT)
        return _logged_out(request, _("ログアウトしました。"))


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="account", without_factor=True)
def logout_everywhere(request: HttpRequest, staff: Staff) -> HttpResponse:
    """End every session of this person, this one included."""
    with transaction.atomic():
        end_own_sessions(staff)
        return _logged_out(request, _("すべての端末からログアウトしました。"))


def complete_login(
    request: HttpRequest,
    staff: Staff,
    action: AuditAction,
    *,
    issuer: str = "",
    factor_seen: bool = False,
    lead_to: str = "",
) -> HttpResponse:
    """The person is in. issuer, factor_seen: as in log_in; lead_to: a page of the realm, else the request's `next`."""
    issuer = issuer or pending_issuer(request)
    if issuer and action == AuditAction.LOGGED_IN:
        action = AuditAction.SIGN_ON_USED
    waiting = [(message.level, str(message)) for message in messages.get_messages(request)]
    with transaction.atomic():
        log_in(request, staff, issuer=issuer, factor_seen=factor_seen)
        log_action(staff, action)
    log_security_event(request, SecurityEvent.LOGGED_IN, account=staff.login_id)
    for level, text in waiting:
        messages.add_message(request, level, text)
    _tell_of_attack(request, staff)
    _tell_of_grace(request, staff)
    response = redirect(lead_to or wanted_page(request))
    remember_device(request, response, staff)
    return response


def _tell_of_attack(request: HttpRequest, staff: Staff) -> None:
    """Say that somebody else tries to log in to this account."""
    for attacked in attacked_accounts([staff]):
        messages.warning(
            request,
            _(
                "この7日間に、見知らぬ端末から、入れなかったログインが%(count)d回ありました。心当たりがないときは、"
                "管理者の方に知らせ、パスワードを変えてください。この端末からのログインは止まりません。"
            )
            % {"count": attacked.failures},
        )


def _tell_of_grace(request: HttpRequest, staff: Staff) -> None:
    """Say from when on this desk needs a second factor, to somebody who has none."""
    grace_until = two_factor_rule(staff.provider).grace_until
    if grace_until and not staff.has_second_factor():
        messages.warning(
            request,
            _(
                "%(day)sから、この窓口では全員に、確認コードかパスキーが必要になります。"
                "「自分の設定」で、いまのうちに設定してください。"
            )
            % {"day": format_day(timezone.localdate(grace_until))},
        )


def _logged_out(request: HttpRequest, done: str) -> HttpResponse:
    issuer = login_issuers().get(request.session.get(SIGNED_ON_BY, ""))
    auth.logout(request)
    if issuer:
        put_one_time(request, ISSUER_LOGOUT, _logout_there(request, issuer))
    messages.success(request, done)
    response = to_page(request, "login")
    response["Clear-Site-Data"] = '"cache"'
    return response


def _logout_there(request: HttpRequest, issuer: LoginIssuer) -> dict[str, str]:
    """Where to log out at the issuer, too; without an address where it offers none or is down."""
    try:
        address = logout_address(issuer, settings.BASE_URL + reverse(f"{realm_of(request).name}:login"))
    except IssuerUnusable:
        address = ""
    return {"name": issuer.name, "address": address}


def _try_later(attempt: Attempt) -> str:
    """When to try again, and whom to ask."""
    return _(
        "%(time)sになったら、もう一度お試しください。"
        "パスワードや確認コードがわからないときは、職場の管理者の方か、%(portal)sの運営者にお尋ねください。"
    ) % {"time": format_clock(attempt.ends_at), "portal": settings.PORTAL_NAME}


def wanted_page(request: HttpRequest) -> str:
    """The page of the realm that the person wanted, else its first one."""
    return safe_next_url(request, _home(request))


def _home(request: HttpRequest) -> str:
    realm = realm_of(request)
    return reverse(f"{realm.name}:{realm.home}")


def next_query(request: HttpRequest, wanted: str) -> str:
    """Where to go on after the login, as the query of the next step."""
    return "" if wanted == _home(request) else f"?next={quote(wanted)}"


def login_page_with(request: HttpRequest, trouble: str, status: int) -> HttpResponse:
    """The login page, saying why single sign-on did not lead in."""
    return _page(request, StaffLoginForm(), status, trouble=trouble)


def _page(
    request: HttpRequest, form: StaffLoginForm, status: int, *, too_often: str = "", trouble: str = ""
) -> HttpResponse:
    at_bureau = realm_of(request).at_bureau
    issuers = [each for each in login_issuers().values() if (each.bureau if at_bureau else each.desks)]
    more = {"issuers": issuers, "trouble": trouble, "issuer_logout": take_one_time(request, ISSUER_LOGOUT)}
    return render(request, "account/login.html", _context(request, form, too_often) | more, status=status)


def _code_page(request: HttpRequest, form: LoginCodeForm, status: int, *, too_often: str = "") -> HttpResponse:
    staff = pending_login(request)
    made = login_challenge(staff) if staff else None
    if made:
        put_one_time(request, _CHALLENGE, made.challenge)
    more = {"options": made.options if made else "", "has_phone": bool(staff and staff.factor)}
    return render(request, "account/code.html", _context(request, form, too_often) | more, status=status)


def _context(request: HttpRequest, form: StaffLoginForm | LoginCodeForm, too_often: str) -> dict[str, object]:
    return {
        "realm": realm_of(request),
        "form": form,
        "too_often": too_often,
        "next": wanted_page(request),
        "held": has_late_form(request),
        "messages": messages.get_messages(request),
    }
