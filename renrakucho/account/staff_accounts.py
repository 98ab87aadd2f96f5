"""Staff accounts (担当者): who sits at this desk or the bureau, invited and looked after by its administrators, at the
bureau by its operators.
"""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from renrakucho.account.account_forms import InviteForm, RoleForm
from renrakucho.account.session_values import put_one_time, save_desk_form, take_one_time, take_saved_form
from renrakucho.account.staff_session import page_context, realm_of, requires_permission, to_page
from renrakucho.notice.connected_providers import login_issuers, provider_name
from renrakucho.page.compression import keep_uncompressed
from renrakucho.provider.login_failures import attacked_accounts
from renrakucho.provider.passkey import with_second_factor
from renrakucho.provider.single_sign_on import NoLocalPassword, require_sign_on, sign_on_rule, unlink_sign_on
from renrakucho.provider.staff import Staff, StaffPermission, StaffRole, managing_role, two_factor_required
from renrakucho.provider.staff_administration import (
    LastAdministrator,
    change_role,
    close_account,
    reopen_account,
    require_two_factor,
    reset_two_factor,
)
from renrakucho.provider.staff_invitation import (
    VALID_DAYS,
    Invitation,
    create_invitation,
    create_password_renewal,
    open_invitations,
    revoke_invitation,
)
from renrakucho.provider.staff_mail import write_invitation_mail

_LINK = "link"


@require_GET
@requires_permission(StaffPermission.MANAGE)
def staff_list_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Everyone at the desk, the open invitations, and the rule on the second factor."""
    kept = take_saved_form(request, reverse(f"{realm_of(request).name}:invite"))
    first = {} if staff.at_bureau else {"role": StaffRole.CLERK}
    form = InviteForm(kept.fields, at=staff.provider) if kept else InviteForm(initial=first, at=staff.provider)
    return _page(request, staff, form)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def invite_colleague(request: HttpRequest, staff: Staff) -> HttpResponse:
    """A new invitation; its link is shown on the next page, once, and mailed where an address was given."""
    form = InviteForm(request.POST, at=staff.provider)
    if not form.is_valid():
        return to_page(request, "people") if save_desk_form(request) else _page(request, staff, form, status=422)
    address = form.cleaned_data["address"]
    with transaction.atomic():
        made, token = create_invitation(
            staff.provider, form.cleaned_data["role"], note=form.cleaned_data["note"], by=staff
        )
        link = _link_to_join(request, token)
        if address:
            write_invitation_mail(
                made.id, to=address, provider=provider_name(staff.provider), link=link, days=VALID_DAYS
            )
    put_one_time(request, _LINK, {"link": link, "note": made.note, "mailed": bool(address), "renews": False})
    return to_page(request, "link")


@require_GET
@requires_permission(StaffPermission.MANAGE)
def invitation_link_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the link of the invitation just made, once."""
    made = take_one_time(request, _LINK)
    if not made:
        return to_page(request, "people")
    response = render(request, "account/link.html", {**page_context(staff, "people"), "made": made, "days": VALID_DAYS})
    keep_uncompressed(response)
    return response


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def end_invitation(request: HttpRequest, staff: Staff, invitation_id: UUID) -> HttpResponse:
    """Revoke an invitation."""
    made = Invitation.objects.filter(provider=staff.provider, id=invitation_id).first()
    if made is None:
        raise Http404
    if revoke_invitation(made, by=staff):
        messages.success(request, _("招待を取り消しました。リンクはもう使えません。"))
    else:
        messages.warning(request, _("この招待は、もう使われたか、期限が切れています。"))
    return to_page(request, "people")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def set_two_factor_rule(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Decide whether everyone at this desk needs a second factor."""
    required = request.POST.get("required") == "yes"
    require_two_factor(required, by=staff)
    done = _("全員に確認コードを求めます。まだの方には、つぎのページで設定していただきます。")
    messages.success(request, done if required else _("確認コードは、使いたい方だけが使います。"))
    return to_page(request, "people")


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def set_sign_on_rule(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Decide whether everyone at this desk logs in by single sign-on."""
    required = request.POST.get("required") == "yes"
    try:
        require_sign_on(required, by=staff)
    except NoLocalPassword:
        messages.error(
            request,
            _(
                "あなたのアカウントにはパスワードがないため、求められません。"
                "シングルサインオンが止まったときのために、パスワードのある管理者の方が、このボタンを押してください。"
            ),
        )
        return to_page(request, "people")
    done = _("全員にシングルサインオンを求めます。あなたのアカウントだけは、パスワードでもログインできます。")
    messages.success(request, done if required else _("パスワードでもログインできます。"))
    return to_page(request, "people")


@require_GET
@requires_permission(StaffPermission.MANAGE)
def colleague_page(request: HttpRequest, staff: Staff, staff_id: UUID) -> HttpResponse:
    """A colleague's account, with the actions on it."""
    whom = _colleague(staff, staff_id)
    context = {
        **page_context(staff, "people"),
        "whom": whom,
        "linked": whom.sign_ons.exists(),
        "issuers": [each for each in login_issuers().values() if each.serves(staff.provider)],
        "form": RoleForm(initial={"role": whom.role}, at=staff.provider),
        "roles": _role_notes(),
        "messages": messages.get_messages(request),
    }
    return render(request, "account/person.html", context)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def change_account(request: HttpRequest, staff: Staff, staff_id: UUID, what: str) -> HttpResponse:
    """Give another role, close, reopen, or take away a lost second factor or single sign-on."""
    whom = _colleague(staff, staff_id)
    name = {"name": whom.name}
    try:
        if what == "role":
            form = RoleForm(request.POST, at=staff.provider)
            if form.is_valid():
                change_role(whom, StaffRole(form.cleaned_data["role"]), by=staff)
                messages.success(request, _("%(name)sさんの役割を変えました。") % name)
        elif what == "close":
            close_account(whom, by=staff)
            messages.success(request, _("%(name)sさんのアカウントを閉じました。もうログインできません。") % name)
        elif what == "unlink":
            unlink_sign_on(whom, by=staff)
            messages.success(request, _("%(name)sさんのシングルサインオンをはずしました。") % name)
        elif what == "reopen":
            reopen_account(whom, by=staff)
            messages.success(request, _("%(name)sさんは、またログインできます。") % name)
        else:
            reset_two_factor(whom, by=staff)
            messages.success(request, _("%(name)sさんの確認コードの設定を消しました。") % name)
    except LastAdministrator:
        messages.error(
            request,
            _(
                "%(name)sさんは最後の「%(role)s」です。先に、ほかの方を「%(role)s」にしてください。いないと、だれも招待できません。"
            )
            % {**name, "role": managing_role(staff.provider).label},
        )
    return to_page(request, "person", whom.id)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="people")
def renew_password(request: HttpRequest, staff: Staff, staff_id: UUID) -> HttpResponse:
    """Create a link for a colleague who has forgotten the password."""
    whom = _colleague(staff, staff_id)
    made, token = create_password_renewal(whom, by=staff)
    put_one_time(
        request, _LINK, {"link": _link_to_join(request, token), "note": made.note, "mailed": False, "renews": True}
    )
    return to_page(request, "link")


def _link_to_join(request: HttpRequest, token: str) -> str:
    return settings.BASE_URL + reverse(f"{realm_of(request).name}:join", args=[token])


def _colleague(staff: Staff, staff_id: UUID) -> Staff:
    found = Staff.objects.filter(provider=staff.provider, id=staff_id).first()
    if found is None:
        raise Http404
    return found


def _role_notes() -> dict[str, str]:
    return {
        StaffRole.READER: _("れんらくを読めます。受理・差戻し・印刷・書き出しはできません。"),
        StaffRole.CLERK: _("読むほかに、受理・差戻し・印刷・書き出しができます。"),
        StaffRole.ADMINISTRATOR: _("すべてのほかに、担当者の招待や変更ができ、操作の記録を読めます。"),
        StaffRole.WATCHER: _("どこまで進んでいるかを見られます。操作はできません。"),
        StaffRole.OPERATOR: _("見るほかに、再送・停止・お知らせなどの操作と、担当者の招待や変更ができます。"),
        StaffRole.AUDITOR: _("見るほかに、操作の記録を読めます。操作はできません。"),
    }


def _page(request: HttpRequest, staff: Staff, form: InviteForm, *, status: int = 200) -> HttpResponse:
    everyone = Staff.objects.filter(provider=staff.provider).order_by("-is_active", "name", "login_id")
    context = {
        **page_context(staff, "people"),
        "everyone": everyone,
        "invitations": open_invitations(staff.provider).select_related("by").order_by("-valid_until"),
        "form": form,
        "roles": _role_notes(),
        "guarded": with_second_factor(staff.provider),
        "attacked": attacked_accounts(list(everyone)),
        "required": two_factor_required(staff.provider),
        "emergency": sign_on_rule(staff.provider),
        "issuers": [each for each in login_issuers().values() if each.serves(staff.provider)],
        "days": VALID_DAYS,
        "messages": messages.get_messages(request),
    }
    return render(request, "account/people.html", context, status=status)
