"""Book page (マイ引越れんらく帳): every notice of the book; the first line says what is left to do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renrakucho.faces.book.book_session import access_key_once, needs_book
from renrakucho.faces.book.notices.handoff_pages import handoff_context
from renrakucho.faces.book.notices.next_step import begin_url, next_to_begin
from renrakucho.faces.book.notices.notice_display import NoticeDisplay
from renrakucho.lib.identifiers import in_fours
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from renrakucho.notice.models import Procedure, Status
from renrakucho.page.compression import keep_uncompressed
from renrakucho.receipt.notice_view import NoticeView, in_order_of_deadline, notice_views


@require_safe
@needs_book
def book_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the whole book, in the order of the deadlines; what is done stands below."""
    views = in_order_of_deadline(notice_views(book))
    context = {
        "section": "book",
        "notices": [NoticeDisplay(view) for view in views],
        "todo": todo_sentence(views),
        "next": _next_notice(views),
        "said": facts_of(entries_of(book)),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaves.html", context)


@require_safe
@needs_book
def registered_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Right after registration, show the access key once, where the mail went, and what is told first, and to whom."""
    access_key = access_key_once(request)
    if not access_key:
        return redirect("book:leaves")
    first = next_to_begin(book)
    context = {
        "section": "book",
        "access_key": in_fours(access_key),
        "email": entries_of(book).items["contact.email"],
        "count": book.notices.count(),
        "leaf": first,
        "begin": begin_url(first.notice) if first else "",
        "left": sum(view.may_begin for view in notice_views(book)),
        **(handoff_context(first.notice) if first else {}),
    }
    response = render(request, "book/registered.html", context)
    keep_uncompressed(response)
    return response


def todo_sentence(views: list[NoticeView]) -> str:
    """Say in a sentence what is left to do."""
    waiting = [view for view in views if view.status.awaits_answer]
    first = _next_notice(views)
    if first is None:
        if waiting:
            return ngettext(
                "いま、していただくことはありません。%(count)s件が事業者の返事を待っています。",
                "いま、していただくことはありません。%(count)s件が事業者の返事を待っています。",
                len(waiting),
            ) % {"count": len(waiting)}
        if all(view.done for view in views):
            return _("すべて終わりました。お引越し、おつかれさまです。")
        return _("ここでしていただくことは終わりました。")
    words = {"provider": first.card.name, "procedure": Procedure(first.notice.procedure).label}
    if first.status == Status.RETURNED:
        return _("%(provider)sから差し戻されています。内容を直して、もう一度送ってください。") % words
    if first.status == Status.UNDELIVERED:
        return _("%(provider)sに届けられませんでした。お電話でご連絡ください。") % words
    if first.status == Status.HANDED_OVER:
        return _("%(provider)s（%(procedure)s）の画面で手続を終えて、戻ってきてください。") % words
    if first.outdated and first.may_change:
        return (
            _("%(provider)s（%(procedure)s）に伝えた内容が、いまの登録とちがいます。「変更」から送りなおしてください。")
            % words
        )
    if first.by_phone:
        return _("%(provider)s（%(procedure)s）は、お電話だけの手続です。お電話でご連絡ください。") % words
    if first.listed or not first.in_window:
        return _("%(provider)s（%(procedure)s）に、お電話かホームページでご連絡ください。") % words
    left = sum(view.may_begin for view in views)
    sentence = ngettext(
        "つぎは、%(provider)s（%(procedure)s）の手続です。ここでの手続は、あと%(left)s件です。",
        "つぎは、%(provider)s（%(procedure)s）の手続です。ここでの手続は、あと%(left)s件です。",
        left,
    )
    return sentence % {**words, "left": left}


def _next_notice(views: list[NoticeView]) -> NoticeView | None:
    """The notice to deal with first: one that came back, one that is outdated, one that can be begun here, one that is
    handed over, then one that needs a telephone call.
    """
    came_back = [view for view in views if view.status in (Status.RETURNED, Status.UNDELIVERED)]
    outdated = [view for view in views if view.outdated and view.may_change]
    can_begin = [view for view in views if view.may_begin]
    half_done = [view for view in views if view.status == Status.HANDED_OVER and not view.own_word_at]
    to_phone = [view for view in views if view.status == Status.NOT_ENTERED and not view.own_word_at]
    return next(iter([*came_back, *outdated, *can_begin, *half_done, *to_phone]), None)
