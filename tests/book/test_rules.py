"""A provider's rules: shown before the mover acts, enforced after that, and recomputed when a day changes."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.book.rule_texts import closed_days, rule_sentences
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import Workdays
from tests.book.opened import latest_notice, open_book_of, own_items, page_text
from tests.sheet.cast import a_sheet

AKISHIMA = "water:start:akishima-water"
ARRIVE = "move.arrive_on"
CHECKED = date(2026, 11, 22)
LEAD_WORDS = "「新しい住まいに入る日」の3営業日前までに、お手続きください。"
COUNTED = "営業日は、土、日、祝日、12月29日から1月3日を除いて数えます。"


def sentences_of(**parts: object) -> list[str]:
    *sentences, checked = rule_sentences(replace(a_sheet(), rules=ProcedureRules("", CHECKED, **parts)))  # type: ignore[arg-type]
    assert checked == "2026年11月22日(日)に確かめた決まりです。"
    return sentences


@pytest.mark.parametrize(
    ("window", "sentences"),
    [
        (ReceptionWindow(ARRIVE, LeadTime(3, "business_day")), [LEAD_WORDS, COUNTED]),
        (ReceptionWindow(ARRIVE, LeadTime(1)), ["「新しい住まいに入る日」の前日までに、お手続きください。"]),
        (
            ReceptionWindow(ARRIVE, LeadTime(0)),
            ["「新しい住まいに入る日」の当日まで受け付けます。過ぎた日には、さかのぼれません。"],
        ),
        (
            ReceptionWindow(ARRIVE, LeadTime(-14)),
            ["「新しい住まいに入る日」から14日後まで、さかのぼって受け付けます。"],
        ),
        (ReceptionWindow(ARRIVE, None, LeadTime(1, "month")), ["「新しい住まいに入る日」の1か月前から受け付けます。"]),
        (ReceptionWindow(ARRIVE, cut_off=time(17)), ["17:00からは、翌日の受付になります。"]),
        (
            ReceptionWindow(ARRIVE, workdays_only=True, workdays=Workdays(open_at_year_end=True)),
            ["手続の日に、土、日、祝日は選べません。"],
        ),
        (ReceptionWindow(ARRIVE), []),
    ],
)
def test_a_window_is_said_in_sentences(window: ReceptionWindow, sentences: list[str]) -> None:
    assert rule_sentences(replace(a_sheet(), window=window)) == sentences


def test_a_provider_that_always_works_has_no_closed_days() -> None:
    assert closed_days(Workdays(frozenset(range(7)), frozenset(), open_on_holidays=True, open_at_year_end=True)) == ""
    assert closed_days(Workdays(frozenset(range(6)), frozenset([date(2026, 12, 28)]))).startswith("日、祝日、")


def test_all_other_rules_are_said_in_sentences() -> None:
    assert sentences_of(attendance=AttendanceRule("always", "ご家族でもかまいません。", 30)) == [
        "立会いが、必要です。（30分ほど）ご家族でもかまいません。"
    ]
    assert sentences_of(attendance=AttendanceRule("when", "オートロックの建物")) == [
        "立会いが必要な場合: オートロックの建物"
    ]
    assert sentences_of(slots=VisitSlots(("午前", "午後"), 2)) == [
        "時間帯は、午前、午後から選べます。第2希望まで聞かれます。"
    ]
    assert sentences_of(fee=FeeRule(4400, "開栓に伺います。")) == ["手数料: 4,400円 開栓に伺います。"]
    assert sentences_of(fee=FeeRule(0)) == ["手数料は、かかりません。"]
    assert sentences_of(without_number=WithoutNumber("水栓番号", "phone_only", "水道課へお電話ください。")) == [
        "水栓番号がわからないときは、インターネットでは手続できません。水道課へお電話ください。"
    ]
    assert sentences_of(notes=("当日に現金で精算します。",)) == ["当日に現金で精算します。"]
    assert sentences_of(change_until=ProcedureDeadline(LeadTime(3, "business_day"), ("move.leave_on", ARRIVE)))[0] == (
        "変更と取消は、「いまの住まいを出る日」か「新しい住まいに入る日」の早いほうの3営業日前までに、事業者へご連絡ください。"
    )
    assert sentences_of(
        change_until=ProcedureDeadline(LeadTime(3), (ARRIVE,)), withdraw_until=ProcedureDeadline(LeadTime(0), (ARRIVE,))
    )[0] == (
        "変更は「新しい住まいに入る日」の3日前まで、取消は「新しい住まいに入る日」の当日までに、事業者へご連絡ください。"
    )
    assert (
        sentences_of(withdraw_until=ProcedureDeadline(LeadTime(1), (ARRIVE,)))[0]
        == "取消は、「新しい住まいに入る日」の前日までできます。"
    )
    assert closed_days(Workdays(closed_each_year=frozenset({(10, 1)}), open_at_year_end=True)) == (
        "土、日、祝日、毎年10月1日"
    )
    assert rule_sentences(replace(a_sheet(), change="never")) == ["送ったあとは、変更も取消もできません。"]
    assert rule_sentences(a_sheet()) == []


def set_rules(monkeypatch: pytest.MonkeyPatch, lead: LeadTime) -> None:
    """Let Akishima take changes until this lead time before the day of arriving."""

    def sheet(notice: Notice, form: object) -> Sheet:
        return replace(
            sheet_for(notice.provider, notice.procedure),
            rules=ProcedureRules("", CHECKED, change_until=ProcedureDeadline(lead, (ARRIVE,))),
        )

    monkeypatch.setattr("renrakucho.receipt.notice_view.frozen_sheet", sheet)


def sent(client: Client) -> Notice:
    notice = latest_notice(open_book_of(client, [AKISHIMA]), AKISHIMA)
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    return enter_notice(notice)


@pytest.mark.django_db
def test_a_withdrawal_may_be_possible_longer_than_a_change(
    directory: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = sent(client)
    rules = ProcedureRules(
        "",
        CHECKED,
        change_until=ProcedureDeadline(LeadTime(10), (ARRIVE,)),
        withdraw_until=ProcedureDeadline(LeadTime(9), (ARRIVE,)),
    )  # the move is in nine days
    ruled_by = replace(sheet_for("akishima-water", "start"), rules=rules)
    monkeypatch.setattr("renrakucho.receipt.notice_view.frozen_sheet", lambda *_: ruled_by)
    leaf = notice_view(notice)
    assert (leaf.may_change, leaf.too_late, leaf.may_withdraw) == (False, True, True)
    assert client.get(f"/book/notices/{notice.id}/withdraw").status_code == 200
    assert client.post(f"/book/notices/{notice.id}/withdraw").headers["Location"] == "/book/"
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "open_still"), [(9, True), (10, False)])  # the move is in nine days
def test_a_change_is_possible_until_its_last_day(
    directory: str, client: Client, monkeypatch: pytest.MonkeyPatch, days: int, open_still: bool
) -> None:
    notice = sent(client)
    set_rules(monkeypatch, LeadTime(days))
    leaf = notice_view(notice)
    assert leaf.change_until == timezone.localdate() + timedelta(days=9 - days)
    assert (leaf.may_change, leaf.may_withdraw, leaf.too_late) == (open_still, open_still, not open_still)
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert ("この手続の変更と取消の期限" in page) is not open_still
    for way in ("answers", "check", "withdraw"):
        assert client.get(f"/book/notices/{notice.id}/{way}").status_code == (200 if open_still else 302)
    client.post(f"/book/notices/{notice.id}/withdraw")
    notice.refresh_from_db()
    assert (notice.status == Status.WITHDRAWN) is open_still


@pytest.mark.django_db
def test_a_notice_that_was_not_sent_can_be_withdrawn_at_any_time(
    directory: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = latest_notice(open_book_of(client, [AKISHIMA]), AKISHIMA)
    set_rules(monkeypatch, LeadTime(30))
    assert notice_view(notice).may_withdraw


@pytest.mark.django_db
def test_the_notice_page_shows_the_rules(directory: str, client: Client) -> None:
    offer = "electricity:stop:tepco-ep"
    notice = latest_notice(open_book_of(client, [offer]), offer)
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "この手続の決まり" in page
    assert "立会いが必要な場合: オートロック" in page
