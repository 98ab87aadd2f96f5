"""Evidence: each kind is stored under the keys it always had, and rows of any age open."""

import pytest

from renrakucho.mover.book import open_for_book, seal_for_book
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.evidence import (
    AcceptedEvidence,
    ActEvidence,
    ChannelEvidence,
    CodeActor,
    Evidence,
    ExportEvidence,
    FileActor,
    LinkActor,
    NoEvidence,
    PeerActor,
    PeerConfirmation,
    ProviderActor,
    RefusedByBureau,
    ReturnedEvidence,
    StaffActor,
    SystemActor,
    evidence_of,
)
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import record_receipt
from tests.receipt.cast import sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

SAID_AT = "2026-11-20T10:00:00+09:00"
PEER = PeerActor("関西引越し手続きサービス", "key-1", SAID_AT, "signature-1")
PEER_STORED = {
    "portal": "関西引越し手続きサービス",
    "key": "key-1",
    "said_at": SAID_AT,
    "signature": "signature-1",
}
STORED: list[tuple[ReceiptKind, dict[str, str], Evidence]] = [
    (ReceiptKind.ENTERED, {"portal": "関西", "there": "1234"}, PeerConfirmation("関西", "1234")),
    (ReceiptKind.REPLACED, {"portal": "関西", "there": "1234"}, PeerConfirmation("関西", "1234")),
    (ReceiptKind.SENT, {"evidence": "250 OK"}, ChannelEvidence("250 OK")),
    (ReceiptKind.SENT, {"evidence": ""}, ChannelEvidence("")),
    (ReceiptKind.UNDELIVERED, {"evidence": "busy"}, ChannelEvidence("busy")),
    (ReceiptKind.UNDELIVERED, {"evidence": RefusedByBureau().text, "refused": "bureau"}, RefusedByBureau()),
    (ReceiptKind.RETRIED, {"evidence": "webhook → inbox"}, ChannelEvidence("webhook → inbox")),
    (ReceiptKind.WITHDRAWAL_SENT, {"evidence": "250 OK"}, ChannelEvidence("250 OK")),
    (ReceiptKind.WITHDRAWAL_UNDELIVERED, {"evidence": "busy"}, ChannelEvidence("busy")),
    (ReceiptKind.OPENED, {"system": "CIS"}, ActEvidence(SystemActor("CIS"))),
    (ReceiptKind.OPENED, {"system": "answer code"}, ActEvidence(CodeActor())),
    (ReceiptKind.ASKED_AGAIN, {"system": "CIS"}, ActEvidence(SystemActor("CIS"))),
    (ReceiptKind.TAKEN, {"as": "csv"}, ExportEvidence(None, "csv")),
    (ReceiptKind.TAKEN, {"as": ""}, ExportEvidence(None, "")),
    (ReceiptKind.ACCEPTED, {"number": "1"}, AcceptedEvidence(None, "1")),
    (ReceiptKind.ACCEPTED, {"number": "1", "by": "answer code"}, AcceptedEvidence(CodeActor(), "1")),
    (ReceiptKind.ACCEPTED, {"number": "1", "system": "CIS"}, AcceptedEvidence(SystemActor("CIS"), "1")),
    (ReceiptKind.ACCEPTED, {"number": "1", "file": "a.csv"}, AcceptedEvidence(FileActor("a.csv"), "1")),
    (ReceiptKind.ACCEPTED, {"number": "1", "at": "17", "signature": "s"}, AcceptedEvidence(LinkActor("17", "s"), "1")),
    (ReceiptKind.ACCEPTED, {"number": "1", **PEER_STORED}, AcceptedEvidence(PEER, "1")),
    (ReceiptKind.RETURNED, {"reason": "番号"}, ReturnedEvidence(None, "番号")),
    (ReceiptKind.RETURNED, {"reason": "番号", **PEER_STORED}, ReturnedEvidence(PEER, "番号")),
]


def stored_receipt(notice: Notice, kind: ReceiptKind, stored: dict[str, str]) -> Receipt:
    """A row as any version of the program has written it."""
    receipt = Receipt(notice=notice, kind=kind)
    receipt.detail = seal_for_book(notice.book, f"receipt:{receipt.id}", stored)
    return receipt


@pytest.mark.parametrize(("kind", "stored", "evidence"), STORED)
def test_evidence_is_stored_under_its_keys_and_opens_again(
    kind: ReceiptKind, stored: dict[str, str], evidence: Evidence
) -> None:
    notice, _staff = sent()
    assert evidence.stored() == stored
    assert evidence_of(stored_receipt(notice, kind, stored), notice) == evidence


def test_an_actor_of_an_unknown_name_is_read_as_a_system() -> None:
    notice, _staff = sent()
    receipt = stored_receipt(notice, ReceiptKind.ACCEPTED, {"number": "1", "by": "telephone"})
    assert evidence_of(receipt, notice) == AcceptedEvidence(SystemActor("telephone"), "1")


def test_a_receipt_without_evidence_has_none() -> None:
    notice, _staff = sent()
    assert evidence_of(Receipt(notice=notice, kind=ReceiptKind.WITHDRAWN), notice) == NoEvidence()


def test_a_person_stands_in_the_receipts_own_column_and_not_in_the_evidence() -> None:
    notice, staff = sent()
    record_receipt(notice, ReceiptKind.OPENED, ActEvidence(StaffActor(staff)))
    accepted = record_receipt(notice, ReceiptKind.ACCEPTED, AcceptedEvidence(StaffActor(staff), "1"))
    assert notice.receipts.get(kind=ReceiptKind.OPENED).detail is None
    assert accepted.staff == staff
    assert open_for_book(notice.book, f"receipt:{accepted.id}", accepted.detail or b"") == {"number": "1"}


@pytest.mark.parametrize("actor", [SystemActor("CIS"), FileActor("a.csv"), CodeActor(), LinkActor("17", "s"), PEER])
def test_only_a_person_at_the_desk_is_kept_in_the_audit_log(actor: ProviderActor) -> None:
    notice, staff = sent()
    actor.log_acts(AuditAction.ACCEPTED, [notice.number])
    assert not AuditEntry.objects.exists()
    StaffActor(staff).log_acts(AuditAction.ACCEPTED, [notice.number])
    assert AuditEntry.objects.get().staff == staff


@pytest.mark.parametrize(
    ("actor", "proves"),
    [(SystemActor("CIS"), True), (FileActor("a.csv"), True), (CodeActor(), False), (PEER, False)],
)
def test_an_answer_by_system_or_file_proves_that_the_notice_arrived(actor: ProviderActor, proves: bool) -> None:
    assert actor.proves_arrival is proves


def test_evidence_from_another_portal_has_its_name_and_time() -> None:
    evidence = AcceptedEvidence(PEER, "1")
    assert (evidence.through, str(evidence.said_at)) == ("関西引越し手続きサービス", "2026-11-20 10:00:00+09:00")
    assert (AcceptedEvidence(None, "1").through, AcceptedEvidence(None, "1").said_at) == ("", None)


def test_an_answer_by_code_is_recognised() -> None:
    assert AcceptedEvidence(CodeActor(), "1").by_code
    assert not AcceptedEvidence(SystemActor("CIS"), "1").by_code
