"""Evidence: the typed content of a receipt, and its codec to the sealed JSON.

Each kind of receipt has one kind of evidence. The provider's acts (opening, exporting, asking again, accepting,
returning) name their actor: who acted, and by which means. The actor also knows whether the audit log keeps the act:
only a person at the desk leaves a row there, disavowed.

Stored keys: number, clerk, note, done, reason, evidence, as, system, by, file, at, signature, portal, key, said_at,
there, check, check_note, disavowed, holder, refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from renrakucho.mover.book import open_for_book
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditAction, log_notice_actions
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_answer import IdentityCheck

_ANSWER_CODE = "answer code"  # the stored name of whoever answers by the code on a notice's page

StoredEvidence = Mapping[str, str]


class ProviderActor:
    """Who acts for the provider. `staff` is set for a person at the desk alone; `name` is stored where no more is.

    proves_arrival: an answer by this actor proves that the notice has reached the provider. checks_elsewhere: the
    provider made sure of its customer by its own form, or told another portal how.
    """

    staff: Staff | None = None
    name: str = ""
    proves_arrival: ClassVar[bool] = False
    checks_elsewhere: ClassVar[bool] = False

    def stored(self) -> StoredEvidence:
        """The keys that say in a receipt whose word it is."""
        return {}

    def log_acts(self, action: AuditAction, numbers: Iterable[str]) -> None:
        """Write the audit rows of an act on the notices with these numbers, in the transaction of the act."""


@dataclass(frozen=True)
class StaffActor(ProviderActor):
    """A person at the desk. The receipt's own column names them, and the audit log keeps what they do."""

    staff: Staff = field()

    def log_acts(self, action: AuditAction, numbers: Iterable[str]) -> None:
        """One row for each notice, all with one moment."""
        log_notice_actions(self.staff, action, numbers)


@dataclass(frozen=True)
class SystemActor(ProviderActor):
    """The provider's own system, by the name of its key."""

    name: str = field()
    proves_arrival: ClassVar[bool] = True

    def stored(self) -> StoredEvidence:
        return {"system": self.name}


@dataclass(frozen=True)
class FileActor(ProviderActor):
    """A file of answers that the provider put down."""

    file: str
    proves_arrival: ClassVar[bool] = True

    def stored(self) -> StoredEvidence:
        return {"file": self.file}


@dataclass(frozen=True)
class CodeActor(ProviderActor):
    """Whoever holds the notice's page, and typed the answer code on it."""

    name: str = field(default=_ANSWER_CODE, init=False)

    def stored(self) -> StoredEvidence:
        return {"by": self.name}


@dataclass(frozen=True)
class LinkActor(ProviderActor):
    """The provider's site, by a signed return link. signed_at: unix seconds, as they stand in the link."""

    checks_elsewhere: ClassVar[bool] = True
    signed_at: str
    signature: str

    def stored(self) -> StoredEvidence:
        return {"at": self.signed_at, "signature": self.signature}


@dataclass(frozen=True)
class PeerActor(ProviderActor):
    """The provider, heard through another portal. key, said_at: of the receipt there; signature: of that portal."""

    checks_elsewhere: ClassVar[bool] = True
    portal: str
    key: str
    said_at: str
    signature: str

    def stored(self) -> StoredEvidence:
        return {"portal": self.portal, "key": self.key, "said_at": self.said_at, "signature": self.signature}


class Evidence:
    """Evidence of a receipt. `actor`: who acted for the provider; None: a person whom the receipt's `staff` names, or
    nobody who is known.
    """

    actor: ProviderActor | None = None

    def stored(self) -> StoredEvidence:
        """The JSON that is sealed with the receipt; empty: nothing is kept."""
        return {}

    @property
    def number_or_reason(self) -> str:
        """The provider's own words: its receipt number, or why it returned the notice."""
        return ""

    @property
    def check_said(self) -> str:
        """How the provider made sure that its customer asked for it; empty where it did not have to say."""
        return ""

    @property
    def by_code(self) -> bool:
        """Whether it was said by the code on the notice's page."""
        return isinstance(self.actor, CodeActor)

    @property
    def through(self) -> str:
        """The other portal that it was heard from; empty for what was recorded here first."""
        return self.actor.portal if isinstance(self.actor, PeerActor) else ""

    @property
    def said_at(self) -> datetime | None:
        """When the other portal recorded it; None for what was recorded here first."""
        return datetime.fromisoformat(self.actor.said_at) if isinstance(self.actor, PeerActor) else None


@dataclass(frozen=True)
class NoEvidence(Evidence):
    """Nothing beside the receipt itself: the mover's own acts here."""


@dataclass(frozen=True)
class OwnWord(Evidence):
    """The mover's own word of what the provider said: receipt number, who answered, and a note. All may be empty. With
    is_done False, an earlier word is taken back.
    """

    number: str = ""
    clerk: str = ""
    note: str = ""
    is_done: bool = True

    def stored(self) -> StoredEvidence:
        kept = {"number": self.number, "clerk": self.clerk, "note": self.note, "done": "" if self.is_done else "no"}
        return {name: text for name, text in kept.items() if text}

    @property
    def number_or_reason(self) -> str:
        """The number as the mover copied it: it is no 受理."""
        return self.number


@dataclass(frozen=True)
class ChannelEvidence(Evidence):
    """Sent, or not delivered: the outside world's raw answer. Sent again: the channels, where they changed."""

    text: str

    def stored(self) -> StoredEvidence:
        return {"evidence": self.text}


@dataclass(frozen=True)
class RefusedByBureau(ChannelEvidence):
    """Not delivered, because the bureau refused it while it was held: it has never left this portal."""

    text: str = "held, and refused by the bureau"

    def stored(self) -> StoredEvidence:
        return {"evidence": self.text, "refused": "bureau"}


@dataclass(frozen=True)
class PeerConfirmation(Evidence):
    """Entered or replaced at another portal, under its own number."""

    portal: str
    number_there: str

    def stored(self) -> StoredEvidence:
        return {"portal": self.portal, "there": self.number_there}

    @property
    def through(self) -> str:
        """The portal where the mover confirmed."""
        return self.portal


@dataclass(frozen=True)
class DisavowedByOwner(Evidence):
    """Withdrawn because the owner of the mailbox reported that the registration was not theirs."""

    def stored(self) -> StoredEvidence:
        return {"disavowed": "yes"}


@dataclass(frozen=True)
class RefusedByHolder(Evidence):
    """Withdrawn because the holder of the contract answered that they did not ask for it."""

    def stored(self) -> StoredEvidence:
        return {"holder": "refused"}


@dataclass(frozen=True)
class ActEvidence(Evidence):
    """Opened, or asked for again."""

    actor: ProviderActor | None = field()

    def stored(self) -> StoredEvidence:
        return {"system": self.actor.name} if self.actor and self.actor.name else {}


@dataclass(frozen=True)
class ExportEvidence(Evidence):
    """A copy left for the provider's own files. form: «csv», «pdf»; empty: not told."""

    actor: ProviderActor | None = field()
    form: str

    def stored(self) -> StoredEvidence:
        return {"as": self.form}


@dataclass(frozen=True)
class AcceptedEvidence(Evidence):
    """受理 under the provider's own receipt number. check: how it made sure that its customer asked for it."""

    actor: ProviderActor | None = field()
    number: str
    check: IdentityCheck | None = None

    def stored(self) -> StoredEvidence:
        check = {"check": self.check.way, "check_note": self.check.note} if self.check else {}
        return {"number": self.number, **_stored_actor(self.actor), **check}

    @property
    def check_said(self) -> str:
        return self.check.said if self.check else ""

    @property
    def number_or_reason(self) -> str:
        return self.number


@dataclass(frozen=True)
class ReturnedEvidence(Evidence):
    """差戻し, with what the mover has to put right."""

    actor: ProviderActor | None = field()
    reason: str

    def stored(self) -> StoredEvidence:
        return {"reason": self.reason, **_stored_actor(self.actor)}

    @property
    def number_or_reason(self) -> str:
        return self.reason


def evidence_of(receipt: Receipt, notice: Notice) -> Evidence:
    """The receipt's evidence, opened; `notice` spares a look-up of its book."""
    if not receipt.detail:
        return OwnWord() if receipt.kind == ReceiptKind.OWN_WORD else NoEvidence()
    stored: StoredEvidence = open_for_book(notice.book, f"receipt:{receipt.id}", receipt.detail)
    return _DECODERS.get(ReceiptKind(receipt.kind), _mover_evidence)(stored)


def _stored_actor(actor: ProviderActor | None) -> StoredEvidence:
    return actor.stored() if actor else {}


def _actor(stored: StoredEvidence) -> ProviderActor | None:
    if "key" in stored:
        return PeerActor(stored["portal"], stored["key"], stored["said_at"], stored["signature"])
    if "signature" in stored:
        return LinkActor(stored["at"], stored["signature"])
    if "file" in stored:
        return FileActor(stored["file"])
    name = stored.get("by") or stored.get("system")
    if not name:
        return None
    return CodeActor() if name == _ANSWER_CODE else SystemActor(name)


def _check(stored: StoredEvidence) -> IdentityCheck | None:
    return IdentityCheck(stored["check"], stored.get("check_note", "")) if "check" in stored else None


def _mover_evidence(stored: StoredEvidence) -> Evidence:
    if "disavowed" in stored:
        return DisavowedByOwner()
    if "holder" in stored:
        return RefusedByHolder()
    return PeerConfirmation(stored["portal"], stored["there"]) if "there" in stored else NoEvidence()


def _channel_evidence(stored: StoredEvidence) -> Evidence:
    kind = RefusedByBureau if "refused" in stored else ChannelEvidence
    return kind(stored.get("evidence", ""))


_DECODERS: dict[ReceiptKind, Callable[[StoredEvidence], Evidence]] = {
    ReceiptKind.OWN_WORD: lambda stored: OwnWord(
        stored.get("number", ""), stored.get("clerk", ""), stored.get("note", ""), stored.get("done") != "no"
    ),
    ReceiptKind.SENT: _channel_evidence,
    ReceiptKind.UNDELIVERED: _channel_evidence,
    ReceiptKind.RETRIED: _channel_evidence,
    ReceiptKind.WITHDRAWAL_SENT: _channel_evidence,
    ReceiptKind.WITHDRAWAL_UNDELIVERED: _channel_evidence,
    ReceiptKind.OPENED: lambda stored: ActEvidence(_actor(stored)),
    ReceiptKind.ASKED_AGAIN: lambda stored: ActEvidence(_actor(stored)),
    ReceiptKind.TAKEN: lambda stored: ExportEvidence(_actor(stored), stored.get("as", "")),
    ReceiptKind.ACCEPTED: lambda stored: AcceptedEvidence(_actor(stored), stored.get("number", ""), _check(stored)),
    ReceiptKind.RETURNED: lambda stored: ReturnedEvidence(_actor(stored), stored.get("reason", "")),
}
