"""What happened, in order, so that a system that reads on misses nothing."""

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.api import notice_list
from renrakucho.notice.models import Notice
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from tests.desk.cast import sent
from tests.systems.cast import AT_ONCE, System, happened, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_list, "SETTLE_TIME", AT_ONCE)


def test_arrivals_changes_and_withdrawals_are_listed_in_order() -> None:
    system = System()
    one, two = sent(), sent()
    new = replace_notice(one)
    deliver_due_notices("test")
    withdraw_notice(two)
    system.accept(new.number)
    told = system.get().json()
    assert happened(told) == [
        (one.number, "sent"),
        (two.number, "sent"),
        (one.number, "replaced"),
        (new.number, "sent"),
        (two.number, "withdrawn"),
        (new.number, "accepted"),
    ]
    assert told["notices"][2]["replaced_by"] == new.number
    assert told["notices"][3]["replaces"] == one.number
    assert "髙﨑" not in str(told)


def test_pagination_lists_each_receipt_once() -> None:
    system = System()
    numbers = [sent().number for _each in range(5)]
    seen: list[str] = []
    after = ""
    for _page in range(3):
        told = system.get(limit=2, **({"after": after} if after else {})).json()
        seen += [line["number"] for line in told["notices"]]
        after = told["next"]
    assert (seen, told["more"]) == (numbers, False)
    assert system.get(after=after).json()["notices"] == []


def test_the_cursor_of_an_empty_page_lists_later_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    system = System()
    monkeypatch.undo()
    empty = system.get().json()
    notice = sent()
    monkeypatch.setattr(notice_list, "SETTLE_TIME", AT_ONCE)
    assert happened(system.get(after=empty["next"]).json()) == [(notice.number, "sent")]


def test_a_receipt_is_listed_only_after_the_settle_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    sent()
    assert System().get().json()["notices"] == []


def test_the_list_has_own_notices_of_the_wanted_status_only() -> None:
    system, notice = System(), sent()
    assert System("yokosuka-water").get().json()["notices"] == []
    assert happened(system.get(status="sent").json()) == [(notice.number, "sent")]
    system.accept(notice.number)
    assert system.get(status="sent").json()["notices"] == []
    assert len(system.get(status="accepted").json()["notices"]) == 2


def test_a_web_link_notice_is_not_listed() -> None:
    notice = sent()
    Notice.objects.filter(id=notice.id).update(channel="weblink")
    assert System().get().json()["notices"] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("limit", text) for text in ("0", "201", "-1", "x", "１", "", "9" * 30)],
        *[("after", text) for text in ("", "x", "1")],
        *[("status", text) for text in ("", "SENT", "lost")],
        ("since", "1"),
    ],
)
def test_an_invalid_query_names_its_parameter(name: str, text: str) -> None:
    refused = System().get(**{name: text})
    assert reason(refused) == (422, "bad_query")
    assert refused.json()["field"] == name
