"""Join page: where an invitation's link leads, to a new account, or a new password for the account that is there."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.account.account_forms import JoinForm, NewPasswordForm
from renrakucho.account.single_sign_on_page import leave_for_issuer
from renrakucho.account.staff_session import StaffRealm, realm_of, to_page
from renrakucho.notice.connected_providers import login_issuers, provider_name
from renrakucho.page.code_limits import code_attempt
from renrakucho.page.errors import too_many
from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.provider.staff_invitation import (
    Invitation,
    NoInvitation,
    invitation_of,
    join_with_new_account,
    renew_password_of,
)


@never_cache
@require_http_methods(["GET", "POST"])
def join_by_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link works until it was used. Mistakes are shown in the response to the form: passwords are not saved."""
    attempt = code_attempt(request)
    if not attempt.allowed:
        return too_many(request, attempt)
    realm = realm_of(request)
    try:
        invitation = _invitation_here(realm, token)
        attempt.uncount()
        form = _form(request, invitation)
        if request.method == "POST" and "issuer" in request.POST and form.is_valid():
            typed = {name: form.cleaned_data.get(name, "") for name in ("login_id", "name")}
            return leave_for_issuer(request, request.POST["issuer"], {"token": token, **typed})
        if request.method == "POST" and form.is_valid():
            login_id = _joined(invitation, form)
            messages.success(
                request,
                _("登録しました。ログインID「%(login)s」とパスワードでログインしてください。") % {"login": login_id},
            )
            return to_page(request, "login")
    except NoInvitation:
        return render(request, "account/no_invitation.html", {"realm": realm}, status=404)
    except IntegrityError:  # two people took the same ID at the same moment
        form.add_error("login_id", _("このログインIDは使われています。別のIDをお決めください。"))
    context = {
        "realm": realm,
        "form": form,
        "invitation": invitation,
        "issuers": [each for each in login_issuers().values() if each.serves(invitation.provider)],
        "provider_name": provider_name(invitation.provider),
        "messages": (),
    }
    return render(request, "account/join.html", context, status=422 if form.errors else 200)


def _invitation_here(realm: StaffRealm, token: str) -> Invitation:
    """Raises NoInvitation also for a link of the other realm."""
    invitation = invitation_of(token)
    if (invitation.provider == BUREAU) != realm.at_bureau:
        raise NoInvitation
    return invitation


def _form(request: HttpRequest, invitation: Invitation) -> NewPasswordForm:
    typed, without = request.POST if request.method == "POST" else None, "issuer" in request.POST
    if invitation.staff:
        return NewPasswordForm(typed, staff=invitation.staff, without=without)
    return JoinForm(typed, staff=Staff(provider=invitation.provider), without=without)


def _joined(invitation: Invitation, form: NewPasswordForm) -> str:
    """The login ID of the account."""
    password = form.cleaned_data["password"]
    if invitation.staff:
        renew_password_of(invitation, invitation.staff, password)
        return invitation.staff.login_id
    login_id, name = form.cleaned_data["login_id"], form.cleaned_data["name"]
    return join_with_new_account(invitation, login_id=login_id, name=name, password=password).login_id
