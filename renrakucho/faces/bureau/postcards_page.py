"""Postcards to old addresses at the bureau: what waits, the batches that there are, and the PDF of one of them.

Auditors see the page; operators make a batch (an act, with its dry run) and take its PDF, by a POST, since each taking
is audited and disclosed.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.bureau.act_forms import ActForm
from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.notice.postcard import PostcardBatch
from renrakucho.paper.postcard_paper import PostcardPortal, draw_postcards
from renrakucho.paper.printed_page import CannotPrint, NoFont
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.postcard_batch import MOST_CARDS, make_batch, read_batch, waiting_postcards

MOST_BATCHES = 100


@require_GET
@requires_permission(StaffPermission.AUDIT)
def postcards_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """How many cards wait, and every batch that is still there."""
    days = retention_days(KeptData.POSTCARD)
    batches = PostcardBatch.objects.select_related("made_by").order_by("-id")[:MOST_BATCHES]
    context = {
        **page_context(staff, "postcards"),
        "is_on": bool(settings.POSTCARD_SENDER),
        "sender": settings.POSTCARD_SENDER,
        "waiting": waiting_postcards(),
        "batches": [(each, each.made_at + timedelta(days=days)) for each in batches],
        "days": days,
        "messages": messages.get_messages(request),
    }
    return render(request, "bureau/postcards.html", context)


@never_cache
@requires_permission(StaffPermission.OPERATE)
@require_POST
def postcards_file(request: HttpRequest, staff: Staff, batch_id: UUID) -> HttpResponse:
    """Return the PDF of a batch, each time the same but for what was stopped or deleted since."""
    batch = PostcardBatch.objects.filter(id=batch_id).first()
    if batch is None:
        raise Http404
    portal = PostcardPortal(
        settings.PORTAL_NAME, settings.POSTCARD_SENDER, settings.CONTACT, f"{settings.BASE_URL}/stop"
    )
    try:
        cards = read_batch(staff, batch)
        content = draw_postcards(cards, portal) if cards else b""
    except (CannotPrint, NoFont):
        messages.error(
            request, _("このサーバーに印刷用の文字がないため、PDFを作れません。システムの担当者にお知らせください。")
        )
        return redirect("bureau:postcards")
    if not content:
        messages.warning(request, _("この束に、出すはがきは残っていません。止められたか、消されたものばかりです。"))
        return redirect("bureau:postcards")
    response = HttpResponse(content, content_type="application/pdf")
    name = f"renrakucho-hagaki-{timezone.localtime(batch.made_at):%Y%m%d-%H%M%S}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def batch_dry_run(form: ActForm) -> list[str]:
    """Say how many cards would be in it."""
    count = min(waiting_postcards(), MOST_CARDS)
    return [
        ngettext(
            "待っているはがきは%(num)s枚です。お名前と元の住所を印刷したことが、お客さまの開示記録に載ります。",
            "待っているはがきは%(num)s枚です。お名前と元の住所を印刷したことが、お客さまの開示記録に載ります。",
            count,
        )
        % {"num": count}
    ]


def perform_batch(staff: Staff, form: ActForm) -> str:
    """Make it. Raises BadDecision."""
    if not settings.POSTCARD_SENDER:
        raise BadDecision("", _("はがきは、このサイトの設定で使わないことになっています。"))
    try:
        batch = make_batch(staff)
    except NoFont:
        raise BadDecision(
            "", _("このサーバーに印刷用の文字がないため、はがきを作れません。システムの担当者にお知らせください。")
        ) from None
    if batch is None:
        return _("待っているはがきはありません。前に作った束は、「元の住所へのはがき」にあります。")
    return ngettext(
        "%(num)s枚の束を作りました。「元の住所へのはがき」から取り出して、印刷してください。",
        "%(num)s枚の束を作りました。「元の住所へのはがき」から取り出して、印刷してください。",
        batch.cards,
    ) % {"num": batch.cards}
