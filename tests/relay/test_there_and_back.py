"""A notice for a provider of the other portal, from the mover's word to the provider's."""

import json
import re

import pytest

from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.models import Notice, PeerOrigin, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.disavowal import disavow
from renrakucho.receipt.evidence import AcceptedEvidence, DisavowedByOwner, StaffActor, evidence_of
from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice, mark_opened, receipt_number_of
from renrakucho.receipt.provider_answer import IdentityCheck, ProviderAnswer
from renrakucho.receipt.transitions import InvalidTransition
from renrakucho.relay.models import ReceivedReceipt
from renrakucho.relay.notice_intake import take_in_notice
from tests.receipt.cast import accept_notice, return_notice
from tests.relay.cast import KANSAI, Portals, Wire, at_osaka, clerk, deliver, fetched, heard, moving_to_osaka, peer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]


@pytest.fixture
def sent(portals: Portals) -> Notice:
    """At the desk of 大阪市水道局, and 関東 knows it."""
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver()
    notice.refresh_from_db()
    return notice


def now(notice: Notice) -> Notice:
    return Notice.objects.get(id=notice.id)


def test_a_notice_reaches_the_peers_desk_and_its_receipt_number_comes_back(portals: Portals, sent: Notice) -> None:
    there = at_osaka(sent)
    assert (sent.status, there.status) == (Status.SENT, Status.SENT)
    assert {line.label: line.text for line in frozen_form(there).lines} == {
        line.label: line.text for line in frozen_form(sent).lines
    }
    with portals.at(KANSAI):
        accept_notice(there, clerk(), "大-2026-17")
    heard()
    assert now(sent).status == Status.ACCEPTED
    assert receipt_number_of(sent) == "大-2026-17"
    proof = sent.receipts.get(kind=ReceiptKind.ACCEPTED)
    assert proof.by == ReceiptAuthor.PROVIDER
    happened = notice_view(now(sent)).history[-1]
    assert (happened.kind, happened.note, happened.through) == (
        ReceiptKind.ACCEPTED,
        "大-2026-17",
        "関西引越し手続きサービス",
    )
    assert [mail.kind for mail in Mail.objects.filter(about=sent.id)] == [MailKind.ACCEPTANCE]
    assert not Mail.objects.filter(about=there.id).exists()


def test_a_notice_that_reached_the_peer_is_not_yet_sent(portals: Portals) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver(rounds=1)
    assert at_osaka(notice).status == Status.SENT
    assert now(notice).status == Status.ENTERED
    deliver(ahead=60)
    assert now(notice).status == Status.SENT


def test_an_early_receipt_waits_until_delivery_is_recorded(portals: Portals) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver(rounds=1)
    with portals.at(KANSAI):
        mark_opened(at_osaka(notice), StaffActor(clerk()))
    heard()
    assert not ReceivedReceipt.objects.exists()
    deliver(ahead=60)
    heard()
    assert notice.receipts.filter(kind=ReceiptKind.OPENED, by=ReceiptAuthor.PROVIDER).count() == 1


def test_an_answer_may_come_before_delivery_is_recorded(portals: Portals) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver(rounds=1)
    with portals.at(KANSAI):
        accept_notice(at_osaka(notice), clerk(), "17")
    heard()
    deliver(ahead=60)
    assert now(notice).status == Status.ACCEPTED
    assert now(notice).due_at is None


def test_each_receipt_is_recorded_once(portals: Portals, sent: Notice) -> None:
    with portals.at(KANSAI):
        mark_opened(at_osaka(sent), StaffActor(clerk()))
        accept_notice(at_osaka(sent), clerk(), "17")
    for _again in range(3):
        heard()
    assert sorted(sent.receipts.values_list("kind", flat=True)) == ["accepted", "entered", "opened", "sent"]
    assert Mail.objects.filter(about=sent.id).count() == 1


def test_a_returned_notice_has_its_reason_and_can_be_replaced(portals: Portals, sent: Notice) -> None:
    with portals.at(KANSAI):
        return_notice(at_osaka(sent), clerk(), "部屋番号を入れてください")
    heard()
    assert notice_view(now(sent)).reason == "部屋番号を入れてください"
    new = replace_notice(now(sent))
    deliver(ahead=60)
    assert (at_osaka(sent).status, at_osaka(new).replaces) == (Status.WITHDRAWN, at_osaka(sent))
    assert now(new).status == Status.SENT


def test_a_withdrawal_is_relayed(portals: Portals, sent: Notice) -> None:
    withdraw_notice(now(sent))
    deliver(ahead=60)
    assert at_osaka(sent).status == Status.WITHDRAWN
    assert at_osaka(sent).receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).count() == 1
    assert now(sent).receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).count() == 1
    with portals.at(KANSAI), pytest.raises(InvalidTransition):
        accept_notice(at_osaka(sent), clerk(), "17")


def test_a_withdrawal_comes_too_late_after_acceptance_there(portals: Portals, sent: Notice) -> None:
    """Nobody can undo it from here: the mover is told so, and 取消 is not called delivered."""
    with portals.at(KANSAI):
        accept_notice(at_osaka(sent), clerk(), "17")
    withdraw_notice(now(sent))
    deliver(ahead=60)
    heard()
    assert (now(sent).status, at_osaka(sent).status) == (Status.WITHDRAWN, Status.ACCEPTED)
    assert now(sent).receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).count() == 1
    assert Mail.objects.filter(about=sent.id, kind=MailKind.WITHDRAWAL_UNDELIVERED).count() == 1
    assert not ReceivedReceipt.objects.get(kind=ReceiptKind.ACCEPTED).recorded


def test_a_change_comes_too_late_after_acceptance_there(portals: Portals, sent: Notice) -> None:
    with portals.at(KANSAI):
        accept_notice(at_osaka(sent), clerk(), "17")
    new = replace_notice(now(sent))
    deliver(ahead=60)
    heard()
    assert (now(sent).status, now(new).status) == (Status.WITHDRAWN, Status.UNDELIVERED)
    assert Mail.objects.filter(about=new.id, kind=MailKind.UNDELIVERED).count() == 1
    assert not PeerOrigin.objects.filter(number=new.number).exists()


def test_a_withdrawal_that_arrives_first_keeps_its_notice_out(portals: Portals, line: Wire) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    line.cut = "after"
    deliver(rounds=1)
    late = [body for path, body in line.asked if path.endswith("/notices")]
    PeerOrigin.objects.all().delete()  # as if it had not come yet
    Notice.objects.filter(provider="osaka-water").delete()
    line.cut = ""
    withdraw_notice(now(notice))
    deliver(ahead=60)
    assert PeerOrigin.objects.get(number=notice.number).notice is None
    assert late
    with portals.at(KANSAI):
        assert take_in_notice(peer(), json.loads(late[0] or b"")).notice is None
    assert not Notice.objects.filter(provider="osaka-water").exists()


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_retry_after_a_broken_connection_makes_no_second_notice(portals: Portals, line: Wire, cut: str) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    line.cut = cut
    deliver()
    assert now(notice).status == Status.ENTERED
    line.cut = ""
    deliver(ahead=3600)
    assert now(notice).status == Status.SENT
    assert Notice.objects.filter(provider="osaka-water").count() == 1


def test_a_notice_is_undelivered_when_the_peer_is_gone(portals: Portals, line: Wire) -> None:
    fetched()
    notice = enter_notice(moving_to_osaka())
    line.cut = "before"
    deliver(rounds=1)
    (portals.folder / "nothing.toml").write_text("")
    portals.settings.CONNECTIONS = str(portals.folder / "nothing.toml")
    deliver(ahead=3600)
    assert now(notice).status == Status.UNDELIVERED
    assert Mail.objects.filter(about=notice.id, kind=MailKind.UNDELIVERED).count() == 1
    assert frozen_form(now(notice)).title == "水道の使用開始"


def test_the_words_of_the_identity_check_come_back_too(portals: Portals, sent: Notice) -> None:
    """Mutant: without `identity_check` in the receipt document the check here is None."""
    check = IdentityCheck("other", "支所で免許証を見た")
    with portals.at(KANSAI):
        answer_notice(at_osaka(sent), ProviderAnswer(receipt_number="17", check=check), StaffActor(clerk()))
    heard()
    evidence = evidence_of(sent.receipts.get(kind=ReceiptKind.ACCEPTED), now(sent))
    assert isinstance(evidence, AcceptedEvidence)
    assert evidence.check == check


def test_the_peers_desk_hears_that_it_was_reported(portals: Portals, sent: Notice) -> None:
    mail = read_mail(Mail.objects.latest("id"))["text"]
    disavow(re.findall(r"/book/not-mine#(\w{24})\n", mail)[0])
    deliver()
    there = at_osaka(sent)
    withdrawn = there.receipts.get(kind=ReceiptKind.WITHDRAWN)
    assert there.book.disavowed_at
    assert evidence_of(withdrawn, there) == DisavowedByOwner()
