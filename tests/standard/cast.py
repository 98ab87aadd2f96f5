"""Filled forms of every provider, and documents made of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from renrakucho.notice.sample_movers import SAMPLES, sample_answers, sample_facts
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Blank, RuleCase, Sheet
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.phrase import parse_phrase
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import Workdays
from renrakucho.standard.notice import notice_document
from renrakucho.standard.schemas import schema_validator

WAY_BACK = "https://hikkoshi.example/a/k7m2p9qx4d"
BOUND = {"fact": "move.leave_on", "source": "https://water.example/", "checked_on": "2026-11-22"}
WORK = Workdays(frozenset({0, 5}), frozenset({date(2026, 11, 4)}), frozenset({(10, 1)}), open_on_holidays=True)
CHECKED = {"source": "https://water.example/", "checked_on": date(2026, 11, 22)}
FULL = Sheet(
    provider="some-water",
    procedure="stop",
    title="使用中止",
    version=3,
    channel="inbox",
    encoding="Shift_JIS",
    change="until_accepted",
    asked_there=("営業所",),
    blanks=(
        Blank(
            "name",
            "お名前",
            say=parse_phrase("{holder.family_name|wide}　[{origin.building}][ {origin.room}号]様"),
            longest=9,
        ),
        Blank("name2", "お名前の続き", rest_of="name", longest=9),
        Blank("pay", "支払い", say=parse_phrase("{payment.final}"), required=True, words={"slip": "1", "card": "2"}),
        Blank("code", "符号", fixed=""),
        Blank("tap", "水栓番号", ask="text", longest=9, longest_bytes=18, help="玄関", example="12", pattern="[0-9]+"),
        Blank("there", "立会い", ask="choice", choices=(("1", "する"), ("2", "しない")), pattern_help="選ぶ"),
    ),
    window=ReceptionWindow(
        "move.leave_on",
        LeadTime(0, "business_day"),
        LeadTime(2, "month"),
        cut_off=time(17, 30),
        workdays_only=True,
        workdays=WORK,
        **CHECKED,  # type: ignore[arg-type]
    ),
    rules=ProcedureRules(
        attendance=AttendanceRule("when", "オートロック", 30),
        slots=VisitSlots(("午前", "午後"), 2),
        fee=FeeRule(0, "かかりません"),
        change_until=ProcedureDeadline(LeadTime(3, "business_day"), ("move.leave_on", "move.arrive_on"), WORK),
        withdraw_until=ProcedureDeadline(LeadTime(1), ("move.leave_on",), WORK),
        without_number=WithoutNumber("お客さま番号", "phone_only", "電話で"),
        notes=("現金で",),
        **CHECKED,  # type: ignore[arg-type]
    ),
    cases=(
        RuleCase(("東京都八王子市",), by_phone="水道課へ、お電話ください。"),
        RuleCase(
            channel="fax",
            window=ReceptionWindow("move.leave_on", LeadTime(5), workdays=WORK, **CHECKED),  # type: ignore[arg-type]
            rules=ProcedureRules(fee=FeeRule(300), **CHECKED),  # type: ignore[arg-type]
        ),
    ),
    **CHECKED,  # type: ignore[arg-type]
)
CALLED = replace(FULL, procedure="start", channel="phone", by_phone="お客さま番号をお伝えください。")


def fillings(sheet: Sheet) -> Iterator[FilledSheet]:
    """The form, filled for each sample mover whose facts it can hold: for one at least."""
    filled = 0
    for name in SAMPLES:
        try:
            yield replace(fill_sheet(sheet, sample_facts(sheet, name), sample_answers(sheet)), way_back=WAY_BACK)
            filled += 1
        except CannotSay:
            continue
    assert filled


def document(filled: FilledSheet, **others: Any) -> dict[str, Any]:
    provider, _slash, rest = filled.sheet.partition("/")
    given = {
        "key": "0190f3c0-0000-7000-8000-000000000001",
        "number": "482913705166",
        "provider": provider,
        "provider_name": "ある水道局",
        "procedure": rest.partition("@")[0],
        "written_at": datetime(2026, 11, 23, 0, 5, tzinfo=UTC),
        "portal_name": "引越れんらく帳",
        "portal_url": "https://hikkoshi.example",
    }
    return notice_document(filled, **{**given, **others})


def wrong(written: dict[str, Any]) -> list[str]:
    """What its schema says against a document, by the place."""
    return [
        f"{error.json_path}: {error.message}" for error in schema_validator(written["document"]).iter_errors(written)
    ]
