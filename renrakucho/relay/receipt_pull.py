"""Hearing what the providers of another portal have said: asked for, never waited for, so that no word can get lost."""

import logging
import time
from collections.abc import Mapping
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
from renrakucho.receipt.provider_actions import ProviderAnswer, answer_notice, mark_exported_at_peer, mark_opened
from renrakucho.receipt.transitions import InvalidTransition
from renrakucho.relay.models import ReceivedReceipt
from renrakucho.standard.schemas import wrong_places

log = logging.getLogger(__name__)

BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
_ANSWERS = (ReceiptKind.ACCEPTED, ReceiptKind.RETURNED)
_GOES_BACK = timedelta(minutes=10)  # what a slow transaction there recorded becomes visible late
_LONGEST = 60.0  # seconds of asking on and on; half of the round's lease


class BadReceipt(InvalidInput):
    """Something that was said is not by the standard; the message says where, and nothing of what was said."""


def pull_receipts(peer: PeerPortal, since: datetime) -> datetime:
    """Ask for everything since then, and record it. Returns from when on to ask the next time.

    Raises NoAnswer; and BadReceipt, after everything else was recorded.
    """
    early: list[datetime] = []
    wrong: list[str] = []
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        answer = post_to_peer(peer, settings.BASE_URL, RECEIPTS, {"since": since.isoformat()})
        if answer.status != 200 or not answer.signature:
            raise NoPeerResponse(f"{answer.status} for {RECEIPTS}", arrived=True)
        for one in answer.content["receipts"]:
            since, receipt = datetime.fromisoformat(one["at"]), one["receipt"]
            mistakes = _mistakes(receipt)
            if mistakes:
                wrong += mistakes
            elif not _hear(peer, receipt, answer.signature):
                early.append(since)
        if not answer.content["more"]:
            break
    if wrong:
        raise BadReceipt(f"a receipt is not by the standard: {', '.join(wrong[:5])}")
    # Never from a day on that has not come: what a wrong clock there has said would keep all else from being heard.
    return max(BEGINNING, min([*early, since, timezone.now()]) - _GOES_BACK)


def _mistakes(receipt: Any) -> list[str]:
    wrong = wrong_places("receipt", receipt)
    if wrong:
        return wrong
    unseen = {"receipt_number": invisible_in_line, "reason": invisible_in_text}
    return [f"$.{name}" for name, is_unseen in unseen.items() if is_unseen(receipt.get(name, ""))]


def _hear(peer: PeerPortal, said: Mapping[str, Any], signature: str) -> bool:
    """Record one word. False: it is too early for it, and it has to be heard again."""
    if ReceivedReceipt.objects.filter(portal=peer.slug, key=said["key"]).exists():
        return True
    notice = _notice(peer, said)
    if notice and notice.status == Status.ENTERED and said["kind"] not in _ANSWERS:
        return False  # the postman has not asked yet whether it arrived
    actor = PeerActor(peer.name, said["key"], said["recorded_at"], signature)
    with transaction.atomic():
        recorded = bool(notice and _record(notice, said, actor))
        ReceivedReceipt.objects.create(
            portal=peer.slug,
            key=said["key"],
            notice=notice,
            kind=said["kind"],
            recorded=recorded,
            evidence=seal_for_book(notice.book, f"heard:{said['key']}", _proof(said, actor)) if notice else None,
            heard_at=timezone.now(),
        )
    if not recorded:
        log.warning("%s: %s was not recorded for %s", peer.slug, said["kind"], notice.id if notice else "any notice")
    return True


def _notice(peer: PeerPortal, said: Mapping[str, Any]) -> Notice | None:
    """The notice that it is about: one that this portal wrote, for that provider, through that peer."""
    if said["portal"]["url"] != settings.BASE_URL:
        return None
    provider = peer.local_slug(said["provider"]["id"])
    return Notice.objects.select_related("book").filter(number=said["number"], provider=provider).first()


def _proof(said: Mapping[str, Any], actor: PeerActor) -> dict[str, str]:
    """The provider's word, through whom it came, and that portal's signature."""
    words = {"number": said.get("receipt_number", ""), "reason": said.get("reason", "")}
    return {**actor.stored(), **{name: text for name, text in words.items() if text}}


def _record(notice: Notice, said: Mapping[str, Any], actor: PeerActor) -> bool:
    kind, number, reason = said["kind"], said.get("receipt_number", ""), said.get("reason", "")
    try:
        with transaction.atomic():
            if kind == ReceiptKind.ACCEPTED and number:
                answer_notice(notice, ProviderAnswer(receipt_number=number), actor)
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
