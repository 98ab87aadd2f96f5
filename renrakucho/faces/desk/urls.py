"""Every address of the desk (受付窓口): the provider's staff.

READ        the list, a notice, the reason for a confidential one, one's own account (provider.staff.MAY says who may)
EXPORT      print and CSV
ANSWER      accept, return, have it sent again, hold at a sudden rise

Those of accounts (logging in, colleagues, the audit log) are shared with the bureau and stand in account.account_urls;
here they get the namespace, by which account.staff_session knows the realm.
"""

from django.urls import path

from renrakucho.account import staff_accounts, sudden_rise_page
from renrakucho.account.account_urls import ACCOUNT_URLS
from renrakucho.faces.desk import key_page
from renrakucho.faces.desk.export import export_page
from renrakucho.faces.desk.list import notice_list, selection
from renrakucho.faces.desk.notice import bulk_actions, confidential_lock, notice_actions, notice_detail

app_name = "desk"
urlpatterns = [
    path("", notice_list.notice_list, name="list"),
    path("choose", selection.choose_selected, name="choose"),
    path("several", bulk_actions.bulk_actions, name="several"),
    path("take", export_page.export_page, name="take"),
    path("notices/<uuid:notice_id>/", notice_detail.notice_detail, name="notice"),
    path("notices/<uuid:notice_id>/unlock", confidential_lock.unlock_notice, name="unlock"),
    path("notices/<uuid:notice_id>/accept", notice_actions.accept_at_desk, name="accept"),
    path("notices/<uuid:notice_id>/return", notice_actions.return_at_desk, name="return"),
    path("notices/<uuid:notice_id>/again", notice_actions.resend_from_desk, name="again"),
    path("keys", key_page.key_list_page, name="keys"),
    path("keys/<uuid:key_id>/close", key_page.close_key, name="close_key"),
    path("rises", sudden_rise_page.sudden_rise_page, name="rises"),
    path("rises/act", sudden_rise_page.act_at_desk, name="rise_act"),
    *ACCOUNT_URLS,
    # A desk's alone: whether everyone needs a second factor, which at the bureau everybody does, or single sign-on.
    path("staff/require", staff_accounts.set_two_factor_rule, name="require"),
    path("staff/require-sign-on", staff_accounts.set_sign_on_rule, name="require_sign_on"),
]
