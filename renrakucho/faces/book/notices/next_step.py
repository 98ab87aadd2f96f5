"""Next step: where the mover goes on after an act. The page of the next notice says what was just done, above its own.

`after` in a page's query is the id of the notice that was just dealt with: how it stands is read from its receipts, so
that a reload says nothing wrong.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from renrakucho.faces.book.book_session import own_notice
from renrakucho.faces.book.notices.handoff_sequence import go_on_in_sequence
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.notice_view import NoticeView, beginnable_views, notice_view

AFTER = "after"


def begin_url(notice: Notice) -> str:
    """Return the URL of the page where the notice is confirmed."""
    return reverse("book:handover" if notice.carried else "book:answers", args=[notice.id])


def next_to_begin(book: Book, done: Notice | None = None) -> NoticeView | None:
    """Return the first notice of the book, beside the one that was just dealt with, that can be begun here."""
    return next((view for view in beginnable_views(book) if done is None or view.notice.id != done.id), None)


def go_on_after(request: HttpRequest, notice: Notice, *, is_back: bool = False) -> HttpResponse:
    """Redirect to the next provider's site where the mover is back from the one before and has confirmed both, and else
    to the next notice's own confirmation page. Where none is left that can be begun here, redirect to the book after an
    acceptance, and else to the notice's own page.
    """
    following = next_to_begin(notice.book, notice)
    goes_on = go_on_in_sequence(request, notice, following.notice if following else None, is_back=is_back)
    if goes_on and following:
        return redirect(f"{reverse('book:carry', args=[following.notice.id])}?{AFTER}={notice.id}")
    if following is None:
        notice.refresh_from_db(fields=["status"])
        return redirect("book:leaves") if notice.status == Status.ACCEPTED else redirect("book:leaf", notice.id)
    return redirect(f"{begin_url(following.notice)}?{AFTER}={notice.id}")


def just_done(request: HttpRequest, book: Book) -> NoticeView | None:
    """Return the notice that was dealt with before this page; None where the page was opened by itself."""
    try:
        before = own_notice(book, UUID(request.GET.get(AFTER, "")))
    except ValueError:
        return None
    return notice_view(before) if before else None


def order_context(request: HttpRequest, notice: Notice) -> dict[str, object]:
    """Return the context for the line «what was done, what is next»: `after`, and how many notices are `left`."""
    after = just_done(request, notice.book)
    left = len(beginnable_views(notice.book)) if after else 0
    return {"after": after, "left": left}
