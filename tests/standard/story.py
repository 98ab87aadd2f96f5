"""The examples that stand beside the schemas: one move to 見本市, told from the listing to the last receipt.

Nothing of it exists. `python -m tests.standard.story` writes the files anew.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from renrakucho.sheet.assurance import Assurance, AssuranceRule
from renrakucho.sheet.fill import fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.phrase import parse_phrase
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.standard.notice import notice_document
from renrakucho.standard.providers import ListedProvider, ServedArea, providers_document
from renrakucho.standard.receipt import receipt_document
from renrakucho.standard.schemas import FOLDER
from renrakucho.standard.sheet import sheet_document

_WIDTH = 88  # characters
WRITTEN_AT = datetime(2026, 11, 25, 18, 4, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
PROVIDER = {"provider": "mihon-water", "provider_name": "見本市水道局"}
PORTAL = {"portal_name": "見本れんらく帳", "portal_url": "https://renraku.example"}
NUMBER, NEXT_NUMBER = "482913705166", "735520186649"
CHECKED: dict[str, Any] = {"source": "https://water.mihon.example/moving", "checked_on": date(2026, 11, 22)}

FACTS = {
    "holder.family_name": "髙﨑",
    "holder.given_name": "弥栄子",
    "holder.family_kana": "たかさき",
    "holder.given_kana": "やえこ",
    "contact.phone": "０９０−１２３４−５６７８",
    "origin.postal_code": "1020074",
    "origin.prefecture": "東京都",
    "origin.municipality": "千代田区",
    "origin.municipality_code": "13101",
    "origin.town": "九段南",
    "origin.block": "１-２-３",
    "origin.building": "グランドハイツ弐番館",
    "origin.room": "Ａ棟１２０３",
    "move.leave_on": "2026-12-04",
    "payment.final": "slip",
}
ANSWERS = {"customer_number": "01-234567-89", "attend": "2"}

SHEET = Sheet(
    provider="mihon-water",
    procedure="stop",
    title="水道の使用中止",
    version=2,
    channel="inbox",
    encoding="UTF-8",
    change="until_accepted",
    window=ReceptionWindow(
        "move.leave_on",
        LeadTime(3, "business_day"),
        LeadTime(1, "month"),
        cut_off=time(17),
        workdays_only=True,
        **CHECKED,
    ),
    rules=ProcedureRules(
        attendance=AttendanceRule("when", "オートロックの建物", 20),
        slots=VisitSlots(("午前", "午後"), 2),
        fee=FeeRule(0, "中止の手数料はかかりません。"),
        change_until=ProcedureDeadline(LeadTime(3, "business_day"), ("move.leave_on",)),
        without_number=WithoutNumber("お客さま番号", "other_way", "ご契約者のお名前とご住所でお調べします。"),
        **CHECKED,
    ),
    assurance=AssuranceRule("customer_number", "without_number"),
    blanks=(
        Blank(
            "name", "ご契約者", say=parse_phrase("{holder.family_name}　{holder.given_name}"), required=True, longest=40
        ),
        Blank("kana", "フリガナ", say=parse_phrase("{holder.family_kana|katakana}　{holder.given_kana|katakana}")),
        Blank("phone", "電話番号", say=parse_phrase("{contact.phone|phone}"), required=True),
        Blank("zip", "郵便番号", say=parse_phrase("{origin.postal_code|postal}"), required=True),
        Blank(
            "place",
            "使用場所",
            say=parse_phrase("{origin.prefecture}{origin.municipality}{origin.town}{origin.block|narrow}"),
            required=True,
            longest=80,
        ),
        Blank("building", "建物・部屋", say=parse_phrase("[{origin.building}][ {origin.room}]")),
        Blank("stop_on", "中止日", say=parse_phrase("{move.leave_on|slash}"), required=True),
        Blank(
            "pay",
            "精算方法",
            say=parse_phrase("{payment.final}"),
            required=True,
            words={"account": "1", "card": "2", "slip": "3", "on_site": "4"},
        ),
        Blank(
            "customer_number",
            "お客さま番号",
            ask="text",
            help="検針票の左上にあります。",
            example="01-234567-89",
            pattern="[0-9]{2}-[0-9]{6}-[0-9]{2}",
            pattern_help="2けた-6けた-2けたの数字でご入力ください。",
        ),
        Blank("attend", "立会い", ask="choice", required=True, choices=(("1", "立ち会う"), ("2", "立ち会わない"))),
    ),
    **CHECKED,
)


def filled(**others: str) -> FilledSheet:
    """The sheet, filled; names with double underscores stand for dots."""
    facts = FACTS | {name.replace("__", "."): text for name, text in others.items()}
    form = replace(fill_sheet(SHEET, facts, ANSWERS), way_back="https://renraku.example/a/k7m2p9qx4d")
    return replace(form, assurance=Assurance(WRITTEN_AT - timedelta(hours=1), "in_format"))


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every example, by its file's name without the ending: a schema's name, and what is special in it."""
    yield "providers", providers_document([_provider()], **PORTAL, compiled_at=WRITTEN_AT, edition="2026-11-22")
    yield "sheet", sheet_document(SHEET, PROVIDER["provider_name"])
    yield "notice", _notice(filled(), 1, NUMBER)
    yield "notice.replacing", _notice(filled(move__leave_on="2026-12-07"), 2, NEXT_NUMBER, replaces=NUMBER)
    yield "withdrawal", _notice(filled(), 3, NEXT_NUMBER, withdrawn=True)
    yield "withdrawal.reported", _notice(filled(), 10, NEXT_NUMBER, withdrawn=True, reported=True)
    yield "receipt.sent", _receipt("sent", 4, 1, by="portal", evidence="desk of mihon-water")
    yield "receipt.opened", _receipt("opened", 5, 58, by="provider")
    yield "receipt.accepted", _receipt("accepted", 6, 63, by="provider", receipt_number="22-000123")
    reason = "お客さま番号が見つかりません。検針票の番号をお確かめください。"
    yield "receipt.returned", _receipt("returned", 7, 63, by="provider", reason=reason)
    busy = "T.30: no answer, 12 dials, last 2026-11-27T18:00:12+09:00"
    yield "receipt.undelivered", _receipt("undelivered", 8, 2880, by="portal", evidence=busy)
    yield "facts", _notice(filled(), 1, NUMBER)["facts"]


def written(document: dict[str, Any]) -> str:
    """As it is kept in the folder: what is short stands in one line."""
    return _written(document, "") + "\n"


def _written(part: Any, indent: str) -> str:
    flat = json.dumps(part, ensure_ascii=False)
    deep = isinstance(part, dict | list) and (not indent or len(indent) + len(flat) > _WIDTH)
    if not deep:
        return flat
    within = indent + "  "
    if isinstance(part, list):
        return "[\n" + ",\n".join(within + _written(one, within) for one in part) + f"\n{indent}]"
    members = (f"{within}{json.dumps(name)}: {_written(value, within)}" for name, value in part.items())
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"


def _notice(form: FilledSheet, key: int, number: str, **others: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"key": _key(key), "number": number, "procedure": "stop", "written_at": WRITTEN_AT}
    given |= {**PROVIDER, **PORTAL, "contact": "事務局 03-0000-0000"}
    return notice_document(form, **{**given, **others})


def _receipt(kind: str, key: int, minutes: int, **others: Any) -> dict[str, Any]:
    at = WRITTEN_AT + timedelta(minutes=minutes)
    return receipt_document(kind, key=_key(key), number=NUMBER, recorded_at=at, **PROVIDER, **PORTAL, **others)


def _key(n: int) -> str:
    return f"019ab3c0-0000-7000-8000-{n:012}"


def _provider() -> ListedProvider:
    return ListedProvider(
        id=PROVIDER["provider"],
        name=PROVIDER["provider_name"],
        industry="water",
        kana="ミホンシスイドウキョク",
        english="Mihon City Waterworks",
        homepage="https://water.mihon.example/",
        moving_page=CHECKED["source"],
        phones=("03-0000-0000",),
        sheets=(SHEET,),
        serves=(
            ServedArea("13101", "whole", confidence="official", source=CHECKED["source"], as_of="2026-11-22"),
            ServedArea(
                "13207", "listed", ("昭和町",), confidence="official", source=CHECKED["source"], as_of="2026-11-22"
            ),
        ),
        **CHECKED,
    )


if __name__ == "__main__":
    for name, document in examples():
        (FOLDER / f"{name}.example.json").write_text(written(document), "utf-8")
