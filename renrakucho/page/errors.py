"""Error pages. None of them reads the database or the session. Only the one that sends a form again (503) repeats what
was typed.
"""

import math
import sys
import traceback
from collections.abc import Sequence

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renrakucho.lib.throttle.rate_limit import Attempt
from renrakucho.page.compression import keep_uncompressed
from renrakucho.page.formatting import format_clock
from renrakucho.page.http import problem_details_response, with_retry_after
from renrakucho.page.language import language_links

Fields = Sequence[tuple[str, str]]
_FOR_PROGRAMS = ("/api/", "/relay/")
_SECRET_FIELDS = ("password", "old_password", "mail_password", "again", "access_key", "code", "mailbox_code")
_MOST_CHARACTERS = 20_000
# PostgreSQL: lock_not_available, query_canceled (statement_timeout), deadlock_detected,
# idle_in_transaction_session_timeout.
_BUSY_STATES = {"55P03", "57014", "40P01", "25P03"}
_DOWN_CLASSES = ("08", "53", "57P0", "58")  # connection, no resources left, server stopping or starting, its disk
_READ_ONLY = "25006"  # a standby that is becoming the leader, or a leader that no longer is
_NO_FILE = ("unable to open database file", "disk I/O error", "disk is full", "readonly database")  # SQLite's words


def _page(request: HttpRequest, status: int, title: str, *advice: str, resend: Fields = ()) -> HttpResponse:
    """A page with what happened as its title and what to do as advice. It uses the request's path and Referer only.

    resend: fields of a form that can be sent again from this page.
    """
    context = {"title": title, "advice": advice, "readable_in": language_links(request, is_error=True)}
    context |= {"resend": resend, "action": request.get_full_path() if resend else ""}
    response = HttpResponse(render_to_string("page/error.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 503 where a session could not be saved because no database answers (Django's SessionInterrupted)."""
    error: BaseException | None = exception
    while error:
        if is_database_down(error):
            return database_down(request)
        error = error.__context__
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
        _("短い間に何度も試されたため、いったん止めています。同じ回線をお使いの、ほかの方が試したのかもしれません。"),
        ngettext(
            "%(time)sになったら、もう一度お試しください（あと%(minutes)s分です）。",
            "%(time)sになったら、もう一度お試しください（あと%(minutes)s分です）。",
            minutes,
        )
        % {"time": format_clock(attempt.ends_at), "minutes": minutes},
    )
    return with_retry_after(response, attempt)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of the portal; 503 where another transaction held what this one needs, or no database answers."""
    error = sys.exc_info()[1]  # Django calls this while it handles the exception, and does not hand it on
    if is_database_busy(error):
        return database_busy(request)
    if is_database_down(error):
        return database_down(request)
    return _page(
        request,
        500,
        _("こちらの不具合で、ページを出せませんでした"),
        _("少し待ってから、ページを読み込み直してください。"),
        _("送信の途中だったときは、れんらく帳を開いて、送られているかどうかをお確かめください。"),
    )


def is_database_busy(error: BaseException | None) -> bool:
    """Whether what was asked of the database can simply be asked again: another transaction held a row too long."""
    if not isinstance(error, OperationalError):
        return False
    return getattr(error.__cause__, "sqlstate", None) in _BUSY_STATES or "is locked" in str(error)  # SQLite's words


def is_database_down(error: BaseException | None) -> bool:
    """Whether the database cannot be reached, is starting or stopping, or its file cannot be opened."""
    if isinstance(error, OSError):
        return _is_raised_by_driver(error)
    state = getattr(getattr(error, "__cause__", None), "sqlstate", "")  # None: no PostgreSQL gave one; empty: SQLite
    if isinstance(error, InternalError):
        return state == _READ_ONLY
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return state is None or state.startswith(_DOWN_CLASSES) or any(words in str(error) for words in _NO_FILE)


def _is_raised_by_driver(error: OSError) -> bool:
    """Whether PostgreSQL's driver raised it: psycopg 3.3 lets the socket's error through where the server dies during
    a wait, and Django wraps errors of the driver's own types alone.
    """
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and str(frames[-1].f_globals.get("__name__")).startswith("psycopg")


def database_busy(request: HttpRequest) -> HttpResponse:
    """503: another transaction held a row for too long. What was typed stands on the page, to be sent again."""
    if request.path.startswith(_FOR_PROGRAMS):
        return _problem(
            "busy",
            "Another request holds what this one needs",
            _("ほかの処理が使っています。数秒後に、もう一度送ってください。"),
            seconds=5,
        )
    return _resendable_page(
        request,
        _("いま、ほかの処理が使っています"),
        _("同じものを別の画面や処理が使っているため、今回の操作はまだ終わっていません。"),
        seconds=5,
    )


def database_down(request: HttpRequest) -> HttpResponse:
    """503: no database answers. What was typed stands on the page, to be sent again."""
    if request.path.startswith(_FOR_PROGRAMS):
        return _problem(
            "database_down",
            "The database cannot be reached",
            _("いまデータベースにつながりません。数十秒後に、もう一度送ってください。"),
            seconds=30,
        )
    return _resendable_page(
        request,
        _("いま、このサイトをお使いいただけません"),
        _("こちらの設備の不具合です。復旧を進めています。すでに送られたれんらくは、なくなりません。"),
        seconds=30,
    )


def _problem(reason: str, title: str, detail: str, *, seconds: int) -> HttpResponse:
    headers = {"Retry-After": str(seconds)}
    return problem_details_response(
        "about:blank", title=title, status=503, detail=detail, reason=reason, headers=headers
    )


def _resendable_page(request: HttpRequest, title: str, reason: str, *, seconds: int) -> HttpResponse:
    fields = _typed(request)
    last = (
        _("入力された内容は残っています。%(seconds)s秒ほどたってから、下のボタンでもう一度お送りください。")
        if fields
        else _("%(seconds)s秒ほどたってから、前のページにもどって、もう一度お試しください。")
    )
    response = _page(request, 503, title, reason, last % {"seconds": seconds}, resend=fields)
    if fields:
        keep_uncompressed(response)  # with a token and what was typed on it
    response["Retry-After"] = str(seconds)
    return response


def _typed(request: HttpRequest) -> Fields:
    """The fields of a posted form; empty where it had something secret in it, or is longer than any of our forms."""
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    secret = any(name in _SECRET_FIELDS for name, _text in fields)
    return () if secret or sum(len(name) + len(text) for name, text in fields) > _MOST_CHARACTERS else fields
