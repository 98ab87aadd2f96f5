"""Relay channel (連携先サイト間の連携): a peer portal gets the notice, and sends it to a provider connected there.

The notice is UNDER_WAY until the peer says that the provider has it; until then the peer is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from renrakucho.channel.channel import Channel, no_own_table
from renrakucho.channel.message import NoticeMessage, message_document
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.peer_portal import PeerPortal, name_at_peer
from renrakucho.channel.relay.peer_client import NOTICES, STANDING, NoPeerResponse, PeerResponse, post_to_peer
from renrakucho.channel.table_faults import TableFault
from renrakucho.lib.message_text import N_

_SHORTEST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)  # between two questions
_AGE_DIVISOR = 5  # the pause is a fifth of the notice's age: short while it is fresh

# The peer's status of a notice → the outcome here, for the notice and for its withdrawal.
_NOTICE: Mapping[str, OutcomeKind] = {
    "entered": OutcomeKind.UNDER_WAY,
    "sent": OutcomeKind.SENT,
    "accepted": OutcomeKind.SENT,
    "returned": OutcomeKind.SENT,
    "undelivered": OutcomeKind.REFUSED,
    "withdrawn": OutcomeKind.REFUSED,
}
_WITHDRAWAL: Mapping[str, OutcomeKind] = {
    "withdrawing": OutcomeKind.UNDER_WAY,
    "withdrawn": OutcomeKind.SENT,
    "not_withdrawn": OutcomeKind.REFUSED,  # the peer's withdrawal did not reach the provider
    "accepted": OutcomeKind.REFUSED,  # the provider accepted first
}
# Signed responses without a status of the notice. 404: the peer never had it, so it may be sent again.
_REFUSALS: Mapping[int, OutcomeKind] = {
    404: OutcomeKind.TRY_LATER,
    409: OutcomeKind.REFUSED,
    422: OutcomeKind.REFUSED,
}
# Unsigned responses that come before the peer has read the notice. 401 and 403: it does not know this portal.
_NOT_READ = (401, 403, 429, 503)


def send_to_peer(message: NoticeMessage) -> Outcome:
    """Send the notice to the peer; where it is under way already, ask for its status."""
    peer = message.table.get("peer")
    if not isinstance(peer, PeerPortal):
        return Outcome(OutcomeKind.REFUSED, "no portal to hand it to")
    try:
        if message.reference:
            return _outcome(message, post_to_peer(peer, message.portal.url, STANDING, {"number": message.number}))
        return _outcome(message, post_to_peer(peer, message.portal.url, NOTICES, relay_document(message)))
    except NoPeerResponse as error:
        # A notice under way may have arrived long ago: it is repeated under its key, and the peer takes it in once.
        unknown = error.arrived or bool(message.reference)
        return Outcome(OutcomeKind.UNKNOWN if unknown else OutcomeKind.TRY_LATER, str(error), reached=False)


def relay_document(message: NoticeMessage) -> dict[str, Any]:
    """The notice by the standard, with the peer's own slugs and without a return link: the peer makes its own."""
    filled = replace(message.filled, sheet=name_at_peer(message.filled.sheet), way_back="")
    return message_document(replace(message, provider=name_at_peer(message.provider), filled=filled))


def _outcome(message: NoticeMessage, answer: PeerResponse) -> Outcome:
    if not answer.signature:
        kind = OutcomeKind.TRY_LATER if answer.status in _NOT_READ else OutcomeKind.UNKNOWN
        return Outcome(kind, f"{answer.status}, not signed")
    standing, number = str(answer.content.get("standing", "")), str(answer.content.get("there", ""))[:40]
    evidence = f"{answer.status} {standing} {number} {answer.content.get('reason', '')} {answer.signature}"[:500]
    if answer.status != 200:
        return Outcome(_REFUSALS.get(answer.status, OutcomeKind.UNKNOWN), evidence)
    known = _WITHDRAWAL if message.withdrawn else _NOTICE
    kind = known.get(standing, OutcomeKind.UNKNOWN)
    if kind == OutcomeKind.UNDER_WAY:
        return Outcome(kind, evidence, reference=number or message.number, retry_after=_retry_after(message))
    return Outcome(kind, evidence)


def _retry_after(message: NoticeMessage) -> timedelta:
    age = datetime.now(UTC) - message.written_at
    return max(_SHORTEST_PAUSE, min(_LONGEST_PAUSE, age / _AGE_DIVISOR))


def _faults(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    # The table is made from the peer's own list of providers; one written by hand has no PeerPortal.
    if not isinstance(table.get("peer"), PeerPortal):
        yield from no_own_table(table, trial)


RELAY = Channel(
    label=N_("連携先サイト"),
    needs=N_("別の地域のれんらく帳につながっていること。事業者は、そこでの方式のほかに何も要らない。"),
    arrived=N_("連携先が事業者に届けたと答えたこと(送信済)。連携先が預かっただけでは、送信済にならない。"),
    accepted=N_("事業者が連携先で受理したこと。連携先が署名して、受付番号とともに伝える。"),
    failing=N_("連携先が答えないあいだは、同じ鍵でくり返し送る。断られたら、または二日たったら、電話をお願いする。"),
    send=send_to_peer,
    faults=_faults,
    confidential=False,
)
