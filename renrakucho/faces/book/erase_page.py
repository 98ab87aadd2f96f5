"""Erasing the book (れんらく帳を消す): the page names what providers have, and what happens to it, before one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from renrakucho.delivery.book_erasure import EFFECTS, ErasureEffect, request_erasure
from renrakucho.faces.book.book_session import close_book_session, needs_book
from renrakucho.lib.private_files import empty_write_ahead_log
from renrakucho.mover.models import Book
from renrakucho.receipt.book_retention import kept_until
from renrakucho.receipt.notice_view import NoticeView, notice_views

# In the order of the page: what cannot be taken back comes first.
_HEADINGS = {
    ErasureEffect.PROVIDER_KEEPS: gettext_lazy("事業者の記録に残り、ここからは取り消せないもの"),
    ErasureEffect.WITHDRAWN: gettext_lazy("取り消すもの（届いている事業者には、そう伝えます）"),
    ErasureEffect.NOT_SENT: gettext_lazy("まだ送っていないので、どこにも伝わらないもの"),
    ErasureEffect.ENDED: gettext_lazy("取消・差戻し・未達で終わっているもの"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs_book
def erase_book_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Show the effects; a POST erases the book, ends this session, and leads to the login, which says so."""
    if request.method == "POST":
        is_gone = request_erasure(book)
        close_book_session(request)
        empty_write_ahead_log()
        messages.success(request, _erased_sentence(is_gone=is_gone))
        response = redirect("book:login")
        response["Clear-Site-Data"] = '"cache"'
        return response
    views = notice_views(book)
    context = {
        "section": "book",
        "groups": [(heading, found) for effect, heading in _HEADINGS.items() if (found := _with_effect(views, effect))],
        "kept_until": kept_until(book),
    }
    return render(request, "book/erase_book.html", context)


def _with_effect(views: list[NoticeView], effect: ErasureEffect) -> list[NoticeView]:
    return [view for view in views if EFFECTS[view.status] == effect]


def _erased_sentence(*, is_gone: bool) -> str:
    if is_gone:
        return _("れんらく帳を消しました。確認のメールをお送りします。")
    return _(
        "れんらく帳を閉じました。取消を事業者に伝えおわるとすぐ、おそくとも3日後に消えます。確認のメールをお送りします。"
    )
