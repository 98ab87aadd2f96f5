"""Keys of the provider's systems (システムの鍵): who made each, what it may do and when it last read; closing one.

A key is made on the portal's command line, for its text is handed over once. Whoever administers the desk sees every
key that ever was valid there, and can end one at once.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from renrakucho.account.staff_session import page_context, requires_permission, to_page
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.provider.system_key import SystemKey, revoke_key


@require_GET
@requires_permission(StaffPermission.MANAGE)
def key_list_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """All keys of this provider, those that are valid first."""
    keys = SystemKey.objects.filter(provider=staff.provider).order_by("-created_at")
    context = {
        **page_context(staff, "keys"),
        "keys": sorted(keys, key=lambda key: not key.is_good),
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/keys.html", context)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.MANAGE, page="keys")
def close_key(request: HttpRequest, staff: Staff, key_id: UUID) -> HttpResponse:
    """End a key of this provider; pressed again, it says that it had ended."""
    key = SystemKey.objects.filter(provider=staff.provider, id=key_id).first()
    if key is None:
        raise Http404
    if revoke_key(key, staff):
        messages.success(request, _("鍵「%(name)s」を取り消しました。もう使えません。") % {"name": key.name})
    else:
        messages.warning(request, _("鍵「%(name)s」は、前に取り消されています。") % {"name": key.name})
    return to_page(request, "keys")
