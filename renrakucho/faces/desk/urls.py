"""Every address of the desk (受付窓口): the provider's staff."""

from django.urls import path

from renrakucho.faces.desk.accounts import (
    account_page,
    audit_log_page,
    join_page,
    login_page,
    staff_accounts,
    two_factor_page,
)
from renrakucho.faces.desk.export import export_page
from renrakucho.faces.desk.list import notice_list, selection
from renrakucho.faces.desk.notice import bulk_actions, notice_actions, notice_detail

app_name = "desk"
urlpatterns = [
    path("login", login_page.desk_login, name="login"),
    path("code", login_page.desk_login_code, name="code"),
    path("join/<str:token>", join_page.join_desk, name="join"),
    path("logout", login_page.desk_logout, name="logout"),
    path("logout-everywhere", login_page.logout_everywhere, name="logout_everywhere"),
    path("", notice_list.notice_list, name="list"),
    path("choose", selection.choose_selected, name="choose"),
    path("several", bulk_actions.bulk_actions, name="several"),
    path("take", export_page.export_page, name="take"),
    path("notices/<uuid:notice_id>/", notice_detail.notice_detail, name="notice"),
    path("notices/<uuid:notice_id>/accept", notice_actions.accept_at_desk, name="accept"),
    path("notices/<uuid:notice_id>/return", notice_actions.return_at_desk, name="return"),
    path("notices/<uuid:notice_id>/again", notice_actions.resend_from_desk, name="again"),
    path("me", account_page.account_page, name="account"),
    path("me/password", account_page.password_page, name="password"),
    path("me/mail", account_page.notification_mail_page, name="mail"),
    path("me/factor", two_factor_page.two_factor_page, name="factor"),
    path("me/factor/end", two_factor_page.end_two_factor, name="end_factor"),
    path("me/recovery", two_factor_page.recovery_codes_page, name="recovery"),
    path("staff", staff_accounts.staff_list_page, name="people"),
    path("staff/invite", staff_accounts.invite_colleague, name="invite"),
    path("staff/link", staff_accounts.invitation_link_page, name="link"),
    path("staff/require", staff_accounts.set_two_factor_rule, name="require"),
    path("staff/invitations/<uuid:invitation_id>/end", staff_accounts.end_invitation, name="end_invitation"),
    path("staff/<uuid:staff_id>/", staff_accounts.colleague_page, name="person"),
    path("staff/<uuid:staff_id>/password", staff_accounts.renew_password, name="new_password"),
    path("staff/<uuid:staff_id>/role", staff_accounts.change_account, {"what": "role"}, name="role"),
    path("staff/<uuid:staff_id>/close", staff_accounts.change_account, {"what": "close"}, name="close"),
    path("staff/<uuid:staff_id>/reopen", staff_accounts.change_account, {"what": "reopen"}, name="reopen"),
    path("staff/<uuid:staff_id>/reset-factor", staff_accounts.change_account, {"what": "factor"}, name="reset_factor"),
    path("record", audit_log_page.audit_log_page, name="record"),
]
