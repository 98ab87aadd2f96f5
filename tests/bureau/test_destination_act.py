"""Confirming a changed destination at the bureau: two operators, and never one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.notice.models import Destination
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from tests.bureau.cast import at_bureau, watcher
from tests.desk.cast import seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER = "akishima-water"
ACT = "/bureau/acts/confirm-destination"


def waiting(provider: str = WATER) -> Destination:
    now = timezone.now()
    OperatorDecision.objects.create(kind=DecisionKind.DESTINATION, provider=provider, sentence="x", begins_at=now)
    return Destination.objects.create(
        provider=provider, in_force="old", pending="new", found_at=now, matures_at=now + timedelta(hours=72)
    )


def confirm(browser: Client, provider: str = WATER) -> str:
    return str(browser.post(ACT, {"provider": provider, "confirmed": "yes"}, follow=True).content.decode())


def test_the_second_operator_puts_it_in_force() -> None:
    row = waiting()
    one, two = (seated(at_bureau(login_id=name)) for name in ("one", "two"))
    assert "もう一人が確かめると有効になります" in confirm(one)
    assert "前にあなたが確かめています" in confirm(one)
    row.refresh_from_db()
    assert row.in_force == "old"
    assert "新しい送り先が有効になりました" in confirm(two)
    row.refresh_from_db()
    assert (row.in_force, row.pending) == ("new", "")
    assert not OperatorDecision.objects.exists()
    entries = AuditEntry.objects.filter(deed=AuditAction.DESTINATION_CONFIRMED).order_by("id")
    assert [entry.staff.login_id for entry in entries if entry.staff] == ["one", "two"]


def test_the_page_says_who_is_still_needed_and_until_when_before_anything_is_done() -> None:
    waiting()
    page = seated(at_bureau(login_id="one")).post(ACT, {"provider": WATER}).content.decode()
    assert "まだだれも確かめていません" in page
    assert "だれも確かめなくても" in page
    assert Destination.objects.get().first_by == ""


def test_the_page_of_acts_leads_to_it() -> None:
    waiting()
    assert "送り先の変更を確かめる" in seated(at_bureau(login_id="one")).get("/bureau/acts").content.decode()


def test_whoever_only_watches_confirms_nothing() -> None:
    waiting()
    assert watcher().post(ACT, {"provider": WATER, "confirmed": "yes"}).status_code == 403
    assert Destination.objects.get().first_by == ""


def test_what_does_not_wait_cannot_be_confirmed() -> None:
    browser = seated(at_bureau(login_id="one"))
    answer = browser.post(ACT, {"provider": WATER, "confirmed": "yes"}, follow=True)
    assert "確かめを待つ変更はありません" in answer.content.decode()


def test_a_change_of_a_peer_portal_can_be_confirmed_too() -> None:
    waiting("peers.kansai")
    assert "もう一人が確かめると" in confirm(seated(at_bureau(login_id="one")), "peers.kansai")
