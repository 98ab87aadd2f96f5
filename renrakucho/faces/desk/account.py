"""自分の設定: one's own password, second factor, mail and sessions.

What is wrong in a form with a password is said in the answer to it: a password is not kept for another page.
"""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from renrakucho.faces.desk.account_forms import ChangePasswordForm, MailForm
from renrakucho.faces.desk.held import held, hold
from renrakucho.faces.desk.limit import again_at, may_try_password
from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_desk import factor_required
from renrakucho.provider.staff_role import Act
from renrakucho.provider.staff_trace import Deed, note


@require_GET
@allowed(Act.READ, without_factor=True)
def account(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The page."""
    kept = held(request, reverse("desk:mail"))
    return _page(request, staff, mail_form=MailForm(kept.fields)) if kept else _page(request, staff)


@require_http_methods(["GET", "POST"])
@allowed(Act.READ, page="desk:account", without_factor=True)
def password(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Another password. All other sessions of this person end."""
    if not may_try_password(staff):
        return _page(request, staff, too_often=too_often(), status=429)
    form = ChangePasswordForm(request.POST, staff=staff)
    if not form.is_valid():
        return _page(request, staff, password_form=form, status=422)
    staff.set_password(form.cleaned_data["password"])
    staff.save(update_fields=["password"])
    update_session_auth_hash(request, staff)
    note(staff, Deed.PASSWORD_CHANGED)
    messages.success(request, _("パスワードを変えました。ほかの端末はログアウトしました。"))
    return redirect("desk:account")


@require_http_methods(["GET", "POST"])
@allowed(Act.READ, page="desk:account")
def mail(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Whether and where word of new notices is wanted."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return redirect("desk:account") if hold(request) else _page(request, staff, mail_form=form, status=422)
    address, before = form.cleaned_data["address"], staff.mail_address()
    if address != before:
        staff.set_mail_address(address)
        staff.told_until = timezone.now()
        staff.save(update_fields=["address", "told_until"])
        note(staff, Deed.MAIL_SET if address else Deed.MAIL_ENDED)
    done = _("新しいれんらくが届いたら、メールでお知らせします。") if address else _("お知らせメールを送りません。")
    messages.success(request, done)
    return redirect("desk:account")


def too_often() -> str:
    """What is said instead of looking at the password."""
    return _("短い間に何度も試されたため、止めています。%(time)sになったら、もう一度お試しください。") % {
        "time": again_at()
    }


def _page(request: HttpRequest, staff: Staff, *, status: int = 200, **more: Form | str) -> HttpResponse:
    context = {
        **surroundings(staff, "account"),
        "password_form": ChangePasswordForm(staff=staff),
        "mail_form": MailForm(initial={"address": staff.mail_address()}),
        "too_often": "",
        "required": factor_required(staff.provider),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "desk/account.html", context, status=status)
