"""Page for whoever must not be found (DV等支援措置): help lines, and how to tell a move that leads nobody there.

Each help line has the page that it was read on, and the day; nothing is named that has no source.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.book_session import current_draft, draft_or_new, forget_draft_on_device
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.page.errors import too_many
from renrakucho.page.http import refused_session

LEAVE_FOR = "https://www.jma.go.jp/"  # the weather: nobody wonders at it in a browser's window


@dataclass(frozen=True)
class HelpLine:
    """A public help line. note: when and how; source: the page that says so, as read on `checked_on`."""

    name: object
    number: str
    note: object
    source: str
    checked_on: date = date(2026, 11, 28)


HELP_LINES = (
    HelpLine(
        _("DV相談ナビ"),
        "#8008",
        _("お近くの配偶者暴力相談支援センターにつながります。通話料がかかります。"),
        "https://www.gender.go.jp/policy/no_violence/e-vaw/soudankikan/01.html",
    ),
    HelpLine(
        _("DV相談プラス"),
        "0120-279-889",
        _("24時間、無料です。メールやチャット、外国語でも相談できます。"),
        "https://www.gov-online.go.jp/cam/no_dvca/dv03/",
    ),
    HelpLine(
        _("警察相談専用電話"),
        "#9110",
        _("いまいる都道府県の警察の窓口につながります。"),
        "https://www.gender.go.jp/policy/no_violence/e-vaw/soudankikan.html",
    ),
    HelpLine(
        _("警察（緊急のとき）"),
        "110",
        _("身の危険があるときは、ためらわずにおかけください。"),
        "https://anata-no-mikata.mhlw.go.jp/column/home",
    ),
)
SUPPORT_MEASURES = HelpLine(
    _("住民票などの支援措置（総務省）"),
    "",
    _("市区町村に申し出ると、住民票や戸籍の附票を、相手が取れないようにできます。"),
    "https://www.soumu.go.jp/main_sosiki/jichi_gyousei/daityo/dv_shien.html",
)


@require_http_methods(["GET", "HEAD", "POST"])
def hidden_move_page(request: HttpRequest) -> HttpResponse:
    """Show the help and the rules of a confidential move. POST makes the draft or the opened book one, or ends that."""
    book = current_draft(request)
    if request.method == "POST":
        refused = refused_session(request) if book is None else None
        if refused:
            return too_many(request, refused)
        book = book or draft_or_new(request)
        save_entries(book, replace(entries_of(book), confidential=request.POST.get("confidential") != "no"))
        forget_draft_on_device(request)
        return see_other("leaves" if book.registered_at else "addresses")
    context = {
        "section": "hidden",
        "help_lines": HELP_LINES,
        "support": SUPPORT_MEASURES,
        "leave_for": LEAVE_FOR,
        "is_confidential": bool(book) and entries_of(book).confidential if book else False,
        "in_book": bool(book and book.registered_at),
    }
    response = render(request, "book/hidden_move.html", context)
    response["Cache-Control"] = "no-store"
    return response
