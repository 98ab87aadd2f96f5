"""Every channel that the postman can hand a parcel to. Adding one is one folder and one line here.

The web link is not among them: the mover's own browser carries it.
"""

from collections.abc import Callable

from renrakucho.channel.inbox import send as inbox
from renrakucho.channel.outcome import Outcome
from renrakucho.channel.parcel import Parcel

Send = Callable[[Parcel], Outcome]

CHANNELS: dict[str, Send] = {
    "inbox": inbox.send,
}
