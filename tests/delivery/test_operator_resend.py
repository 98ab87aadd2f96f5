"""An operator sends again what was given up or waits, also by another channel: once, and never after its day."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery import operator_resend
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.delivery.operator_resend import (
    CannotSwitch,
    ResendPlan,
    ResendScope,
    channels_to_switch,
    may_have_arrived,
    plan_resend,
    resend_notices,
    switch_channel,
)
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.delivery.cast import FakeChannel, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER, DAY = "akishima-water", timedelta(days=1)


def given_up(monkeypatch: pytest.MonkeyPatch) -> tuple[Notice, FakeChannel]:
    """A notice whose first push was refused; whatever comes next arrives."""
    channel = FakeChannel(OutcomeKind.REFUSED, *[OutcomeKind.SENT] * 9)
    return deliver(monkeypatch, channel), channel


def waiting(monkeypatch: pytest.MonkeyPatch) -> tuple[Notice, FakeChannel]:
    """A notice whose first push failed for now."""
    channel = FakeChannel(OutcomeKind.TRY_LATER, *[OutcomeKind.SENT] * 9)
    return deliver(monkeypatch, channel), channel


def test_a_dry_run_says_what_would_be_sent_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _channel = given_up(monkeypatch)
    second, _channel = waiting(monkeypatch)
    before = list(Notice.objects.order_by("id").values())
    assert plan_resend(ResendScope(provider=WATER)) == ResendPlan([first.number], [second.number])
    assert list(Notice.objects.order_by("id").values()) == before
    assert not AuditEntry.objects.exists()


def test_what_was_given_up_is_sent_again_under_its_own_key(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, channel = given_up(monkeypatch)
    assert resend_notices(None, ResendScope(number=notice.number)).given_up == [notice.number]
    assert Notice.objects.get(id=notice.id).status == Status.ENTERED
    deliver_due_notices("test")
    assert channel.keys == [str(notice.id)] * 2
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    kinds = notice.receipts.order_by("id").values_list("kind", "by")
    assert list(kinds) == [("entered", "mover"), ("undelivered", "portal"), ("retried", "portal"), ("sent", "portal")]
    assert "もう一度送ることにしました" in str(notice_view(notice).history[2].kind.label)


def test_what_waits_is_due_at_once_and_its_lane_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _channel = waiting(monkeypatch)
    DeliveryLane.objects.update(failures=5, paused_until=timezone.now() + DAY)
    assert resend_notices(None, ResendScope(channel="inbox")).waiting == [notice.number]
    assert deliver_due_notices("test") == 1
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    assert not Receipt.objects.filter(kind=ReceiptKind.RETRIED).exists()


def test_a_second_press_does_and_logs_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, channel = given_up(monkeypatch)
    for _press in range(3):
        resend_notices(None, ResendScope(provider=WATER))
    assert AuditEntry.objects.filter(deed=AuditAction.RETRIED, number=notice.number).count() == 1
    assert notice.receipts.filter(kind=ReceiptKind.RETRIED).count() == 1
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + DAY)
    assert channel.keys == [str(notice.id)] * 2


def test_a_notice_that_fails_again_tells_its_mover_again(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, FakeChannel(OutcomeKind.REFUSED, OutcomeKind.REFUSED))
    resend_notices(None, ResendScope(number=notice.number))
    assert not Mail.objects.filter(kind=MailKind.UNDELIVERED, sent_at=None).exists()
    deliver_due_notices("test")
    assert Notice.objects.get(id=notice.id).status == Status.UNDELIVERED
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_a_failure_that_was_told_already_stays_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = deliver(monkeypatch, FakeChannel(OutcomeKind.REFUSED, OutcomeKind.REFUSED))
    Mail.objects.filter(kind=MailKind.UNDELIVERED).update(sent_at=timezone.now(), sealed=None, due_at=None)
    resend_notices(None, ResendScope(number=notice.number))
    deliver_due_notices("test")
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED).count() == 2


def test_tries_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve failed tries before the operator's word leave it its twelve."""
    notice, _channel = given_up(monkeypatch)
    for ordinal in range(50, 62):
        Attempt.objects.create(notice=notice, ordinal=ordinal, started_at=timezone.now(), outcome="try_later")
    resend_notices(None, ResendScope(number=notice.number))
    deliver_due_notices("test")
    assert Notice.objects.get(id=notice.id).status == Status.SENT


@pytest.mark.parametrize("days", [1, 0])
def test_what_would_come_after_its_day_is_left_out_without_a_warning(
    monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    notice, _channel = given_up(monkeypatch)
    passed = timezone.localdate() - timedelta(days=days)
    monkeypatch.setattr(operator_resend, "frozen_day", lambda _notice: passed)
    scope = ResendScope(number=notice.number)
    assert (resend_notices(None, scope).too_late == [notice.number]) == (days == 1)
    if days:
        assert Notice.objects.get(id=notice.id).status == Status.UNDELIVERED
        assert resend_notices(None, scope, even_late=True).given_up == [notice.number]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (ResendScope(provider=WATER, channel="inbox"), True),
        (ResendScope(provider="tokyo-gas"), False),
        (ResendScope(channel="fax"), False),
        (ResendScope(number="000000000000"), False),
        (ResendScope(since=timezone.now() - DAY, until=timezone.now() + DAY), True),
        (ResendScope(until=timezone.now() - DAY), False),
        (ResendScope(since=timezone.now() + DAY), False),
    ],
    ids=["lane", "provider", "channel", "number", "window", "before", "after"],
)
def test_only_what_was_named_is_sent_again(monkeypatch: pytest.MonkeyPatch, scope: ResendScope, found: bool) -> None:
    given_up(monkeypatch)
    assert bool(plan_resend(scope).given_up) == found


def test_what_a_worker_has_in_hand_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _channel = waiting(monkeypatch)
    Notice.objects.update(leased_until=timezone.now() + DAY, lease_owner="other")
    assert resend_notices(None, ResendScope(provider=WATER)) == ResendPlan(in_flight=[notice.number])
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("end", ["accepted", "withdrawn"])
def test_what_was_settled_after_the_dry_run_is_not_sent_again(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    notice, _channel = given_up(monkeypatch)
    stale = list(ResendScope(provider=WATER).rows())
    if end == "accepted":
        answer_notice(notice, ProviderAnswer(receipt_number="1"), SystemActor("CIS"))
    else:
        withdraw_notice(notice)
    monkeypatch.setattr(ResendScope, "rows", lambda _scope: stale)
    assert resend_notices(None, ResendScope(provider=WATER)) == ResendPlan()
    assert not notice.receipts.filter(kind=ReceiptKind.RETRIED).exists()


class TestSwitch:
    @pytest.fixture(autouse=True)
    def connections(self, settings: Any, tmp_path: Path) -> None:
        """A desk, and a folder of files."""
        path = tmp_path / "connections.toml"
        path.write_text(f'[{WATER}]\ndesk = true\n[{WATER}.files]\nfolder = "{tmp_path}"\n', "utf-8")
        settings.CONNECTIONS = str(path)

    def stuck(self, monkeypatch: pytest.MonkeyPatch, outcome: OutcomeKind = OutcomeKind.TRY_LATER) -> Notice:
        notice = deliver(monkeypatch, FakeChannel(OutcomeKind.SENT))  # the folder comes before the desk
        Notice.objects.filter(id=notice.id).update(channel="files", status=Status.ENTERED, due_at=timezone.now() + DAY)
        Attempt.objects.filter(notice=notice).delete()
        Attempt.objects.create(notice=notice, ordinal=90, started_at=timezone.now(), outcome=outcome)
        return Notice.objects.get(id=notice.id)

    def test_a_notice_goes_by_another_channel_of_its_provider(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = self.stuck(monkeypatch)
        assert channels_to_switch(notice) == ["inbox"]
        assert switch_channel(None, notice, "inbox")
        assert not switch_channel(None, notice, "inbox")
        deliver_due_notices("test")
        notice.refresh_from_db()
        assert (notice.channel, notice.status) == ("inbox", Status.SENT)
        [entry] = AuditEntry.objects.all()
        assert (entry.deed, entry.number, entry.about, entry.said) == (
            *("switched", notice.number, f"{WATER}/inbox", "files → inbox"),
        )

    @pytest.mark.parametrize("channel", ["webhook", "fax", "weblink", "pigeon"])
    def test_a_channel_that_its_provider_has_not_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, channel: str
    ) -> None:
        with pytest.raises(CannotSwitch, match="no_such_channel"):
            switch_channel(None, self.stuck(monkeypatch), channel)

    def test_what_is_in_flight_or_arrived_is_not_switched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        notice = self.stuck(monkeypatch, OutcomeKind.UNDER_WAY)
        Attempt.objects.update(reference="lot:1")
        with pytest.raises(CannotSwitch, match="in_flight"):
            switch_channel(None, notice, "inbox")
        Notice.objects.filter(id=notice.id).update(status=Status.SENT)
        with pytest.raises(CannotSwitch, match="not_waiting"):
            switch_channel(None, notice, "inbox")
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("outcome", "may_have"),
        [(OutcomeKind.TRY_LATER, False), (OutcomeKind.REFUSED, False), (OutcomeKind.UNKNOWN, True)],
    )
    def test_it_is_known_whether_it_may_have_arrived_already(
        self, monkeypatch: pytest.MonkeyPatch, outcome: OutcomeKind, may_have: bool
    ) -> None:
        assert may_have_arrived(self.stuck(monkeypatch, outcome)) == may_have


def withdrawal_given_up(monkeypatch: pytest.MonkeyPatch) -> tuple[Notice, FakeChannel]:
    """A notice that arrived and was withdrawn, and whose provider's system refused the word of that."""
    channel = FakeChannel(OutcomeKind.SENT, OutcomeKind.REFUSED, *[OutcomeKind.SENT] * 9)
    notice = deliver(monkeypatch, channel)
    withdraw_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).exists()
    return notice, channel


def scopes(notice: Notice) -> list[ResendScope]:
    since = timezone.now() - DAY
    return [ResendScope(number=notice.number), ResendScope(provider=WATER), ResendScope(channel="inbox", since=since)]


@pytest.mark.parametrize("which", range(3))
def test_a_withdrawal_that_was_given_up_is_sent_again_under_its_own_key(
    monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    notice, channel = withdrawal_given_up(monkeypatch)
    scope = scopes(notice)[which]
    assert plan_resend(scope) == ResendPlan([notice.number], withdrawals=[notice.number])
    assert not AuditEntry.objects.exists()
    assert resend_notices(None, scope) == ResendPlan([notice.number], withdrawals=[notice.number])
    assert resend_notices(None, scope) == ResendPlan()  # a second press
    assert deliver_due_notices("test") == 1
    assert channel.keys == [str(notice.id), *[f"{notice.id}:withdrawn"] * 2]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)
    kinds = list(notice.receipts.order_by("id").values_list("kind", flat=True))
    assert kinds[-3:] == ["withdrawal_undelivered", "retried", "withdrawal_sent"]
    assert AuditEntry.objects.get(deed=AuditAction.RETRIED).number == notice.number
    assert plan_resend(scope) == ResendPlan()
    assert not notice_view(notice).withdrawal_lost


def test_a_withdrawal_that_fails_again_tells_its_mover_again(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, channel = withdrawal_given_up(monkeypatch)
    Mail.objects.update(sent_at=timezone.now())
    channel.kinds = [OutcomeKind.REFUSED]
    resend_notices(None, ResendScope(number=notice.number))
    deliver_due_notices("test")
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).count() == 2
    assert Mail.objects.filter(kind=MailKind.WITHDRAWAL_UNDELIVERED).count() == 2
    assert plan_resend(ResendScope(number=notice.number)).withdrawals == [notice.number]


def test_a_withdrawal_that_waits_is_due_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = FakeChannel(OutcomeKind.SENT, OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    notice = deliver(monkeypatch, channel)
    withdraw_notice(notice)
    deliver_due_notices("test")
    assert resend_notices(None, ResendScope(provider=WATER)).waiting == [notice.number]
    assert deliver_due_notices("test") == 1
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()


def test_nothing_is_sent_of_a_withdrawal_that_arrived_or_that_nobody_has_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = deliver(monkeypatch, FakeChannel(OutcomeKind.SENT, OutcomeKind.SENT))
    withdraw_notice(told)
    deliver_due_notices("test")
    never_there, _channel = given_up(monkeypatch)
    withdraw_notice(never_there)
    assert plan_resend(ResendScope(provider=WATER)) == ResendPlan()
    assert resend_notices(None, ResendScope(provider=WATER)) == ResendPlan()


def test_a_withdrawal_goes_by_no_other_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _channel = withdrawal_given_up(monkeypatch)
    with pytest.raises(CannotSwitch, match="not_waiting"):
        switch_channel(None, notice, "webhook")


def test_the_command_line_shows_first_and_then_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*words: str) -> str:
        printed = StringIO()
        call_command("notice", *words, stdout=printed)
        return printed.getvalue()

    notice, _channel = given_up(monkeypatch)
    spoken = f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"
    assert f"given up before: 1 {spoken}" in run("retry", "--number", spoken)
    assert Notice.objects.get(id=notice.id).status == Status.UNDELIVERED
    assert f"given up before: 1 {spoken}" in run("retry", "--provider", WATER, "--since", "2020-01-01T00:00", "--do")
    assert Notice.objects.get(id=notice.id).status == Status.ENTERED
    assert run("switch", spoken).strip() == "-"
    for wrong in (("retry",), ("switch", "1"), ("switch", spoken, "fax"), ("retry", "--since", "soon")):
        with pytest.raises(CommandError):
            run(*wrong)


def test_one_act_takes_a_thousand_and_says_where_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert operator_resend.MOST_AT_ONCE == 1_000
    for _each in range(2):
        given_up(monkeypatch)
    for most, taken, more in ((1, 1, True), (2, 2, False)):
        monkeypatch.setattr(operator_resend, "MOST_AT_ONCE", most)
        plan = plan_resend(ResendScope(provider=WATER))
        assert (len(plan.given_up), plan.more) == (taken, more)
