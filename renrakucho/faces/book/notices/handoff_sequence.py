"""Sequence of hand-overs: several web forms are confirmed together, and each return leads to the next provider's site.

The mover's word covers exactly the forms that were shown: the session keeps the digest of each, sealed. A form that
would be told otherwise by now waits for a confirmation on its own page. The sequence stands at one notice, and only the
end of that one goes on: whoever does another notice in between, or in another tab, is led nowhere by it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from renrakucho.channel.weblink.weblink_channel import FormHandoff
from renrakucho.faces.book.book_session import own_notice
from renrakucho.faces.book.notices.confirmation_digest import confirmation_digest
from renrakucho.faces.book.saved_forms import open_from_session, seal_for_session
from renrakucho.faces.book.told_facts import told_items, told_texts
from renrakucho.mover.models import Book
from renrakucho.notice.confidential_notice import KeptConfidential
from renrakucho.notice.connected_providers import NoSuchSheet, connection_of
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import OutsideWindow, frozen_form, preview_form
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import HandoffPaused, hand_over_notice
from renrakucho.receipt.notice_view import NoticeView, in_order_of_deadline
from renrakucho.receipt.transitions import InvalidTransition, may_happen
from renrakucho.sheet.fill import CannotSay
from renrakucho.sheet.filled import FilledSheet

SHOWN = "shown"  # hidden field of a page that asks for several confirmations: id and digest of a form
_SEQUENCE = "sequence"  # the session's key
_REFUSALS = (CannotSay, KeptConfidential, OutsideWindow, NoSuchSheet, InvalidTransition, HandoffPaused)


@dataclass(frozen=True)
class FormToConfirm:
    """A web form as it would be handed over, and where to: `domain`."""

    view: NoticeView
    filled: FilledSheet
    domain: str

    @property
    def shown(self) -> str:
        """The value of SHOWN for this form."""
        return f"{self.view.notice.id}:{confirmation_digest(self.filled)}"

    @property
    def items(self) -> str:
        """The names of what is handed over."""
        return told_items(self.view.sheet, self.view.facts) if self.view.sheet else ""


def target_domain(notice: Notice) -> str:
    """Return the host that the mover's browser is sent to. Raises NoSuchSheet."""
    connection = connection_of(notice.provider)
    if connection is None or notice.procedure not in connection.entries:
        raise NoSuchSheet
    return FormHandoff(connection.entry(notice.procedure), "", (), ()).domain


def forms_to_confirm(views: Iterable[NoticeView]) -> Iterator[FormToConfirm]:
    """Yield the web forms where nothing has to be decided before the confirmation, the most urgent first."""
    for view in in_order_of_deadline(views):
        if not (view.may_begin and view.notice.carried):
            continue
        try:
            yield FormToConfirm(view, preview_form(view.notice), target_domain(view.notice))
        except _REFUSALS:
            continue


def sequence_context(views: Iterable[NoticeView]) -> dict[str, object]:
    """Return the context of the form that confirms several hand-overs: `forms`, and what they tell, each text once."""
    forms = list(forms_to_confirm(views))
    sheets = [form.view.sheet for form in forms if form.view.sheet]
    return {"forms": forms, "told": told_texts(sheets, forms[0].view.facts) if forms else []}


def begin_sequence(request: HttpRequest, book: Book) -> Notice | None:
    """Take the posted forms as confirmed, and hand the first one over. None: one of them is not as it was shown, and
    nothing was handed over. A second press finds the first one handed over, and leads to it again.
    """
    confirmed = dict(text.partition(":")[::2] for text in request.POST.getlist(SHOWN))
    notices = [_notice_as_shown(book, key, digest) for key, digest in confirmed.items()]
    first = notices[0] if notices and all(notices) else None
    if first is None:
        return None
    try:
        hand_over_notice(first)
    except _REFUSALS:
        return None
    request.session[_SEQUENCE] = seal_for_session({"forms": confirmed, "at": str(first.id)})
    return first


def go_on_in_sequence(request: HttpRequest, done: Notice, following: Notice | None, *, is_back: bool) -> bool:
    """Move the sequence from the notice that is done to the following one. True: that one's form was confirmed with the
    others, and has been handed over, since the mover came back from the provider before (`is_back`).
    """
    sequence = open_from_session(request.session.get(_SEQUENCE))
    if sequence.get("at") != str(done.id):
        return False
    if following is None:
        del request.session[_SEQUENCE]
        return False
    request.session[_SEQUENCE] = seal_for_session({**sequence, "at": str(following.id)})
    digest = sequence["forms"].get(str(following.id), "")
    try:
        if not is_back or confirmation_digest(preview_form(following)) != digest:
            return False
        hand_over_notice(following)
    except _REFUSALS:
        return False
    return True


def _notice_as_shown(book: Book, key: str, digest: str) -> Notice | None:
    """Return the book's notice, if it would be told, or was handed over, as the page showed it."""
    try:
        notice = own_notice(book, UUID(key))
        if notice is None or not notice.carried or not may_happen(ReceiptKind.HANDED_OVER, notice.status):
            return None
        filled = frozen_form(notice) if notice.filled else preview_form(notice)
    except (ValueError, *_REFUSALS):
        return None
    return notice if confirmation_digest(filled) == digest else None
