"""マイ引越れんらく帳: the book, one leaf a provider, what is left to do on its first line."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.faces.book.book_session import access_key_once, needs_book
from renrakucho.lib.identifiers import in_fours
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from renrakucho.notice.models import Procedure, Status
from renrakucho.receipt.notice_view import NoticeView, notice_views


@require_safe
@needs_book
def book_page(request: HttpRequest, book: Book) -> HttpResponse:
    """The whole book, in the order of the days."""
    pages = sorted(notice_views(book), key=lambda leaf: (leaf.on or date.max, leaf.notice.position))
    said = facts_of(entries_of(book))
    context = {
        "door": "book",
        "leaves": pages,
        "todo": todo_sentence(pages),
        "next": _next(pages),
        "said": said,
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaves.html", context)


@require_safe
@needs_book
def registered_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Right after registration: the access key, to be kept, and where the mail went."""
    access_key = access_key_once(request)
    if not access_key:
        return redirect("book:leaves")
    context = {
        "access_key": in_fours(access_key),
        "email": entries_of(book).items["contact.email"],
        "count": book.notices.count(),
    }
    return render(request, "book/registered.html", context)


def todo_sentence(pages: list[NoticeView]) -> str:
    """The first line of the book: what is left to do, in a sentence."""
    waiting = [leaf for leaf in pages if leaf.status in (Status.ENTERED, Status.SENT)]
    following = _next(pages)
    if following is None:
        if waiting:
            return _("いま、していただくことはありません。%(count)s件が事業者の返事を待っています。") % {
                "count": len(waiting)
            }
        if all(leaf.done for leaf in pages):
            return _("すべて終わりました。お引越し、おつかれさまです。")
        return _("ここでしていただくことは終わりました。")
    words = {"provider": following.card.name, "procedure": Procedure(following.notice.procedure).label}
    if following.status == Status.RETURNED:
        return _("%(provider)sから差し戻されています。内容を直して、もう一度送ってください。") % words
    if following.status == Status.UNDELIVERED:
        return _("%(provider)sに届けられませんでした。お電話でご連絡ください。") % words
    if following.status == Status.HANDED_OVER:
        return _("%(provider)s（%(procedure)s）の画面で手続を終えて、戻ってきてください。") % words
    if following.outdated and following.may_change:
        return (
            _("%(provider)s（%(procedure)s）に伝えた内容が、いまの登録とちがいます。「変更」から送りなおしてください。")
            % words
        )
    if following.by_phone:
        return _("%(provider)s（%(procedure)s）は、お電話だけの手続です。お電話でご連絡ください。") % words
    if following.listed or not following.in_window:
        return _("%(provider)s（%(procedure)s）に、お電話かホームページでご連絡ください。") % words
    words["left"] = str(sum(leaf.may_begin for leaf in pages))
    return _("つぎは、%(provider)s（%(procedure)s）の手続です。ここでの手続は、あと%(left)s件です。") % words


def _next(pages: list[NoticeView]) -> NoticeView | None:
    """What to do first: what came back, what was told otherwise than it is entered now, then what can be begun here,
    then what is half done, then telephone calls.
    """
    came_back = [leaf for leaf in pages if leaf.status in (Status.RETURNED, Status.UNDELIVERED)]
    outdated = [leaf for leaf in pages if leaf.outdated and leaf.may_change]
    can_begin = [leaf for leaf in pages if leaf.may_begin]
    half_done = [leaf for leaf in pages if leaf.status == Status.HANDED_OVER and not leaf.own_word_at]
    to_phone = [leaf for leaf in pages if leaf.status == Status.NOT_ENTERED and not leaf.own_word_at]
    return next(iter([*came_back, *outdated, *can_begin, *half_done, *to_phone]), None)
