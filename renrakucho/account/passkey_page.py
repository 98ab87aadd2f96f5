"""Passkeys page (パスキー): one's own passkeys, made, renamed and removed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from renrakucho.account.account_forms import OwnPasswordForm, PasskeyForm, PasskeyNameForm
from renrakucho.account.rate_limits import password_attempt, too_many_tries_message
from renrakucho.account.session_values import put_one_time, take_one_time
from renrakucho.account.staff_session import page_context, requires_permission, to_page
from renrakucho.account.two_factor_page import RECOVERY_CODES
from renrakucho.notice.connected_providers import provider_name
from renrakucho.page.compression import keep_uncompressed
from renrakucho.page.http import with_retry_after
from renrakucho.provider.passkey import (
    Passkey,
    PasskeyRefused,
    add_passkey,
    passkeys_of,
    registration_challenge,
    remove_passkey,
    rename_passkey,
)
from renrakucho.provider.staff import Staff, StaffPermission, two_factor_required

_CHALLENGE = "new passkey"


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, without_factor=True)
def passkeys_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The passkeys, and a form for a new one. A POST keeps the one that the browser has made."""
    if request.method != "POST":
        return _page(request, staff, PasskeyForm(staff=staff))
    challenge = take_one_time(request, _CHALLENGE)  # forgotten with that, right or wrong
    attempt = password_attempt(staff)
    if not attempt.allowed:
        said = too_many_tries_message(attempt)
        return with_retry_after(_page(request, staff, PasskeyForm(staff=staff), said, status=429), attempt)
    form = PasskeyForm(request.POST, staff=staff)
    if "old_password" not in form.errors:
        attempt.uncount()
    if not form.is_valid():
        return _page(request, staff, form, status=422)
    try:
        codes = add_passkey(staff, form.cleaned_data["answer"], challenge or "", name=form.cleaned_data["name"])
    except PasskeyRefused:
        form.add_error(None, _("パスキーを登録できませんでした。このページから、もう一度お試しください。"))
        return _page(request, staff, form, status=422)
    messages.success(request, _("パスキーを登録しました。つぎのログインから、パスワードのあとに使えます。"))
    if codes:
        put_one_time(request, RECOVERY_CODES, codes)
        return to_page(request, "recovery")
    return to_page(request, "passkeys")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, without_factor=True)
def own_passkey_page(request: HttpRequest, staff: Staff, passkey_id: UUID) -> HttpResponse:
    """One of them. A POST gives it another name."""
    passkey = _own_passkey(staff, passkey_id)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": passkey.name})
    if not form.is_valid():
        return _passkey_page(request, staff, passkey, form, status=422 if form.errors else 200)
    rename_passkey(staff, passkey_id, form.cleaned_data["name"])
    messages.success(request, _("パスキーの名前を変えました。"))
    return to_page(request, "passkeys")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="passkeys", without_factor=True)
def remove_own_passkey(request: HttpRequest, staff: Staff, passkey_id: UUID) -> HttpResponse:
    """Forget it. Whoever needs a second factor and has no other is led to setting one up."""
    passkey = _own_passkey(staff, passkey_id)
    naming = PasskeyNameForm(initial={"name": passkey.name})
    attempt = password_attempt(staff)
    if not attempt.allowed:
        said = too_many_tries_message(attempt)
        return with_retry_after(_passkey_page(request, staff, passkey, naming, said=said, status=429), attempt)
    form = OwnPasswordForm(request.POST, staff=staff)
    if not form.is_valid():
        return _passkey_page(request, staff, passkey, naming, removal=form, status=422)
    attempt.uncount()
    remove_passkey(staff, passkey_id)
    messages.success(
        request, _("「%(name)s」を消しました。このパスキーでは、もうログインできません。") % {"name": passkey.name}
    )
    return to_page(request, "passkeys")


def _own_passkey(staff: Staff, passkey_id: UUID) -> Passkey:
    found = Passkey.objects.filter(staff=staff, id=passkey_id).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, staff: Staff, form: PasskeyForm, too_often: str = "", *, status: int = 200
) -> HttpResponse:
    made = registration_challenge(staff, provider_name=provider_name(staff.provider))
    put_one_time(request, _CHALLENGE, made.challenge)
    context = {
        **page_context(staff, "account"),
        "form": form,
        "too_often": too_often,
        "options": made.options,
        "passkeys": passkeys_of(staff),
        "required": two_factor_required(staff.provider) and not staff.has_second_factor(),
        "messages": messages.get_messages(request),
    }
    response = render(request, "account/passkeys.html", context, status=status)
    keep_uncompressed(response)
    return response


def _passkey_page(
    request: HttpRequest,
    staff: Staff,
    passkey: Passkey,
    naming: PasskeyNameForm,
    *,
    removal: OwnPasswordForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **page_context(staff, "account"),
        "passkey": passkey,
        "form": naming,
        "removal": removal or OwnPasswordForm(staff=staff),
        "too_often": said,
    }
    return render(request, "account/passkey.html", context, status=status)
