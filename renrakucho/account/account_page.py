"""Account page (自分の設定): one's own password, second factor, mail and sessions.

Mistakes in a form with a password are shown in the response to it: a password is not saved for another page.
"""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from renrakucho.account.account_forms import ChangePasswordForm, MailForm
from renrakucho.account.rate_limits import password_attempt, too_many_tries_message
from renrakucho.account.session_values import take_saved_form
from renrakucho.account.staff_session import page_context, realm_of, requires_permission, to_page
from renrakucho.page.http import with_retry_after
from renrakucho.provider.login_failures import login_failures
from renrakucho.provider.staff import Staff, StaffPermission, two_factor_required
from renrakucho.provider.staff_administration import change_own_password, set_notification_address


@require_GET
@requires_permission(StaffPermission.READ, without_factor=True)
def account_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    saved = take_saved_form(request, reverse(f"{realm_of(request).name}:mail"))
    typed = {"address": saved.fields.get("address", "")} if saved else {}
    return _page(request, staff, mail_form=MailForm(initial=typed, staff=staff)) if saved else _page(request, staff)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="account", without_factor=True)
def password_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Another password, which ends all other sessions of this person. Whoever has none gets one by a link."""
    if not staff.has_usable_password():
        return to_page(request, "account")
    attempt = password_attempt(staff)
    if not attempt.allowed:
        refused = _page(request, staff, too_often=too_many_tries_message(attempt), status=429)
        return with_retry_after(refused, attempt)
    form = ChangePasswordForm(request.POST, staff=staff)
    if "old_password" not in form.errors:
        attempt.uncount()
    if not form.is_valid():
        return _page(request, staff, password_form=form, status=422)
    change_own_password(staff, form.cleaned_data["password"])
    update_session_auth_hash(request, staff)
    messages.success(request, _("パスワードを変えました。ほかの端末はログアウトしました。"))
    return to_page(request, "account")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.READ, page="account")
def notification_mail_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Whether and where mail is wanted: at a desk about new notices, at the bureau about late answers."""
    attempt = password_attempt(staff)
    if not attempt.allowed:
        typed = MailForm(initial={"address": request.POST.get("address", "")}, staff=staff)
        refused = _page(request, staff, mail_form=typed, mail_too_often=too_many_tries_message(attempt), status=429)
        return with_retry_after(refused, attempt)
    form = MailForm(request.POST, staff=staff)
    if "mail_password" not in form.errors:
        attempt.uncount()
    if not form.is_valid():
        return _page(request, staff, mail_form=form, status=422)
    address = form.cleaned_data["address"]
    set_notification_address(staff, address)
    wanted = _("答えの遅れているれんらくを、メールでお知らせします。")
    if not staff.at_bureau:
        wanted = _("新しいれんらくが届いたら、メールでお知らせします。")
    messages.success(request, wanted if address else _("お知らせメールを送りません。"))
    return to_page(request, "account")


def _page(request: HttpRequest, staff: Staff, *, status: int = 200, **more: Form | str) -> HttpResponse:
    context = {
        **page_context(staff, "account"),
        "password_form": ChangePasswordForm(staff=staff),
        "mail_form": MailForm(initial={"address": staff.mail_address()}, staff=staff),
        "too_often": "",
        "mail_too_often": "",
        "failures": login_failures(staff),
        "required": two_factor_required(staff.provider),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "account/account.html", context, status=status)
