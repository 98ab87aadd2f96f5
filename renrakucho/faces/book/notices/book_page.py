"""Book page (マイ引越れんらく帳): every notice of the book; the first line says what is left to do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renrakucho.faces.book.book_session import access_key_once, needs_book
from renrakucho.faces.book.notices.handoff_pages import handoff_context
from renrakucho.faces.book.notices.handoff_sequence import sequence_context
from renrakucho.faces.book.notices.next_step import begin_url
from renrakucho.faces.book.notices.notice_display import NoticeDisplay
from renrakucho.lib.identifiers import in_fours
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book
from renrakucho.notice.models import Procedure, Status
from renrakucho.page.compression import keep_uncompressed
from renrakucho.page.formatting import format_day, join_sentences
from renrakucho.receipt.book_retention import kept_until
from renrakucho.receipt.notice_view import NoticeView, in_order_of_deadline, notice_views


@require_safe
@needs_book
def book_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the whole book, in the order of the deadlines; what is done stands below."""
    views, entries = in_order_of_deadline(notice_views(book)), entries_of(book)
    first = _next_notice(views)
    to_hand_over = sum(view.may_begin and view.notice.carried for view in views)
    context = {
        "section": "book",
        "notices": [NoticeDisplay(view) for view in views],
        "todo": todo_sentence(views),
        "next": first,
        "in_sequence": bool(first and first.may_begin and first.notice.carried and to_hand_over > 1),
        "origin": entries.origin,
        "destination": entries.destination,
        "kept_until": kept_until(book),
        "holder_waits": any(view.awaits_holder for view in views),
        "login_waits": any(view.awaits_login for view in views),
        "unproved": "" if book.mailbox_proved_at else entries.items["contact.email"],
        "confidential": entries.confidential,
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaves.html", context)


@require_safe
@needs_book
def registered_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Right after registration, show the access key once, where the mail went, and what is told first, and to whom."""
    access_key = access_key_once(request, book)
    if not access_key:
        return redirect("book:leaves" if book.mailbox_proved_at else "book:mailbox")
    views = notice_views(book)
    first = next((view for view in in_order_of_deadline(views) if view.may_begin), None)
    sequence = sequence_context(views)
    context = {
        "section": "book",
        "access_key": in_fours(access_key),
        "email": entries_of(book).items["contact.email"],
        "count": len(views),
        "leaf": first,
        "begin": begin_url(first.notice) if first else "",
        "left": sum(view.may_begin for view in views),
        **sequence,
        **(handoff_context(first.notice) if first else {"filled": None}),
    }
    response = render(request, "book/registered.html", context)
    keep_uncompressed(response)
    return response


def todo_sentence(views: list[NoticeView]) -> str:
    """Say in a sentence what is left to do."""
    waiting = [view for view in views if view.status.awaits_answer]
    first = _next_notice(views)
    if first is None:
        if any(view.awaits_login for view in views):
            return _("本人確認のログインをしていただくと、お預かりしている連絡を送ります。")
        if waiting:
            return join_sentences(
                ngettext(
                    "いま、していただくことはありません。%(count)s件が事業者の返事を待っています。",
                    "いま、していただくことはありません。%(count)s件が事業者の返事を待っています。",
                    len(waiting),
                )
                % {"count": len(waiting)},
                _withdrawn_sentence(views),
            )
        return _closing_sentence(views)
    if first.is_stopped:
        return _("%(provider)sへは、いま進めません。くわしくは、その連絡のページをごらんください。") % {
            "provider": first.card.name
        }
    words = {"provider": first.card.name, "procedure": Procedure(first.notice.procedure).label}
    if first.status == Status.WITHDRAWN:
        return _("%(provider)s（%(procedure)s）の取消が、届いていないかもしれません。お電話でご連絡ください。") % words
    if first.status == Status.RETURNED:
        return _("%(provider)sから差し戻されています。内容を直して、もう一度送ってください。") % words
    if first.status == Status.UNDELIVERED:
        return _("%(provider)sに届けられませんでした。お電話でご連絡ください。") % words
    if first.status == Status.HANDED_OVER:
        return _("%(provider)s（%(procedure)s）の画面での手続は、終わりましたか。") % words
    if first.outdated and first.may_change:
        return (
            _("%(provider)s（%(procedure)s）に伝えた内容が、いまの登録とちがいます。「変更」から送りなおしてください。")
            % words
        )
    if first.by_phone:
        return _("%(provider)s（%(procedure)s）は、お電話だけの手続です。お電話でご連絡ください。") % words
    if not first.in_window and first.apply_by.standing(timezone.now()) == "not_yet" and first.apply_by.opens_on:
        opens = {**words, "first": format_day(first.apply_by.opens_on)}
        return _("つぎは、%(provider)s（%(procedure)s）です。受付は%(first)sに始まります。") % opens
    if first.listed or not first.in_window:
        return _("%(provider)s（%(procedure)s）に、お電話かホームページでご連絡ください。") % words
    left = sum(view.may_begin for view in views)
    sentence = ngettext(
        "つぎは、%(provider)s（%(procedure)s）の手続です。ここでの手続は、あと%(left)s件です。",
        "つぎは、%(provider)s（%(procedure)s）の手続です。ここでの手続は、あと%(left)s件です。",
        left,
    )
    return sentence % {**words, "left": left}


def _closing_sentence(views: list[NoticeView]) -> str:
    """Say how it ended where nothing is left to do and nobody has to answer."""
    accepted = sum(view.status == Status.ACCEPTED for view in views)
    own_words = sum(bool(view.own_word_at) and view.status != Status.ACCEPTED for view in views)
    if not views:
        return _("れんらく帳には、まだ連絡がありません。")
    if not accepted and not own_words:
        return _("連絡は、すべて取り消しました。手続が必要なものは、もう一度手続してください。")
    if not own_words:
        ended = _("すべて受理されました。お引越し、おつかれさまです。")
        if accepted < len(views):
            ended = ngettext("%(count)s件が受理されました。", "%(count)s件が受理されました。", accepted) % {
                "count": accepted
            }
    else:
        ended = ngettext(
            "ここでしていただくことは終わりました。%(count)s件は、ご自分で手続したというお客さまの記録です。",
            "ここでしていただくことは終わりました。%(count)s件は、ご自分で手続したというお客さまの記録です。",
            own_words,
        ) % {"count": own_words}
    return join_sentences(ended, _withdrawn_sentence(views))


def _withdrawn_sentence(views: list[NoticeView]) -> str:
    """Say that what was withdrawn is not done; "" where there is none."""
    count = sum(view.status == Status.WITHDRAWN and not view.asked_again for view in views)
    if not count:
        return ""
    return ngettext(
        "取り消した%(count)s件は、手続されていません。", "取り消した%(count)s件は、手続されていません。", count
    ) % {"count": count}


def _next_notice(views: list[NoticeView]) -> NoticeView | None:
    """The notice to deal with first: a withdrawal that was lost, one that came back, one that is outdated, then
    those to do by their deadline, then one that is handed over. What an operator has paused comes last.
    """
    lost = [view for view in views if view.withdrawal_lost]
    came_back = [view for view in views if view.awaits_mover and view.status in (Status.RETURNED, Status.UNDELIVERED)]
    outdated = [view for view in views if view.outdated and view.may_change]
    to_do = [view for view in views if view.awaits_mover and view.status == Status.NOT_ENTERED]
    half_done = [view for view in views if view.awaits_mover and view.status == Status.HANDED_OVER]
    urgent = [*lost, *came_back, *outdated, *to_do, *half_done]
    return next((view for view in urgent if not view.is_stopped), urgent[0] if urgent else None)
