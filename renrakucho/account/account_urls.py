"""Addresses of accounts: logging in, one's own account, those of colleagues and the audit log, in each realm."""

from django.urls import URLPattern, path

from renrakucho.account import (
    account_page,
    audit_log_page,
    join_page,
    login_page,
    passkey_page,
    single_sign_on_page,
    staff_accounts,
    two_factor_page,
)

ACCOUNT_URLS: list[URLPattern] = [
    path("login", login_page.staff_login, name="login"),
    path("code", login_page.staff_login_code, name="code"),
    path("sso/<slug:issuer>", single_sign_on_page.begin_sign_on, name="sign_on"),
    path("sso/<slug:issuer>/callback", single_sign_on_page.sign_on_callback, name="sign_on_callback"),
    path("sso/<slug:issuer>/logout", single_sign_on_page.back_channel_logout, name="sign_on_ended"),
    path("join/<str:token>", join_page.join_by_invitation, name="join"),
    path("logout", login_page.staff_logout, name="logout"),
    path("logout-everywhere", login_page.logout_everywhere, name="logout_everywhere"),
    path("me", account_page.account_page, name="account"),
    path("me/mail", account_page.notification_mail_page, name="mail"),
    path("me/password", account_page.password_page, name="password"),
    path("me/factor", two_factor_page.two_factor_page, name="factor"),
    path("me/factor/end", two_factor_page.end_two_factor, name="end_factor"),
    path("code/passkey", login_page.staff_login_passkey, name="code_passkey"),
    path("me/passkeys", passkey_page.passkeys_page, name="passkeys"),
    path("me/passkeys/<uuid:passkey_id>/", passkey_page.own_passkey_page, name="passkey"),
    path("me/passkeys/<uuid:passkey_id>/remove", passkey_page.remove_own_passkey, name="remove_passkey"),
    path("me/recovery", two_factor_page.recovery_codes_page, name="recovery"),
    path("staff", staff_accounts.staff_list_page, name="people"),
    path("staff/invite", staff_accounts.invite_colleague, name="invite"),
    path("staff/link", staff_accounts.invitation_link_page, name="link"),
    path("staff/invitations/<uuid:invitation_id>/end", staff_accounts.end_invitation, name="end_invitation"),
    path("staff/<uuid:staff_id>/", staff_accounts.colleague_page, name="person"),
    path("staff/<uuid:staff_id>/password", staff_accounts.renew_password, name="new_password"),
    path("staff/<uuid:staff_id>/role", staff_accounts.change_account, {"what": "role"}, name="role"),
    path("staff/<uuid:staff_id>/close", staff_accounts.change_account, {"what": "close"}, name="close"),
    path("staff/<uuid:staff_id>/reopen", staff_accounts.change_account, {"what": "reopen"}, name="reopen"),
    path("staff/<uuid:staff_id>/reset-factor", staff_accounts.change_account, {"what": "factor"}, name="reset_factor"),
    path("staff/<uuid:staff_id>/unlink", staff_accounts.change_account, {"what": "unlink"}, name="unlink"),
    path("record", audit_log_page.audit_log_page, name="record"),
]
