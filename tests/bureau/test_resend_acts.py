"""Sending again and by another channel from the bureau's pages: counted first, then done, and audited."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import operator_resend
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.operator_resend import ResendPlan
from renrakucho.faces.bureau import resend_acts
from renrakucho.faces.bureau.resend_acts import plan_sentences
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.transitions import record_receipt
from tests.bureau.cast import operator, watcher
from tests.delivery.cast import entered, replace_inbox
from tests.desk.cast import sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER = "akishima-water"


def refused(monkeypatch: pytest.MonkeyPatch) -> Notice:
    """A notice that its provider's system refused."""

    def refuse(message: NoticeMessage) -> Outcome:
        return Outcome(OutcomeKind.REFUSED, "422 application/json\n{}")

    notice = entered()
    with monkeypatch.context() as refusing:
        replace_inbox(refusing, refuse)
        deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == "undelivered"
    return notice


@pytest.fixture
def given_up(monkeypatch: pytest.MonkeyPatch) -> Notice:
    return refused(monkeypatch)


def confirm(browser: Client, act: str, **typed: str) -> str:
    answer = browser.post(f"/bureau/acts/{act}", {**typed, "confirmed": "yes"}, follow=True)
    return str(answer.content.decode())


def retried() -> list[str]:
    return list(AuditEntry.objects.filter(deed="retried").values_list("number", flat=True))


@pytest.mark.parametrize("by", ["number", "provider", "channel"])
def test_the_dry_run_counts_and_changes_nothing(given_up: Notice, by: str) -> None:
    typed = {"number": given_up.number, "provider": WATER, "channel": "inbox"}[by]
    page = operator().post("/bureau/acts/retry", {by: typed}).content.decode()
    assert "もう一度送るもの: 1件 (未達だったもの 1件、待っていたもの 0件)" in page
    assert f"{given_up.number[:4]}-{given_up.number[4:8]}" in page
    given_up.refresh_from_db()
    assert (given_up.status, retried()) == ("undelivered", [])


def test_one_is_sent_again_and_arrives_once(given_up: Notice) -> None:
    browser = operator()
    assert "1件を、もう一度送ります。" in confirm(browser, "retry", number=given_up.number)
    assert "0件を、もう一度送ります。" in confirm(browser, "retry", number=given_up.number)
    deliver_due_notices("test")
    given_up.refresh_from_db()
    assert (given_up.status, retried()) == ("sent", [given_up.number])


def test_a_span_of_time_leaves_the_others_out(given_up: Notice) -> None:
    browser, later = operator(), f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%d %H:%M}"
    for name, count in (("since", 0), ("until", 1)):
        page = browser.post("/bureau/acts/retry", {"provider": WATER, name: later}).content.decode()
        assert f"もう一度送るもの: {count}件" in page


def test_nothing_is_sent_again_without_saying_which(given_up: Notice) -> None:
    answer = operator().post("/bureau/acts/retry", {"confirmed": "yes"})
    assert (answer.status_code, "どれかをお選びください" in answer.content.decode()) == (422, True)
    assert retried() == []


def test_a_number_that_nobody_has_is_explained() -> None:
    browser = operator()
    for act in ("retry", "switch"):
        answer = browser.post(f"/bureau/acts/{act}", {"number": "000000000000", "channel": "fax"})
        assert (answer.status_code, "この番号のれんらくはありません" in answer.content.decode()) == (422, True)


def test_a_channel_that_the_provider_has_not_is_explained(given_up: Notice) -> None:
    answer = operator().post("/bureau/acts/switch", {"number": given_up.number, "channel": "fax", "confirmed": "yes"})
    assert (answer.status_code, "使える方式: ありません" in answer.content.decode()) == (422, True)
    given_up.refresh_from_db()
    assert (given_up.channel, given_up.status) == ("inbox", "undelivered")


def test_a_notice_goes_by_another_channel(given_up: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    Notice.objects.filter(id=given_up.id).update(channel="webhook")  # the desk is its other one
    browser, typed = operator(), {"number": given_up.number, "channel": "inbox"}
    assert "いまの方式: システム連携" in browser.post("/bureau/acts/switch", typed).content.decode()
    assert "別の方式で送ります。" in confirm(browser, "switch", **typed)
    assert "何も変えていません" in confirm(browser, "switch", **typed)
    deliver_due_notices("test")
    given_up.refresh_from_db()
    assert (given_up.channel, given_up.status) == ("inbox", "sent")
    assert AuditEntry.objects.filter(deed="switched", number=given_up.number).count() == 1


def test_what_has_arrived_is_not_switched() -> None:
    notice = sent()
    Notice.objects.filter(id=notice.id).update(channel="webhook")
    assert "もう届いたか、終わっています" in confirm(operator(), "switch", number=notice.number, channel="inbox")
    notice.refresh_from_db()
    assert notice.channel == "webhook"


def test_the_page_of_a_number_offers_it_to_operators_where_it_helps(given_up: Notice) -> None:
    arrived = sent()
    browser = operator()
    assert "/bureau/acts/retry?number=" in browser.get(f"/bureau/notices?number={given_up.number}").content.decode()
    assert "/bureau/acts/retry?number=" not in browser.get(f"/bureau/notices?number={arrived.number}").content.decode()
    assert "/bureau/acts" not in watcher().get(f"/bureau/notices?number={given_up.number}").content.decode()


def test_the_plan_is_told_in_sentences() -> None:
    assert resend_acts.MOST_NUMBERS == 20
    plan = ResendPlan(["1" * 12] * 15, ["2" * 12] * 6, ["3" * 12], ["4" * 12] * 2, ["5" * 12], more=True)
    said = plan_sentences(plan)
    assert said[0] == "もう一度送るもの: 21件 (未達だったもの 15件、待っていたもの 6件)"
    assert [line for line in said if "1件" in line][1:] == [
        "いま送っている途中のため、そのままにするもの: 1件",
        "開けないため、送らないもの: 1件",
    ]
    assert "手続の日を過ぎているため、送らないもの: 2件" in said[2]
    assert said[4].endswith(" ほか")
    assert "1,000件まで" in said[5]
    assert plan_sentences(ResendPlan()) == ["もう一度送るもの: 0件 (未達だったもの 0件、待っていたもの 0件)"]


def test_a_database_that_dies_in_the_middle_leaves_whole_steps_and_a_second_press_does_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = [refused(monkeypatch).number for _each in range(3)]
    browser = operator()
    done: list[Notice] = []
    browser.raise_request_exception = False

    def dying(notice: Notice, kind: ReceiptKind) -> Receipt:
        if done:
            raise OperationalError("unable to open database file")
        done.append(notice)
        return record_receipt(notice, kind)

    with monkeypatch.context() as patched:
        patched.setattr(operator_resend, "record_receipt", dying)
        answer = browser.post("/bureau/acts/retry", {"provider": WATER, "confirmed": "yes"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert 'name="provider" value="akishima-water"' in answer.content.decode()  # it can be sent again
    statuses = Notice.objects.order_by("id").values_list("status", flat=True)
    assert (list(statuses), retried()) == (["entered", "undelivered", "undelivered"], numbers[:1])
    assert "2件を、もう一度送ります。" in confirm(browser, "retry", provider=WATER)
    assert (list(statuses.all()), sorted(retried())) == (["entered"] * 3, sorted(numbers))


def test_a_withdrawal_that_was_given_up_is_offered_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = sent()
    withdraw_notice(notice)
    with monkeypatch.context() as refusing:
        replace_inbox(refusing, lambda message: Outcome(OutcomeKind.REFUSED, "422"))
        deliver_due_notices("test")
    browser = operator()
    page = browser.get(f"/bureau/notices?number={notice.number}").content.decode()
    assert f"/bureau/acts/retry?number={notice.number}" in page
    assert "/bureau/acts/switch" not in page
    page = browser.post("/bureau/acts/retry", {"number": notice.number}).content.decode()
    assert "そのうち取消のれんらく: 1件" in page
    assert retried() == []
    assert "1件を、もう一度送ります。" in confirm(browser, "retry", number=notice.number)
    assert deliver_due_notices("test") == 1
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
    assert retried() == [notice.number]
