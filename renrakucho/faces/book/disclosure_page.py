"""Disclosure page: whom the book has told which items, and who has opened them; as a page, signed JSON and PDF."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from renrakucho.faces.book.book_session import needs_book
from renrakucho.mover.models import Book
from renrakucho.page.formatting import channel_label, format_moment
from renrakucho.paper.disclosure_paper import draw_disclosure
from renrakucho.paper.printed_page import CannotPrint, NoFont
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.staff import BUREAU, StaffRole
from renrakucho.receipt.disclosure import MOVER, PORTAL, DisclosedNotice, Disclosure, DisclosureEvent, disclosure_of
from renrakucho.receipt.disclosure_receipt import signed_disclosure
from renrakucho.standard.disclosure_signature import Json, canonical_bytes, proof_line

NOT_KNOWN = {
    "confirmation_text": gettext_lazy(
        "確認の画面の文の版は、記録していません。様式の版と、確認した日時を記録しています。"
    ),
    "later_key_reads": gettext_lazy(
        "事業者のシステムが読んだことは、鍵ごとに、はじめの1回を記録しています。2回め以降は記録していません。"
    ),
}
# The desk's own words for these are in Japanese alone.
_ACTS = {
    AuditAction.SEEN: gettext_lazy("画面で開きました"),
    AuditAction.REASON_GIVEN: gettext_lazy("住所秘匿の連絡を開くわけを記録しました"),
    AuditAction.TAKEN_CSV: gettext_lazy("CSVに書き出しました"),
    AuditAction.TAKEN_SHIFT_JIS: gettext_lazy("CSVに書き出しました"),
    AuditAction.PRINTED: gettext_lazy("印刷しました"),
    AuditAction.LISTED_TO_KEY: gettext_lazy("システムが一覧で受け取りました（番号と状態だけ）"),
    AuditAction.READ_BY_KEY: gettext_lazy("システムが内容を読みました"),
    AuditAction.OPENING_ASKED: gettext_lazy("内容を開くことを申請しました"),
    AuditAction.OPENING_APPROVED: gettext_lazy("もう1人が、内容を開くことを認めました"),
    AuditAction.OPENED_BY_BUREAU: gettext_lazy("内容を開きました"),
    AuditAction.OPENING_BY_CODE: gettext_lazy("お客さまの番号で、内容を開けるようにしました"),
    AuditAction.OPENING_REFUSED: gettext_lazy("お客さまの番号がちがい、内容を開けませんでした"),
    AuditAction.OPENING_ENDED: gettext_lazy("事務局が内容を開くことを終わらせました"),
    AuditAction.POSTCARD_MADE: gettext_lazy("お名前と元の住所を、元の住所へのはがきにしました"),
    AuditAction.POSTCARD_TAKEN: gettext_lazy("お名前と元の住所のはがきを、印刷のために取り出しました"),
    AuditAction.LOOKED_UP: gettext_lazy("れんらく番号から状態を調べました（内容は見えません）"),
}
_ROLES = {
    StaffRole.READER: gettext_lazy("閲覧の担当"),
    StaffRole.CLERK: gettext_lazy("受付の担当"),
    StaffRole.ADMINISTRATOR: gettext_lazy("管理者"),
    StaffRole.WATCHER: gettext_lazy("見る担当"),
    StaffRole.OPERATOR: gettext_lazy("操作の担当"),
    StaffRole.AUDITOR: gettext_lazy("監査の担当"),
}


@require_safe
@never_cache
@needs_book
def disclosure_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show each provider, folded, with what it was told and everything that happened to it."""
    disclosure = disclosure_of(book)
    context = {
        "section": "book",
        "notices": [
            (
                each,
                summary_sentence(each),
                channel_label(each.notice.channel),
                [(event, event_label(event), event_words(event, each.name)) for event in each.events],
            )
            for each in disclosure.notices
        ],
        "postcards": [(event, event_label(event), event_words(event)) for event in disclosure.postcards],
        "not_known": [NOT_KNOWN[code] for code in disclosure.not_known],
        "messages": messages.get_messages(request),
    }
    return render(request, "book/disclosure.html", context)


@require_safe
@never_cache
@needs_book
def disclosure_file(request: HttpRequest, book: Book, kind: str) -> HttpResponse:
    """Return the signed receipt: the JSON that the signature is over, or a PDF with that JSON attached."""
    disclosure = disclosure_of(book)
    document = signed_disclosure(disclosure)
    signed = canonical_bytes(document)
    if kind == "json":
        response = HttpResponse(signed, content_type="application/json")
    else:
        try:
            response = HttpResponse(_pdf(disclosure, document, signed), content_type="application/pdf")
        except (CannotPrint, NoFont):
            messages.error(
                request, _("紙に印刷できない文字があるため、PDFを作れません。JSONのファイルをお使いください。")
            )
            return redirect("book:disclosure")
    name = f"renrakucho-kaiji-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def summary_sentence(each: DisclosedNotice) -> str:
    """Say in a line how many items were told; or that they were confirmed, and nothing says that they have arrived."""
    if not each.has_arrived:
        return ngettext(
            "%(count)s項目を確認しました。事業者に届いた記録は、まだありません。",
            "%(count)s項目を確認しました。事業者に届いた記録は、まだありません。",
            len(each.lines),
        ) % {"count": len(each.lines)}
    count = ngettext("%(count)s項目を伝えました。", "%(count)s項目を伝えました。", len(each.lines))
    return count % {"count": len(each.lines)}


def event_label(event: DisclosureEvent) -> str:
    """Say what happened."""
    return str(_ACTS.get(AuditAction(event.kind), event.label) if event.is_audit else event.label)


def event_words(event: DisclosureEvent, provider: str = "") -> str:
    """Say who it was: the organisation and the role, or the system's key. provider: the name of the notice's."""
    organisation = {MOVER: _("お客さま"), PORTAL: _("引越れんらく帳"), BUREAU: _("事務局")}.get(event.entity, provider)
    means = channel_label(event.means) or {"csv": _("CSV"), "pdf": _("印刷")}.get(event.means, event.means)
    words = {"who": organisation, "role": _ROLES[StaffRole(event.role)] if event.is_person else "", "means": means}
    if event.is_person and means and event.entity == BUREAU:
        return _("%(who)s（%(role)s）理由: %(means)s") % words
    if event.is_person:
        return _("%(who)s（%(role)s）") % words
    if means:
        return _("%(who)s（%(means)s）") % words
    return organisation


def _pdf(disclosure: Disclosure, document: Json, signed: bytes) -> bytes:
    with override(settings.LANGUAGE_CODE):
        events = {
            each.notice.number: [
                (format_moment(event.at), event_label(event), event_words(event, each.name)) for event in each.events
            ]
            for each in disclosure.notices
        }
        events[""] = [
            (format_moment(event.at), event_label(event), event_words(event)) for event in disclosure.postcards
        ]
    return draw_disclosure(document, signed.decode(), proof_line(document["proof"]), events)
