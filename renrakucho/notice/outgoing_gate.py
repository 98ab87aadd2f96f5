"""Gate for what leaves: nothing goes to a provider before its mover has proved the mailbox of the book, nor while
people hold it at a sudden rise (notice.sending_hold), the holder of the contract has not confirmed it, or the identity
login that its provider asks for is missing (notice.login_state).

Whoever enters somebody else's name, address and mail address gets no further than this. Every way out asks the one rule
here: the claims of the outbox and of batches, the desk's lists and exports, the API, its feeds, and through the outbox
fax, webhook and peer portals. A web link needs no proof: the mover's own browser carries it, and the provider decides.
"""

from django.db.models import Q

from renrakucho.lib.errors import Conflict
from renrakucho.mover.models import Book
from renrakucho.notice.models import HolderState, LoginState, Notice, Status

# What has reached its provider stays there, and word of a withdrawal may always leave: it can only stop something.
_HELD_STATUSES = (Status.NOT_ENTERED, Status.ENTERED, Status.UNDELIVERED)

_WAITS = Q(holder=HolderState.WAITS) | Q(login=LoginState.WAITS)
_KEPT = Q(book__mailbox_proved_at=None) | Q(held_at__isnull=False) | _WAITS
HELD = Q(_KEPT, status__in=_HELD_STATUSES)
_FREE = Q(book__mailbox_proved_at__isnull=False, held_at=None) & ~_WAITS
MAY_LEAVE = _FREE | ~Q(status__in=_HELD_STATUSES)


class MailboxNotProved(Conflict):
    """The book's mailbox is not proved: its mover has to enter the mailed code first."""


def is_held(notice: Notice) -> bool:
    """Whether the notice has to wait here, for the proof or for people to look. It reads `notice.book` as loaded."""
    is_kept = notice.book.mailbox_proved_at is None or notice.held_at is not None
    is_kept = is_kept or notice.holder == HolderState.WAITS or notice.login == LoginState.WAITS
    return is_kept and notice.status in _HELD_STATUSES


def require_proved_mailbox(book: Book) -> None:
    """Raise MailboxNotProved where the database, asked now, has no proof. Call it in the transaction that enters."""
    if not Book.objects.filter(id=book.id, mailbox_proved_at__isnull=False).exists():
        raise MailboxNotProved
