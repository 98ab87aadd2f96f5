"""Every address of the desk (受付窓口): the provider's staff."""

from django.urls import path

from renrakucho.faces.desk import (
    account,
    chosen,
    entrance,
    factor,
    joining,
    listing,
    one,
    people,
    record,
    several,
    taking,
    turns,
)

app_name = "desk"
urlpatterns = [
    path("login", entrance.login, name="login"),
    path("code", entrance.code, name="code"),
    path("join/<str:token>", joining.join, name="join"),
    path("logout", entrance.logout, name="logout"),
    path("logout-everywhere", entrance.logout_everywhere, name="logout_everywhere"),
    path("", listing.listing, name="list"),
    path("choose", chosen.choose, name="choose"),
    path("several", several.several, name="several"),
    path("take", taking.taking, name="take"),
    path("notices/<uuid:notice_id>/", one.one, name="notice"),
    path("notices/<uuid:notice_id>/accept", turns.accept_it, name="accept"),
    path("notices/<uuid:notice_id>/return", turns.return_it, name="return"),
    path("notices/<uuid:notice_id>/again", turns.send_again, name="again"),
    path("me", account.account, name="account"),
    path("me/password", account.password, name="password"),
    path("me/mail", account.mail, name="mail"),
    path("me/factor", factor.factor, name="factor"),
    path("me/factor/end", factor.end_factor, name="end_factor"),
    path("me/recovery", factor.recovery, name="recovery"),
    path("staff", people.people, name="people"),
    path("staff/invite", people.invite_one, name="invite"),
    path("staff/link", people.link, name="link"),
    path("staff/require", people.require, name="require"),
    path("staff/invitations/<uuid:invitation_id>/end", people.end_invitation, name="end_invitation"),
    path("staff/<uuid:staff_id>/", people.person, name="person"),
    path("staff/<uuid:staff_id>/password", people.new_password, name="new_password"),
    path("staff/<uuid:staff_id>/role", people.change, {"what": "role"}, name="role"),
    path("staff/<uuid:staff_id>/close", people.change, {"what": "close"}, name="close"),
    path("staff/<uuid:staff_id>/reopen", people.change, {"what": "reopen"}, name="reopen"),
    path("staff/<uuid:staff_id>/reset-factor", people.change, {"what": "factor"}, name="reset_factor"),
    path("record", record.record, name="record"),
]
