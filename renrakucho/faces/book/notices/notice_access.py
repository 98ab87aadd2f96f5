"""Access to a notice: a view gets it only where it is in the opened book."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from renrakucho.faces.book.book_session import needs_book, own_notice
from renrakucho.mover.models import Book
from renrakucho.notice.confidential_notice import KeptConfidential
from renrakucho.notice.connected_providers import NoSuchSheet
from renrakucho.notice.models import Status
from renrakucho.receipt.transitions import InvalidTransition


def needs_notice(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the notice; 404 for another book's. The notice page explains an action that came too late."""

    @wraps(view)
    def with_notice(request: HttpRequest, book: Book, notice_id: UUID, **kwargs: Any) -> HttpResponse:
        notice = own_notice(book, notice_id)
        if notice is None:
            raise Http404
        try:
            return view(request, notice, **kwargs)
        except InvalidTransition as error:
            words = {"status": Status(error.status).label}
            messages.warning(
                request,
                _("この手続はすでに「%(status)s」になっているため、いまの操作はできませんでした。") % words,
            )
        except KeptConfidential:
            messages.warning(
                request, _("新しい住所を伝えずには、ここから送れません。下で、どうするかをお選びください。")
            )
        except NoSuchSheet:
            messages.warning(request, _("この事業者への連絡は、いまここからはできません。お電話でご連絡ください。"))
        return redirect("book:leaf", notice.id)

    return needs_book(with_notice)
