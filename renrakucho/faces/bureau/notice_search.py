"""Search by れんらく番号: where a notice stands, and not what it says.

Who looked up which number stays in the audit log, also where there is no such notice.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.delivery.operator_resend import SWITCHABLE, resend_standing
from renrakucho.faces.bureau.act_table import ACTS
from renrakucho.faces.bureau.outcome_texts import outcome_text
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.width import ascii_digits
from renrakucho.monitoring.notice_standing import notice_standing
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice
from renrakucho.page.formatting import channel_label
from renrakucho.provider.audit_log import AuditAction, log_notice_actions
from renrakucho.provider.staff import Staff, StaffPermission

DIGITS = 12


@require_safe
@requires_permission(StaffPermission.READ)
def search_by_number(request: HttpRequest, staff: Staff) -> HttpResponse:
    """The field alone, or with it where the notice of this number stands."""
    typed = request.GET.get("number", "").strip()
    number = ascii_digits(typed)
    mistake, standing = "", None
    if typed and len(number) != DIGITS:
        mistake = _("れんらく番号は12桁の数字です。例: 1234-5678-9012")
    elif typed:
        log_notice_actions(staff, AuditAction.LOOKED_UP, [number])
        standing = notice_standing(number)
        mistake = "" if standing else _("この番号のれんらくはありません。消されたれんらく帳のものかもしれません。")
    context = {
        **page_context(staff, "search"),
        "typed": in_fours(number) if standing else typed,
        "mistake": mistake,
        "standing": standing,
        "provider": provider_name(standing.notice.provider) if standing else "",
        "channel": channel_label(standing.notice.channel) if standing else "",
        "outcome_text": outcome_text,
        "acts": {name: ACTS[name] for name in _acts_on(standing.notice)} if standing else {},
        "messages": messages.get_messages(request),
    }
    status = 422 if mistake and not standing and len(number) != DIGITS else 200
    return render(request, "bureau/search.html", context, status=status)


def _acts_on(notice: Notice) -> list[str]:
    """The acts that its page offers: what waits or was given up is sent again, a notice also by another channel."""
    if not resend_standing(notice):
        return []
    return ["retry", "switch"] if notice.status in SWITCHABLE else ["retry"]
