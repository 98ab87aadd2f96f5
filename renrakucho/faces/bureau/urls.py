"""Every address of the bureau (事務局): those who run the portal.

Permission (provider.staff.MAY)   what is behind it
    READ        the overview, the lanes, where a number stands, a provider, one's own account
    OPERATE     the acts, the openings of a notice, holding at a sudden rise, the PDF of a batch of postcards
    AUDIT       the audit log and its CSV, the list of batches of postcards
    MANAGE      the accounts of colleagues

The addresses of accounts are shared with the desks; here they get the namespace, by which account.staff_session knows
the realm. A provider's slug and a れんらく番号 are all that stands in an address: neither says anything of a mover.
"""

from django.urls import path

from renrakucho.account import audit_log_page, sudden_rise_page
from renrakucho.account.account_urls import ACCOUNT_URLS
from renrakucho.faces.bureau import (
    act_pages,
    notice_search,
    opening_pages,
    overview_page,
    postcards_page,
    provider_page,
)

app_name = "bureau"
urlpatterns = [
    path("", overview_page.overview_page, name="overview"),
    path("lanes", overview_page.all_lanes_page, name="lanes"),
    path("notices", notice_search.search_by_number, name="search"),
    path("providers/<str:provider>/", provider_page.provider_page, name="provider"),
    path("acts", act_pages.acts_page, name="acts"),
    path("acts/<str:act>", act_pages.act_page, name="act"),
    path("openings", opening_pages.openings_page, name="openings"),
    path("openings/<uuid:opening_id>", opening_pages.opened_notice_page, name="opening"),
    path("postcards", postcards_page.postcards_page, name="postcards"),
    path("postcards/<uuid:batch_id>", postcards_page.postcards_file, name="postcards_file"),
    path("record.csv", audit_log_page.audit_log_csv, name="record_csv"),
    # Logging in, one's own account, colleagues, the audit log
    path("rises", sudden_rise_page.sudden_rise_page, name="rises"),
    path("rises/act", sudden_rise_page.act_at_bureau, name="rise_act"),
    *ACCOUNT_URLS,
]
