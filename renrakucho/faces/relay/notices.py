"""What other portals hand on and ask after."""

from datetime import datetime

from renrakucho.channel.peer import Peer
from renrakucho.faces.relay.letter import Content, from_a_peer
from renrakucho.relay.taking import NotTaken, TooLate, take
from renrakucho.relay.telling import of_number, receipts, standing


@from_a_peer
def notices(peer: Peer, content: Content) -> tuple[int, Content]:
    """A notice or its withdrawal, by the standard; again, it is only said how it stands."""
    try:
        return 200, {**standing(take(peer, content))}
    except NotTaken as refusal:
        status = 409 if isinstance(refusal, TooLate) else 422
        return status, {"reason": refusal.reason, "where": list(refusal.where)}


@from_a_peer
def how_it_stands(peer: Peer, content: Content) -> tuple[int, Content]:
    """One notice, by its number at the portal that asks."""
    origin = of_number(peer, str(content.get("number", "")))
    return (200, {**standing(origin)}) if origin else (404, {"reason": "number"})


@from_a_peer
def since(peer: Peer, content: Content) -> tuple[int, Content]:
    """What the providers have said of this portal's notices."""
    try:
        moment = datetime.fromisoformat(str(content.get("since", "")))
    except ValueError:
        return 422, {"reason": "since"}
    return (200, receipts(peer, moment)) if moment.tzinfo else (422, {"reason": "since"})
