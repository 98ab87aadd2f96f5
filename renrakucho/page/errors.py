"""Error pages. None of them reads the database or the session, and none repeats what was typed."""

import math

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renrakucho.lib.throttle.rate_limit import Attempt
from renrakucho.page.formatting import format_clock
from renrakucho.page.http import with_retry_after
from renrakucho.page.language import language_links


def _page(request: HttpRequest, status: int, title: str, *advice: str) -> HttpResponse:
    """A page with what happened as its title and what to do as advice. It uses the request's path and Referer only."""
    context = {"title": title, "advice": advice, "readable_in": language_links(request, is_error=True)}
    response = HttpResponse(render_to_string("page/error.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(
        request,
        400,
        _("送られた内容を読み取れませんでした"),
        _("ブラウザの「戻る」で前のページにもどり、もう一度お試しください。"),
        _("くり返すときは、最初のページからお進みください。"),
    )


def forbidden_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: another book's page, another provider's desk, an invented link."""
    return _page(
        request,
        403,
        _("このページは開けません"),
        _("ご自分のれんらく帳は、メールアドレスとアクセスキーで開けます。"),
        _("受付窓口の方は、ご自分のIDでログインし直してください。"),
    )


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check: the browser sends no cookies, or the page was open for too long."""
    if reason == REASON_NO_CSRF_COOKIE:
        return _page(
            request,
            403,
            _("クッキーを受け取れないため、送れませんでした"),
            _("ブラウザの設定で、このサイトのクッキーを許可してください。"),
            _("そのあと前のページにもどって読み込み直し、もう一度お送りください。"),
        )
    return _page(
        request,
        403,
        _("時間がたったため、送れませんでした"),
        _("まだ何も送られていません。"),
        _("前のページにもどって読み込み直し、もう一度お送りください。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(
        request,
        404,
        _("ページが見つかりません"),
        _("アドレスを手で入れたときは、打ちまちがいがないかお確かめください。"),
        _("メールのリンクから来たときは、リンクが途中で切れていないかお確かめください。"),
    )


def too_many(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """429: too many attempts; the page says when the next one is allowed, by the clock and in minutes."""
    minutes = math.ceil(attempt.retry_after / 60)
    response = _page(
        request,
        429,
        _("しばらくお待ちください"),
        _("短い間に何度も試されたため、いったん止めています。"),
        ngettext(
            "%(time)sになったら、もう一度お試しください（あと%(minutes)s分です）。",
            "%(time)sになったら、もう一度お試しください（あと%(minutes)s分です）。",
            minutes,
        )
        % {"time": format_clock(attempt.ends_at), "minutes": minutes},
    )
    return with_retry_after(response, attempt)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of the portal."""
    return _page(
        request,
        500,
        _("こちらの不具合で、ページを出せませんでした"),
        _("少し待ってから、ページを読み込み直してください。"),
        _("送信の途中だったときは、れんらく帳を開いて、送られているかどうかをお確かめください。"),
    )
