"""Receipt pull: a peer portal is polled for its providers' answers, so that none is lost when a push would fail."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import RECEIPTS, NoPeerResponse, post_to_peer
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text
from renrakucho.mover.book import seal_for_book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.evidence import PeerActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import answer_notice, mark_exported_at_peer, mark_opened
from renrakucho.receipt.provider_answer import CheckWay, IdentityCheck, ProviderAnswer
from renrakucho.receipt.transitions import InvalidTransition
from renrakucho.relay.models import ReceivedReceipt
from renrakucho.standard.schemas import wrong_places

log = logging.getLogger(__name__)

BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_ANSWERS = (ReceiptKind.ACCEPTED, ReceiptKind.RETURNED)
_OVERLAP = timedelta(minutes=10)  # what a slow transaction there recorded becomes visible late
_LONGEST_CURSOR = 80  # characters
_LONGEST = 60.0  # seconds of one pull; half of the poll's lease


class BadReceipt(InvalidInput):
    """A receipt is not by the standard; the message says where, and nothing of its content."""


@dataclass(frozen=True)
class PullCursor:
    """Where to go on. after: the peer's cursor, empty from the beginning; since: for a peer that gives none."""

    after: str = ""
    since: datetime = BEGINNING


def pull_receipts(peer: PeerPortal, cursor: PullCursor) -> PullCursor:
    """Pull and record every receipt after the cursor. Returns the cursor for the next pull.

    Raises NoPeerResponse; and BadReceipt, after everything else was recorded.
    """
    after, since, early_page = cursor.after, cursor.since, None
    early: list[datetime] = []
    wrong: list[str] = []
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        answer = post_to_peer(peer, settings.BASE_URL, RECEIPTS, {"since": since.isoformat(), "after": after})
        if answer.status != 200 or not answer.signature:
            raise NoPeerResponse(f"{answer.status} for {RECEIPTS}", arrived=True)
        for each in answer.content["receipts"]:
            since, receipt = datetime.fromisoformat(each["at"]), each["receipt"]
            mistakes = _mistakes(receipt)
            if mistakes:
                wrong += mistakes
            elif not _receive(peer, receipt, answer.signature):
                early.append(since)
        if early and early_page is None:
            early_page = after  # it is pulled once more
        after = str(answer.content.get("next", ""))[:_LONGEST_CURSOR]
        if not answer.content["more"]:
            break
    if wrong:
        raise BadReceipt(f"a receipt is not by the standard: {', '.join(wrong[:5])}")
    # Never a time in the future: a wrong clock there would keep all later receipts from being pulled.
    since = max(BEGINNING, min([*early, since, timezone.now()]) - _OVERLAP)
    return PullCursor(after if early_page is None else early_page, since)


def _mistakes(receipt: Any) -> list[str]:
    wrong = wrong_places("receipt", receipt)
    if wrong:
        return wrong
    unseen = {"receipt_number": invisible_in_line, "reason": invisible_in_text}
    mistakes = [f"$.{name}" for name, is_unseen in unseen.items() if is_unseen(receipt.get(name, ""))]
    note = receipt.get("identity_check", {}).get("note", "")
    return [*mistakes, *(["$.identity_check.note"] if invisible_in_line(note) else [])]


def _receive(peer: PeerPortal, receipt: Mapping[str, Any], signature: str) -> bool:
    """Record one receipt. False: it came too early, and has to be pulled again."""
    if ReceivedReceipt.objects.filter(portal=peer.slug, key=receipt["key"]).exists():
        return True
    notice = _notice(peer, receipt)
    if notice and notice.status == Status.ENTERED and receipt["kind"] not in _ANSWERS:
        return False  # the delivery worker has not polled yet whether it arrived
    actor = PeerActor(peer.name, receipt["key"], receipt["recorded_at"], signature)
    with transaction.atomic():
        recorded = bool(notice and _record(notice, receipt, actor))
        ReceivedReceipt.objects.create(
            portal=peer.slug,
            key=receipt["key"],
            notice=notice,
            kind=receipt["kind"],
            recorded=recorded,
            evidence=seal_for_book(notice.book, f"heard:{receipt['key']}", _proof(receipt, actor)) if notice else None,
            heard_at=timezone.now(),
        )
    if not recorded:
        log.warning("%s: %s was not recorded for %s", peer.slug, receipt["kind"], notice.id if notice else "any notice")
    return True


def _notice(peer: PeerPortal, receipt: Mapping[str, Any]) -> Notice | None:
    """The notice that the receipt is about: one that this portal wrote, for that provider, through that peer."""
    if receipt["portal"]["url"] != settings.BASE_URL:
        return None
    provider = peer.local_slug(receipt["provider"]["id"])
    return Notice.objects.select_related("book").filter(number=receipt["number"], provider=provider).first()


def _check(receipt: Mapping[str, Any]) -> IdentityCheck | None:
    """How the provider made sure, as it said there. A way that this version does not know counts as another one."""
    said = receipt.get("identity_check")
    if not said:
        return None
    known = said["way"] if said["way"] in CheckWay.values else CheckWay.OTHER
    return IdentityCheck(known, said.get("note", "") or ("" if known == said["way"] else said["way"]))


def _proof(receipt: Mapping[str, Any], actor: PeerActor) -> dict[str, str]:
    """The evidence: the provider's answer, the portal it came through, and that portal's signature."""
    answer = {"number": receipt.get("receipt_number", ""), "reason": receipt.get("reason", "")}
    return {**actor.stored(), **{name: text for name, text in answer.items() if text}}


def _record(notice: Notice, receipt: Mapping[str, Any], actor: PeerActor) -> bool:
    kind, number, reason = receipt["kind"], receipt.get("receipt_number", ""), receipt.get("reason", "")
    try:
        with transaction.atomic():
            if kind == ReceiptKind.ACCEPTED and number:
                answer_notice(notice, ProviderAnswer(receipt_number=number, check=_check(receipt)), actor)
            elif kind == ReceiptKind.RETURNED and reason:
                answer_notice(notice, ProviderAnswer(reason=reason), actor)
            elif kind == ReceiptKind.OPENED:
                mark_opened(notice, actor)
            elif kind == ReceiptKind.TAKEN:
                mark_exported_at_peer(notice, actor)
            else:
                return False
    except InvalidTransition:
        return False
    return True
