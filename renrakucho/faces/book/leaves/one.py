"""One leaf: what was told, what happened, and the mover's own word."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.faces.book.leaves.own import needs_notice
from renrakucho.faces.book.leaves.story import story, waiting
from renrakucho.faces.book.rule_words import rules_in_words
from renrakucho.fact.catalogue import Facts
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts
from renrakucho.notice.models import Notice
from renrakucho.notice.writing import told
from renrakucho.receipt.leaf import leaf_of
from renrakucho.receipt.models import Kind
from renrakucho.receipt.mover_turn import own_word, withdraw
from renrakucho.sheet.form import Sheet


@require_safe
@needs_notice
def leaf(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Everything about one notice."""
    page, attempts = leaf_of(notice), list(notice.attempts_made.order_by("ordinal"))
    rules_of = page.sheet or page.by_phone
    context = {
        "door": "book",
        "leaf": page,
        "story": story(page, attempts),
        "waiting": waiting(page, attempts),
        "withdrawal_lost": any(each.kind == Kind.WITHDRAWAL_UNDELIVERED for each in page.history),
        "rules": rules_in_words(rules_of) if rules_of else [],
        "script": script(page.by_phone, facts(entries_of(notice.book))) if page.by_phone else [],
        "told": told(notice) if notice.filled else None,
        "newer": Notice.objects.filter(replaces=notice).first(),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaf.html", context)


def script(sheet: Sheet, said: Facts) -> list[tuple[str, str]]:
    """What the provider will ask by phone, with what was entered here; empty where it was not, but is needed."""
    lines = [(blank, blank.say.text(said).strip() if blank.say else "") for blank in sheet.blanks]
    return [(blank.label, text) for blank, text in lines if text or blank.required or blank.ask]


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def done_there(request: HttpRequest, notice: Notice) -> HttpResponse:
    """«I have finished there»: kept as the mover's own word. A GET is a mover who had to open the book first."""
    if request.method != "POST":
        return redirect("book:leaf", notice.id)
    own_word(notice)
    messages.success(request, _("お客さまの控えとして記録しました。事業者の「受理」ではありません。"))
    return redirect("book:leaf", notice.id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs_notice
def take_back(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Withdraw, after asking once."""
    page = leaf_of(notice)
    if page.too_late_to_withdraw:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        withdraw(notice)
        messages.success(request, _("取り消しました。"))
        return redirect("book:leaves")
    return render(request, "book/withdraw.html", {"door": "book", "leaf": page})
