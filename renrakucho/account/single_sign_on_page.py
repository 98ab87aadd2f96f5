"""Single sign-on: to the OpenID issuer that an installation names for a desk or the bureau, and back.

An address of its own for each issuer's answer and a sealed pending login in the session keep answers apart: those of
another browser, issuer or realm open nothing.
"""

import logging

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from renrakucho.account.login_page import complete_login, login_page_with, next_query, wanted_page
from renrakucho.account.rate_limits import sign_on_attempt
from renrakucho.account.staff_session import begin_two_step_login, realm_of, to_page
from renrakucho.channel.login_issuer import LoginIssuer
from renrakucho.lib.oidc.id_token import verified_logout_subject
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, LoginFault, LoginRejected
from renrakucho.lib.oidc.oidc_login import VerifiedLogin, begin_login, finish_login
from renrakucho.notice.connected_providers import login_issuers
from renrakucho.page.errors import too_many
from renrakucho.page.http import refused_session
from renrakucho.page.pending_login import keep_pending_login, take_pending_login
from renrakucho.page.security_log import SecurityEvent, log_security_event
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.single_sign_on import SignOnTaken, end_sessions_of_subject, join_by_sign_on, staff_of_login
from renrakucho.provider.staff_invitation import NoInvitation, invitation_of

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "POST"])
def begin_sign_on(request: HttpRequest, issuer: str) -> HttpResponse:
    """Begin, from the login page."""
    if request.method != "POST":
        return to_page(request, "login")
    return leave_for_issuer(request, issuer, {"next": wanted_page(request)})


def leave_for_issuer(request: HttpRequest, slug: str, purpose: dict[str, str]) -> HttpResponse:
    """A page that leads on to the issuer. A redirect would not do: our policy lets no form end at another site."""
    issuer = _issuer_here(request, slug)
    refused = refused_session(request)
    if refused:
        return too_many(request, refused)
    try:
        address, pending = begin_login(issuer, _callback_address(request, issuer))
    except IssuerUnusable as error:
        return _unusable(request, issuer, error)
    keep_pending_login(request, pending, purpose)
    context = {"realm": realm_of(request), "issuer": issuer, "address": address, "messages": ()}
    response = render(request, "account/to_issuer.html", context)
    response["Refresh"] = f"0; url={address}"
    return response


@never_cache
@require_GET
def sign_on_callback(request: HttpRequest, issuer: str) -> HttpResponse:
    """The issuer's answer. Whoever is linked with nobody, with a closed account or with another realm's gets one
    answer.
    """
    attempt = sign_on_attempt(request)
    if not attempt.allowed:
        return too_many(request, attempt)
    found = _issuer_here(request, issuer)
    try:
        pending, purpose = take_pending_login(request, found.slug, _callback_address(request, found))
        login = finish_login(found, pending, request.GET.dict())
    except IssuerUnusable as error:
        return _unusable(request, found, error)
    except LoginRejected as error:
        log.warning("single sign-on by %s: %s", found.slug, error.fault)
        log_security_event(request, SecurityEvent.LOGIN_FAILED)
        return login_page_with(request, _sentence_of(error.fault), 422)
    attempt.uncount()
    if "token" in purpose:
        return _joined(request, found, login, purpose)
    return _signed_on(request, found, login, purpose.get("next", ""))


@csrf_exempt
@require_POST
def back_channel_logout(request: HttpRequest, issuer: str) -> HttpResponse:
    """OpenID Connect Back-Channel Logout 1.0: the issuer says that somebody logged out there, by a signed token."""
    found = _issuer_here(request, issuer)
    try:
        subject = verified_logout_subject(found, request.POST.get("logout_token"))
    except (LoginRejected, IssuerUnusable):
        log_security_event(request, SecurityEvent.REFUSED, status=400)
        return HttpResponse(status=400, headers={"Cache-Control": "no-store"})
    end_sessions_of_subject(found.issuer, subject)
    return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def _signed_on(request: HttpRequest, issuer: LoginIssuer, login: VerifiedLogin, lead_to: str) -> HttpResponse:
    staff = staff_of_login(login)
    here = staff and staff.is_active and staff.at_bureau == realm_of(request).at_bureau
    if staff is None or not here or not issuer.serves(staff.provider):
        log_security_event(request, SecurityEvent.LOGIN_FAILED)
        said = _(
            "「%(issuer)s」のログインは、ここの担当者とつながっていません。"
            "職場の管理者の方に、「担当者」のページで、つなぐリンクを作ってもらってください。"
        )
        return login_page_with(request, said % {"issuer": issuer.name}, 403)
    if staff.has_second_factor() and not login.has_factor:
        begin_two_step_login(request, staff, issuer=issuer.slug)
        response = to_page(request, "code")
        response["Location"] += next_query(request, lead_to or wanted_page(request))
        return response
    return complete_login(
        request,
        staff,
        AuditAction.LOGGED_IN,
        issuer=issuer.slug,
        factor_seen=login.has_factor,
        lead_to=lead_to,
    )


def _joined(request: HttpRequest, issuer: LoginIssuer, login: VerifiedLogin, purpose: dict[str, str]) -> HttpResponse:
    try:
        invitation = invitation_of(purpose["token"])
        if not issuer.serves(invitation.provider):
            raise NoInvitation
        join_by_sign_on(invitation, login, login_id=purpose["login_id"], name=purpose["name"])
    except NoInvitation:
        return render(request, "account/no_invitation.html", {"realm": realm_of(request)}, status=404)
    except SignOnTaken:
        said = _(
            "「%(issuer)s」のこのログインは、ほかの担当者とつながっています。"
            "ご自分のログインで、招待のリンクからやり直してください。"
        )
        return login_page_with(request, said % {"issuer": issuer.name}, 409)
    except IntegrityError:
        return login_page_with(
            request, _("このログインIDは使われています。招待のリンクから、別のIDでやり直してください。"), 409
        )
    return _signed_on(request, issuer, login, "")


def _issuer_here(request: HttpRequest, slug: str) -> LoginIssuer:
    found = login_issuers().get(slug)
    if found is None or not (found.bureau if realm_of(request).at_bureau else found.desks):
        raise Http404
    return found


def _callback_address(request: HttpRequest, issuer: LoginIssuer) -> str:
    """Exactly as it is registered at the issuer."""
    return settings.BASE_URL + reverse(f"{realm_of(request).name}:sign_on_callback", args=[issuer.slug])


def _unusable(request: HttpRequest, issuer: LoginIssuer, error: IssuerUnusable) -> HttpResponse:
    log.error("single sign-on by %s: %s", issuer.slug, error.said.english)
    said = _(
        "「%(issuer)s」に、いまつながりません。しばらくしてから、もう一度お試しください。"
        "パスワードをお持ちの方は、下からログインできます。続くときは、%(portal)sの運営者にお知らせください。"
    )
    return login_page_with(request, said % {"issuer": issuer.name, "portal": settings.PORTAL_NAME}, 503)


def _sentence_of(fault: LoginFault) -> str:
    if fault == LoginFault.CANCELLED:
        return _("ログインを取りやめました。もう一度ログインするときは、下のボタンからお進みください。")
    if fault == LoginFault.UNKNOWN_STATE:
        return _("時間がたったか、もう使われたか、別の画面で始めたログインです。もう一度、下からお進みください。")
    if fault == LoginFault.WEAK_LOGIN:
        return _("ここで必要な方法のログインではありませんでした。職場の管理者の方にお尋ねください。")
    return _(
        "ログインを確かめられませんでした。もう一度、下からお進みください。"
        "続くときは、職場の管理者の方にお尋ねください。"
    )
