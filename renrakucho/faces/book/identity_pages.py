"""Pages of the identity login: a provider asks who its contract holder is, and an OpenID issuer says it.

Asked for only where a chosen provider's form asks, and only for the claims that it asks. The answer is bound to the
browser and to the book that began it; what the issuer says of the person is compared, and forgotten with the request.
"""

import logging
from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.channel.login_issuer import LoginIssuer
from renrakucho.faces.book.book_session import needs_book
from renrakucho.fact.catalogue import CLAIM_LABELS, CLAIM_NAMES, HOLDER_NAME
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, LoginFault, LoginRejected
from renrakucho.lib.oidc.oidc_login import begin_login, finish_login
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.identity_login import ClaimResult, login_proof
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import identity_issuers, login_issuers
from renrakucho.notice.login_state import prove_by_login
from renrakucho.page.errors import too_many
from renrakucho.page.formatting import join_sentences
from renrakucho.page.http import client_address
from renrakucho.page.pending_login import keep_pending_login, take_pending_login
from renrakucho.page.security_log import SecurityEvent, log_security_event
from renrakucho.receipt.notice_view import NoticeView, notice_views

log = logging.getLogger(__name__)

_WINDOW_SECONDS = 15 * 60
# Only answers that led nowhere count. The lower limit keeps one book from trying one person's login after another.
WRONG_LOGINS = RateLimit("identity-login", 10, _WINDOW_SECONDS)  # of one book
WRONG_LOGINS_FROM = RateLimit("identity-login-from", 60, _WINDOW_SECONDS)  # of one network address


def identity_context(view: NoticeView) -> dict[str, object]:
    """Context of a notice's page for the login that its provider asks for: whether there is one already, else by which
    issuers it can be made.
    """
    asked = view.login_asked
    if not asked:
        return {"login_asked": (), "login_issuers": (), "login_proved": None}
    book = view.notice.book
    proof = None if view.awaits_login else login_proof(book, facts_of(entries_of(book)), asked)
    return {
        "login_asked": [CLAIM_LABELS[claim] for claim in asked],
        "login_issuers": () if proof else identity_issuers(asked),
        "login_proved": proof,
    }


@require_safe
@needs_book
def identity_page(request: HttpRequest, book: Book) -> HttpResponse:
    """Which providers ask for a login, for what, and how it stands; the ways to log in."""
    asking = [view for view in notice_views(book) if view.login_asked]
    asked = _claims_asked(asking)
    context = {
        "section": "book",
        "asking": [(view, identity_context(view)) for view in asking],
        "asked": [CLAIM_LABELS[claim] for claim in asked],
        "issuers": [issuer for issuer in login_issuers().values() if issuer.movers and issuer.sources(asked)],
        "logins": book.identity_logins.order_by("-logged_in_at"),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/identity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_book
def begin_identity_login(request: HttpRequest, book: Book, issuer: str) -> HttpResponse:
    """A page that leads on to the issuer. A redirect would not do: our policy lets no form end at another site. A GET
    comes after the book had to be opened first.
    """
    found = _issuer_here(issuer)
    asked = _claims_asked([view for view in notice_views(book) if view.login_asked])
    sources = found.sources(asked)
    if request.method != "POST" or not sources:
        return redirect("book:identity")
    scopes = [scope for source in sources for scope in source.scopes]
    try:
        # Proved now, and not by whoever used this browser before: no older login there counts.
        address, pending = begin_login(found, _callback_address(found), max_age=0, scopes=scopes)
    except IssuerUnusable as error:
        return _unusable(request, found, error)
    keep_pending_login(request, pending, {"book": str(book.id), "claims": [source.name for source in sources]})
    response = render(request, "book/to_issuer.html", {"section": "book", "issuer": found, "address": address})
    response["Refresh"] = f"0; url={address}"
    return response


@require_safe
@needs_book
def identity_callback(request: HttpRequest, book: Book, issuer: str) -> HttpResponse:
    """The issuer's answer. What it says is compared, and only how each claim came out is told."""
    attempt = _attempt(request, book)
    if not attempt.allowed:
        return too_many(request, attempt)
    found = _issuer_here(issuer)
    try:
        pending, purpose = take_pending_login(request, found.slug, _callback_address(found))
        if purpose.get("book") != str(book.id):
            raise LoginRejected(LoginFault.UNKNOWN_STATE)
        login = finish_login(found, pending, request.GET.dict(), with_claims=True)
    except IssuerUnusable as error:
        attempt.uncount()
        return _unusable(request, found, error)
    except LoginRejected as error:
        log.warning("identity login by %s: %s", found.slug, error.fault)
        if error.fault == LoginFault.CANCELLED:
            attempt.uncount()
        else:
            log_security_event(request, SecurityEvent.LOGIN_FAILED, account=str(book.id))
        messages.warning(request, _sentence_of(error.fault))
        return redirect("book:identity")
    results = prove_by_login(book, found, login, purpose["claims"])
    if results.get(HOLDER_NAME) == "same":
        attempt.uncount()
    else:
        log_security_event(request, SecurityEvent.LOGIN_FAILED, account=str(book.id))
    _say_results(request, results)
    return redirect("book:identity")


def _say_results(request: HttpRequest, results: Mapping[str, ClaimResult]) -> None:
    lines = [_RESULT_SENTENCES[result](_(CLAIM_LABELS[claim])) for claim, result in results.items()]
    if all(result == "same" for result in results.values()):
        messages.success(
            request,
            join_sentences(
                *lines, _("この確認を求める事業者へ送れるようになりました。お預かりしていた連絡は送ります。")
            ),
        )
        return
    messages.warning(
        request,
        join_sentences(
            *lines,
            _("ご契約者ご本人のログインかどうか、登録した内容が正しいかをお確かめください。お電話でも手続できます。"),
        ),
    )


_RESULT_SENTENCES: Mapping[ClaimResult, Callable[[str], str]] = {
    "same": lambda label: _("%(what)sは、登録した内容と合いました。") % {"what": label},
    "different": lambda label: _("%(what)sは、登録した内容と合いませんでした。") % {"what": label},
    "not_said": lambda label: _("%(what)sは、ログイン先から届きませんでした。") % {"what": label},
}


def _claims_asked(views: list[NoticeView]) -> tuple[str, ...]:
    asked = {claim for view in views for claim in view.login_asked}
    return tuple(claim for claim in CLAIM_NAMES if claim in asked)


def _attempt(request: HttpRequest, book: Book) -> Attempt:
    attempt = WRONG_LOGINS_FROM.count_attempt(client_address(request))
    return attempt.with_attempt(WRONG_LOGINS.count_attempt(str(book.id))) if attempt.allowed else attempt


def _issuer_here(slug: str) -> LoginIssuer:
    found = login_issuers().get(slug)
    if found is None or not found.movers:
        raise Http404
    return found


def _callback_address(issuer: LoginIssuer) -> str:
    """Exactly as it is registered at the issuer."""
    return settings.BASE_URL + reverse("book:identity_callback", args=[issuer.slug])


def _unusable(request: HttpRequest, issuer: LoginIssuer, error: IssuerUnusable) -> HttpResponse:
    log.error("identity login by %s: %s", issuer.slug, error.said.english)
    said = _(
        "「%(issuer)s」に、いまつながりません。しばらくしてから、もう一度お試しください。"
        "お急ぎのときは、お電話でも手続できます。連絡はお預かりしています。"
    )
    messages.warning(request, said % {"issuer": issuer.name})
    return redirect("book:identity")


def _sentence_of(fault: LoginFault) -> str:
    if fault == LoginFault.CANCELLED:
        return _("ログインを取りやめました。連絡はまだ送っていません。もう一度、下からログインできます。")
    if fault == LoginFault.UNKNOWN_STATE:
        return _("時間がたったか、もう使われたか、別の画面で始めたログインです。もう一度、下からお進みください。")
    if fault == LoginFault.WEAK_LOGIN:
        return _("ここで必要な方法のログインではありませんでした。もう一度、下からお進みください。")
    return _("ログインを確かめられませんでした。もう一度、下からお進みください。")
