"""Forms: which exception holds where, and which blanks ask for a slot of the visit."""

from dataclasses import replace
from datetime import date

import pytest

from renrakucho.sheet.form import Blank, RuleCase, Sheet
from renrakucho.sheet.rules import ProcedureRules, VisitSlots
from renrakucho.sheet.window import ReceptionWindow
from tests.sheet.cast import a_blank, a_sheet

CHECKED_ON = date(2026, 11, 22)
HACHIOJI = "東京都八王子市"
WINDOW = ReceptionWindow("move.leave_on")
WISH = a_blank("KIBO", ask="choice", choices=(("1", "午前"), ("2", "午後")))
OTHER = a_blank("TACHIAI", ask="choice", choices=(("1", "立ち会う"), ("2", "立ち会わない")))


def rules(*slots: str) -> ProcedureRules:
    return ProcedureRules("https://water.example/", CHECKED_ON, slots=VisitSlots(slots, 1) if slots else None)


def with_wishes(*cases: RuleCase) -> Sheet:
    return replace(a_sheet(WISH, OTHER), rules=rules("午前", "午後"), window=WINDOW, by_phone="お電話で", cases=cases)


@pytest.mark.parametrize(
    ("case", "fits"),
    [
        (RuleCase(), [True, True, True]),
        (RuleCase(municipalities=(HACHIOJI,)), [True, True, False]),
        (RuleCase(channel="fax"), [True, False, True]),
        (RuleCase(municipalities=(HACHIOJI,), channel="fax"), [True, False, False]),
    ],
)
def test_a_case_holds_in_its_municipalities_and_for_its_channel(case: RuleCase, fits: list[bool]) -> None:
    places = [(HACHIOJI, "fax"), (HACHIOJI, "inbox"), ("東京都昭島市", "fax")]
    assert [case.fits(*place) for place in places] == fits


def test_a_rule_that_the_case_leaves_out_is_the_forms_own() -> None:
    sheet = with_wishes(RuleCase())
    assert sheet.where(HACHIOJI, "fax") == replace(sheet, cases=())


def test_a_rule_of_the_case_replaces_the_forms_own() -> None:
    case = RuleCase(by_phone="窓口で", window=replace(WINDOW, fact="move.enter_on"), rules=rules())
    for sheet in (with_wishes(case), replace(with_wishes(case), rules=None, window=None, by_phone="")):
        there = sheet.where(HACHIOJI, "fax")
        assert (there.by_phone, there.window, there.rules) == (case.by_phone, case.window, case.rules)
        assert there.blanks == (WISH, OTHER)


def test_slots_of_the_case_are_offered_by_the_wishes_alone() -> None:
    there = with_wishes(RuleCase(rules=rules("夜間"))).where(HACHIOJI, "fax")
    assert there.blanks == (replace(WISH, choices=(("夜間", "夜間"),)), OTHER)


@pytest.mark.parametrize(
    ("blank", "wish"), [(WISH, True), (OTHER, False), (replace(WISH, ask="text"), False), (a_blank(ask="text"), False)]
)
def test_a_wish_is_a_choice_of_the_visits_slots(blank: Blank, wish: bool) -> None:
    assert with_wishes().is_wish(blank) is wish
    assert not replace(with_wishes(), rules=None).is_wish(blank)
    assert not replace(with_wishes(), rules=rules()).is_wish(blank)
