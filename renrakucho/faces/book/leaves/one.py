"""One leaf: what was told, what happened, and the mover's own word."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.faces.book.leaves.own import needs_notice
from renrakucho.faces.book.leaves.story import story, waiting
from renrakucho.faces.book.rule_words import rules_in_words
from renrakucho.notice.models import Notice
from renrakucho.notice.writing import told
from renrakucho.receipt.leaf import leaf_of
from renrakucho.receipt.models import Kind
from renrakucho.receipt.mover_turn import own_word, withdraw


@require_safe
@needs_notice
def leaf(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Everything about one notice."""
    page, attempts = leaf_of(notice), list(notice.attempts_made.order_by("ordinal"))
    context = {
        "door": "book",
        "leaf": page,
        "story": story(page, attempts),
        "waiting": waiting(page, attempts),
        "withdrawal_lost": any(each.kind == Kind.WITHDRAWAL_UNDELIVERED for each in page.history),
        "rules": rules_in_words(page.sheet) if page.sheet else [],
        "told": told(notice) if notice.filled else None,
        "newer": Notice.objects.filter(replaces=notice).first(),
        "messages": messages.get_messages(request),
    }
    return render(request, "book/leaf.html", context)


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
    if page.too_late:
        return redirect("book:leaf", notice.id)
    if request.method == "POST":
        withdraw(notice)
        messages.success(request, _("取り消しました。"))
        return redirect("book:leaves")
    return render(request, "book/withdraw.html", {"door": "book", "leaf": page})
