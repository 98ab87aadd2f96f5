"""Pages that anybody can open: search and links, the standard, the page of a code, and error pages."""

from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.test import RequestFactory
from django.utils import timezone

from renrakucho.lib.throttle.rate_limit import Attempt
from renrakucho.monitoring.public_figures import compute_figures
from renrakucho.page import errors
from renrakucho.receipt.mover_actions import withdraw_notice
from tests.answer.cast import code_of, on_paper
from tests.desk.cast import confidential
from tests.every_page.cast import Reader, ShownPage

DOCUMENTS = ("facts", "notice", "providers", "receipt", "sheet")


def directory_pages() -> list[ShownPage]:
    """Search, its answers and errors, map, towns, links."""
    reader = Reader("visitor")
    reader.look("/search", "/search?postal_code=1960015", "/search?postal_code=4380086")
    reader.look("/search?municipality=13224&town=愛宕", "/search?postal_code=2060041&industry=gas")
    reader.send("/search", {"q": "東京都多摩市"}, status=200)
    reader.send("/search", {"q": "府中市"}, status=200)
    reader.look("/search?postal_code=123", status=422)
    reader.look("/search?postal_code=9999999", "/search?municipality=99999&town=x", status=404)
    reader.look("/search/link?origin=12", status=422)
    reader.send("/search", {"q": "<どこでもない>"})
    reader.look("/search/towns", "/search/towns?q=atago", "/search/towns?municipality=22136")
    reader.look("/search/map", "/search/map/13/water", "/search/map/14/gas", "/search/map/12/electricity")
    reader.look(
        "/search/contract", "/search/about", "/links", "/search/link", "/search/link?to_code=1960015&name=昭島市"
    )
    reader.look("/search/link?to=12")
    reader.look("/figures")
    compute_figures()
    reader.look("/figures?computed")
    return reader.shown


def standard_pages() -> list[ShownPage]:
    """The published standard, in both languages."""
    reader = Reader("engineer")
    reader.look("/standard/", "/standard/en")
    for name in DOCUMENTS:
        reader.look(f"/standard/v1/{name}", f"/standard/v1/{name}/en")
    return reader.shown


def answer_pages() -> list[ShownPage]:
    """Whoever has a notice on paper, before and after its answer."""
    reader = Reader("office")
    reader.look("/a")
    reader.send("/a", {"code": "0"})
    reader.look("/a/k7m2p9qx4d", status=404)
    _notice, code = on_paper()
    reader.look(f"/a/{code}")
    hidden = code_of(confidential())
    reader.look(f"/a/{hidden}")
    reader.send(f"/a/{hidden}")
    reader.send(f"/a/{hidden}", {"reason": "procedure"}, status=200)
    reader.send(f"/a/{code}/accept", {"number": ""})
    reader.send(f"/a/{code}/return", {"reason": ""})
    reader.send(f"/a/{code}/accept", {"number": "昭水-42"}, status=200)
    _other, code = on_paper()
    reader.send(f"/a/{code}/return", {"reason": "番号がちがいます"}, status=200)
    reader.send(f"/a/{code}/accept", {"number": "昭水-43"}, status=409)
    withdrawn, code = on_paper()
    withdraw_notice(withdrawn)
    reader.look(f"/a/{code}")
    return reader.shown


def error_pages() -> list[ShownPage]:
    """All of them."""
    reader = Reader("unlucky")
    request = RequestFactory().get("/book/?x=1")
    reader.keep("400", errors.bad_request(request))
    reader.keep("403", errors.forbidden_page(request))
    reader.keep("403-csrf", errors.csrf_refused(request))
    reader.keep("403-cookie", errors.csrf_refused(request, REASON_NO_CSRF_COOKIE))
    reader.keep("404", errors.not_found(request))
    reader.keep("503-down", errors.database_down(request))
    reader.keep("429", errors.too_many(request, Attempt(False, timezone.now())))
    reader.keep("500", errors.server_error(request))
    typed = RequestFactory().post("/desk/notices/1/accept", {"number": "昭水-2026-0042"})
    reader.keep("503", errors.database_busy(typed))
    return reader.shown
