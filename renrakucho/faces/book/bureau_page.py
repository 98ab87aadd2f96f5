"""Page «Have the bureau look» (事務局に見てもらう): the mover makes a code to read out, and ends what it opened."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.book_session import needs_book
from renrakucho.faces.book.saved_forms import open_from_session, seal_for_session
from renrakucho.mover.models import Book
from renrakucho.notice.notice_form import draft_of
from renrakucho.page.compression import keep_uncompressed
from renrakucho.receipt.bureau_opening import code_until, end_code, end_opening, make_code, openings_of_book
from renrakucho.receipt.models import BureauOpening

_CODE = "opening_code"


@dataclass(frozen=True)
class BureauOpeningLine:
    """An opening of the bureau as its mover sees it. name: of the provider; is_open: it can be ended."""

    opening: BureauOpening
    name: str
    standing: str
    is_open: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs_book
def bureau_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the code of this browser while it can be used. A POST makes one, takes it back, or ends an opening."""
    if request.method == "POST":
        return _act(request, book)
    until = code_until(book)
    code = _code_here(request, book) if until else ""
    context = {
        "section": "book",
        "code": code,
        "until": until,
        "notices": [
            (notice, draft_of(notice).card.name) for notice in book.notices.exclude(filled=None).order_by("position")
        ],
        "messages": messages.get_messages(request),
    }
    response = render(request, "book/bureau.html", context)
    if code:
        keep_uncompressed(response)
    return response


def bureau_opening_lines(book: Book) -> list[BureauOpeningLine]:
    """List the openings of the book by the bureau, and its requests for them, the newest first."""
    now = timezone.now()
    return [
        BureauOpeningLine(each, draft_of(each.notice).card.name, _standing(each), not each.is_over(now))
        for each in openings_of_book(book)
    ]


def _standing(opening: BureauOpening) -> str:
    if opening.ended_at:
        return _("あなたが終わらせました。")
    if opening.is_over(timezone.now()):
        return _("終わりました。") if opening.approved_at else _("認められないまま、期限が過ぎました。")
    if not opening.approved_at:
        return _("申請されています。まだ読めません。")
    return _("いま、事務局の1人が読めます。")


def _act(request: HttpRequest, book: Book) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "end":
        if _end(book, request.POST.get("opening", "")):
            messages.success(request, _("終わらせました。事務局は、もう読めません。"))
        return redirect("book:openings")
    if act == "take-back":
        end_code(book)
        request.session.pop(_CODE, None)
        messages.success(request, _("番号を取り消しました。"))
    elif not (code_until(book) and _code_here(request, book)):  # a second press shows the same code
        code = make_code(book)
        request.session[_CODE] = seal_for_session({"book": str(book.id), "code": code})
    return redirect("book:bureau")


def _end(book: Book, opening: str) -> bool:
    try:
        return end_opening(book, UUID(opening))
    except ValueError:
        return False


def _code_here(request: HttpRequest, book: Book) -> str:
    """The code that was made in this browser; it may be over."""
    kept = open_from_session(request.session.get(_CODE))
    return str(kept["code"]) if kept.get("book") == str(book.id) else ""
