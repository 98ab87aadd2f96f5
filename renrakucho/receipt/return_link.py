"""Return link from a provider's site (web link): signed by the provider, bound to one notice, used once.

    <portal>/return/<ticket>?number=<receipt number>&at=<unix seconds>&signature=<HMAC-SHA256 hex>

signed over ticket, number and at, joined by newlines, with the connection's secret. Without a signature it is the
mover's word, and moves nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import NotFound
from renrakucho.lib.identifiers import is_plausible_receipt_number
from renrakucho.lib.signing import is_signature_of
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import ticket_hash
from renrakucho.receipt.evidence import LinkActor
from renrakucho.receipt.provider_actions import answer_notice, receipt_number_of
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import locked_notice

_CLOCK_TOLERANCE = timedelta(minutes=5)


class NoSuchReturnLink(NotFound):
    """No notice was handed over with this ticket."""


ReturnWord = Literal["accepted", "unsigned", "forged", "expired", "already", "withdrawn"]


@dataclass(frozen=True)
class ReturnResult:
    """The result of a return link. accepted, already: the provider's word stands. All else is not believed."""

    notice: Notice
    word: ReturnWord


def read_return_link(ticket: str, *, number: str, at: str, signature: str) -> ReturnResult:
    """Verify a return link, and record 受理 where it is the provider's word. Raises NoSuchReturnLink."""
    with transaction.atomic():
        found = Notice.objects.filter(return_hash=ticket_hash(ticket)).first()
        if found is None:
            raise NoSuchReturnLink
        notice = locked_notice(found)
        word = _word(notice, ticket, number, at, signature)
        if word == "accepted":
            answer_notice(notice, ProviderAnswer(receipt_number=number), LinkActor(at, signature))
        return ReturnResult(notice, word)


def _word(notice: Notice, ticket: str, number: str, at: str, signature: str) -> ReturnWord:
    connection = connection_of(notice.provider)
    if not signature:
        return "unsigned"
    if not connection or not connection.secret or not is_signature_of(connection.secret, signature, ticket, number, at):
        return "forged"
    if not is_plausible_receipt_number(number):
        return "forged"
    if notice.status == Status.ACCEPTED:
        return "already" if receipt_number_of(notice) == number else "forged"
    if notice.status != Status.HANDED_OVER:
        return "withdrawn"
    return "accepted" if _in_time(notice, at) else "expired"


def _in_time(notice: Notice, at: str) -> bool:
    """Signed after the notice was handed over and not in the future, and brought back while the link is valid."""
    now = timezone.now()
    try:
        signed_at = datetime.fromtimestamp(int(at), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    if notice.written_at is None or notice.return_until is None or now > notice.return_until:
        return False
    return notice.written_at - _CLOCK_TOLERANCE <= signed_at <= now + _CLOCK_TOLERANCE
