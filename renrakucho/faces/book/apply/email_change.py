"""Change of a book's mail address: who asks for it shows the access key again.

Whoever sits down at an opened book could else take it away: the book opens with its new address from then on. Who has
lost the key gets another one by a mail to the present address. Before the mailbox is proved nobody has a key, and the
address may be a mistake that is being put right.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.lib.text_fields import NO_SECRET_CHECK, CodeField
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.mover.book import email_hash, is_access_key
from renrakucho.mover.models import Book
from renrakucho.page.formatting import format_clock

WRONG_KEYS_OF_BOOK = RateLimit("email-change", 10, 60 * 60)  # of one book


class EmailChangeForm(forms.Form):
    """The access key, once more."""

    access_key = CodeField(
        label=gettext_lazy("アクセスキー（メールアドレスを変えるため）"),
        max_length=80,
        secret_check=NO_SECRET_CHECK,
        error_messages={
            "required": gettext_lazy("メールアドレスを変えるには、アクセスキーをもう一度入れてください。"),
            "max_length": gettext_lazy("アクセスキーは24文字です。もう一度お確かめください。"),
        },
    )

    def __init__(self, book: Book, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self._book = book

    def clean_access_key(self) -> str:
        """Refuse another key than the book's."""
        key = str(self.cleaned_data["access_key"])
        if not is_access_key(self._book, key):
            raise ValidationError(_("アクセスキーがちがいます。メールの24文字を、もう一度お確かめください。"))
        return key


def email_change_form(
    request: HttpRequest, book: Book | None, new_email: str, data: Mapping[str, Any] | None
) -> EmailChangeForm | None:
    """The form that has to be filled before the book's mail address is another one; None: it stays, or may change."""
    if book is None or data is None or not (book.registered_at and book.mailbox_proved_at) or not new_email:
        return None
    if compare_digest(book.email_hash, email_hash(new_email)):
        return None
    if request.method != "POST" or not request.POST.get("access_key"):
        return EmailChangeForm(book, data)
    attempt = WRONG_KEYS_OF_BOOK.count_attempt(str(book.id))
    if not attempt.allowed:
        return EmailChangeForm(book, _without_key(request, attempt))
    form = EmailChangeForm(book, data)
    if form.is_valid():
        attempt.uncount()
    return form


def _without_key(request: HttpRequest, attempt: Attempt) -> Mapping[str, Any]:
    """Say until when no key is looked at, and take this one out of what is kept: nobody may call it wrong."""
    words = {"time": format_clock(attempt.ends_at)}
    messages.error(
        request, _("まちがいが続いたため、止めています。%(time)sになったら、もう一度お試しください。") % words
    )
    rest = request.POST.copy()
    rest.pop("access_key", None)
    request.POST = rest  # type: ignore[assignment]  # what is kept of the form
    return rest
