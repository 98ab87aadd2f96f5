"""Endpoints for peer portals: hand on a notice, read its status, and pull receipts."""

from datetime import datetime
from uuid import UUID

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.faces.relay.signed_request import Content, signed_peer_view
from renrakucho.relay.notice_intake import NoticeRejected, TooLate, take_in_notice
from renrakucho.relay.receipt_feed import notice_of_peer, peer_status, receipts_for_peer, receipts_since


@signed_peer_view
def receive_notice(peer: PeerPortal, content: Content) -> tuple[int, Content]:
    """POST a notice or its withdrawal, by the standard. Idempotent: a repeated one is only answered with its status."""
    try:
        return 200, {**peer_status(take_in_notice(peer, content))}
    except NoticeRejected as rejection:
        status = 409 if isinstance(rejection, TooLate) else 422
        return status, {"reason": rejection.reason, "where": list(rejection.where)}


@signed_peer_view
def read_peer_notice(peer: PeerPortal, content: Content) -> tuple[int, Content]:
    """The status of one notice, by its number at the portal that asks."""
    origin = notice_of_peer(peer, str(content.get("number", "")))
    return (200, {**peer_status(origin)}) if origin else (404, {"reason": "number"})


@signed_peer_view
def read_peer_receipts(peer: PeerPortal, content: Content) -> tuple[int, Content]:
    """The providers' receipts for the asking portal's notices, after a cursor ("": all of them) or since a time."""
    if "after" in content:
        try:
            return 200, receipts_for_peer(peer, UUID(str(content["after"])) if content["after"] else None)
        except ValueError:
            return 422, {"reason": "after"}
    try:
        moment = datetime.fromisoformat(str(content.get("since", "")))
    except ValueError:
        return 422, {"reason": "since"}
    return (200, receipts_since(peer, moment)) if moment.tzinfo else (422, {"reason": "since"})
