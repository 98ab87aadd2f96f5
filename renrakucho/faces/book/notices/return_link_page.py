"""Return link (引越れんらく帳へ戻る): the page that a provider's last page leads back to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from renrakucho.faces.book.book_session import current_book
from renrakucho.faces.book.notices.next_step import go_on_after
from renrakucho.faces.book.saved_forms import open_from_session, seal_for_session
from renrakucho.lib.identifiers import is_plausible_receipt_number
from renrakucho.notice.models import Notice, Procedure
from renrakucho.notice.notice_form import draft_of
from renrakucho.page.code_limits import code_attempt
from renrakucho.page.errors import not_found, too_many
from renrakucho.receipt.return_link import NoSuchReturnLink, ReturnResult, read_return_link


@never_cache
@require_GET
def return_link_page(request: HttpRequest, ticket: str) -> HttpResponse:
    """Read the link. A signed one is the provider's word, whoever brings it; after an unsigned one it stays 引継中."""
    attempt = code_attempt(request)
    if not attempt.allowed:
        return too_many(request, attempt)
    try:
        result = read_return_link(
            ticket,
            number=request.GET.get("number", ""),
            at=request.GET.get("at", ""),
            signature=request.GET.get("signature", ""),
        )
    except NoSuchReturnLink:
        return not_found(request)
    attempt.uncount()
    book = current_book(request)
    if book is None or book.id != result.notice.book_id:
        context = {"word": result.word, "notice": result.notice, "provider": draft_of(result.notice).card.name}
        return render(request, "book/way_back.html", context, status=200 if _is_trusted(result) else 400)
    if result.word == "unsigned":
        _keep_number(request, result.notice)
    _add_message(request, result)
    if result.word == "accepted":
        return go_on_after(request, result.notice, is_back=True)
    return redirect("book:leaf", result.notice.id)


def number_brought_back(request: HttpRequest, notice: Notice) -> str:
    """The receipt number that an unsigned link brought back, for the mover to look at; nobody vouches for it."""
    return str(open_from_session(request.session.get(f"brought_back:{notice.id}")).get("number", ""))


def _keep_number(request: HttpRequest, notice: Notice) -> None:
    number = request.GET.get("number", "")
    if number and is_plausible_receipt_number(number):
        request.session[f"brought_back:{notice.id}"] = seal_for_session({"number": number})


def _is_trusted(result: ReturnResult) -> bool:
    return result.word in ("accepted", "already", "unsigned")


def _add_message(request: HttpRequest, result: ReturnResult) -> None:
    if result.word in ("accepted", "already"):
        words = {"provider": draft_of(result.notice).card.name, "procedure": Procedure(result.notice.procedure).label}
        messages.success(request, _("%(provider)s（%(procedure)s）が受理されました。") % words)
    elif result.word == "unsigned":
        messages.info(
            request,
            _(
                "お帰りなさい。事業者からの受理の知らせは、まだ届いていません。手続を終えたかどうかを、下で教えてください。"
            ),
        )
    elif result.word == "withdrawn":
        messages.warning(
            request,
            _(
                "この連絡は「手続しなかった」と記録してあるので、受理とはしていません。"
                "事業者の画面で登録を終えていたときは、手続は進みます。やめるときは、事業者へお電話ください。"
            ),
        )
    else:
        messages.warning(
            request,
            _(
                "この戻り方では、受理を確かめられませんでした。手続を終えたかどうかは、事業者の画面かお電話でお確かめください。"
            ),
        )
