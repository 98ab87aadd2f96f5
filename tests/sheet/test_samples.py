"""Rules as providers really have them, written as a sheet's author writes them.

What each says was read on the pages named beside it, until 2026-11-22; the days are worked out by hand.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.sheet_loader import read_sheet
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.sheet.window import JAPAN
from tests.sheet.cast import FORM, SOURCE, a_blank, a_sheet, written_sheet

LEAVE, ARRIVE = "move.leave_on", "move.arrive_on"

# Stop from 3 days to a month ahead, start up to a month ahead: https://hikkoshitimeline.com/water
TOKYO_STOP = "earliest_days = 3\nlatest_months = 1"
TOKYO_START = "earliest_days = 0\nlatest_months = 1"
# 3 business days, without weekends and holidays: https://www.city.kamogawa.lg.jp/soshiki/9/26973.html
KAMOGAWA = "earliest_business_days = 3\nworkdays_only = true"
# 7 days without weekends and holidays, and the start is a day on which it works: https://www.city.tamba.lg.jp/site/suidou/
TAMBA = "earliest_business_days = 7\nworkdays_only = true"
# 3 days ahead, and no day that has passed: https://www.city.towada.lg.jp/kurashi/seikatsu/suidou/start.html
TOWADA = "earliest_days = 3"
# Before the day: https://www.town.kutchan.hokkaido.jp/Living_Information/suidou/josuido/todokede/
KUTCHAN = "earliest_days = 1"
# 3 days ahead for a start, the day before for a stop: https://www.gaas-port.jp/29_kashihara/category/107
KASHIHARA_START, KASHIHARA_STOP = "earliest_days = 3", "earliest_days = 1"
# 大井上水道企業団: by the previous business day; nobody works on weekends.
OIGAMI = "earliest_business_days = 1\nworkdays_only = true"
# 2 business days: «Wednesday for a Friday, Thursday for a Monday». Elsewhere less than 30 of them ahead, or 31 days.
TEPCO = "earliest_business_days = 2\nlatest_business_days = 29"
TEPCO_BY_DAYS = "earliest_business_days = 2\nlatest_days = 31"
# Another office's hour: what comes in the evening is read the next day.
CUT_OFF = "earliest_business_days = 1\nworkdays_only = true\ncut_off = 17:00:00"
# Cards are told of a move that has been.
BACK_DATED = "earliest_days = -14"


def at(text: str) -> datetime:
    """A day at noon, or a moment."""
    moment = datetime.fromisoformat(text).replace(tzinfo=JAPAN)
    return moment if "T" in text else moment + timedelta(hours=12)


@pytest.mark.parametrize(
    ("window", "now", "first", "last"),
    [
        (TOKYO_STOP, "2026-11-22", "2026-11-25", "2026-12-22"),
        (TOKYO_STOP, "2027-01-31", "2027-02-03", "2027-02-28"),
        (TOKYO_START, "2026-12-31", "2026-12-31", "2027-01-31"),
        (KAMOGAWA, "2026-11-20", "2026-11-26", None),  # a Friday before a holiday on Monday
        (KAMOGAWA, "2026-11-21", "2026-11-27", None),  # read on Tuesday
        (KAMOGAWA, "2026-12-25", "2027-01-05", None),
        (TAMBA, "2026-11-24", "2026-12-03", None),
        (TAMBA, "2026-12-21", "2027-01-05", None),
        (TOWADA, "2026-12-30", "2027-01-02", None),
        (KUTCHAN, "2026-11-22", "2026-11-23", None),
        (KASHIHARA_START, "2026-11-22", "2026-11-25", None),
        (KASHIHARA_STOP, "2026-11-22", "2026-11-23", None),
        (OIGAMI, "2026-11-20", "2026-11-24", None),
        (OIGAMI, "2026-12-28", "2027-01-04", None),
        (OIGAMI, "2026-12-29", "2027-01-05", None),
        (TEPCO, "2026-11-24", "2026-11-26", "2027-01-08"),
        (TEPCO, "2026-12-01", "2026-12-03", "2027-01-18"),
        (TEPCO_BY_DAYS, "2026-11-24", "2026-11-26", "2026-12-25"),
        (CUT_OFF, "2026-11-19T16:59", "2026-11-20", None),
        (CUT_OFF, "2026-11-19T17:00", "2026-11-24", None),
        (CUT_OFF, "2026-11-20T17:00", "2026-11-25", None),  # read on Tuesday
        (BACK_DATED, "2026-11-22", "2026-11-08", None),
    ],
)
def test_the_first_and_the_last_day(tmp_path: Path, window: str, now: str, first: str, last: str | None) -> None:
    found = written_sheet(tmp_path, f'[window]\nfact = "{LEAVE}"\n{SOURCE}{window}').window
    assert found
    assert found.first(at(now)) == date.fromisoformat(first)
    assert found.last(at(now)) == (date.fromisoformat(last) if last else None)


@pytest.mark.parametrize(
    ("window", "on", "now", "taken"),
    [
        (TEPCO, "2026-12-04", "2026-12-02", True),
        (TEPCO, "2026-12-04", "2026-12-03", False),
        (TEPCO, "2026-12-07", "2026-12-03", True),
        (TEPCO, "2026-12-07", "2026-12-04", False),
        (OIGAMI, "2026-12-05", "2026-12-01", False),  # a Saturday
        (OIGAMI, "2026-12-07", "2026-12-04", True),
        (OIGAMI, "2026-12-07", "2026-12-05", False),
        (OIGAMI, "2026-12-31", "2026-12-01", False),
        (TAMBA, "2027-01-03", "2026-12-01", False),
        (TOWADA, "2026-11-21", "2026-11-22", False),
        (BACK_DATED, "2026-11-07", "2026-11-22", False),
    ],
)
def test_a_window_takes_or_refuses_a_day(tmp_path: Path, window: str, on: str, now: str, taken: bool) -> None:
    found = written_sheet(tmp_path, f'[window]\nfact = "{LEAVE}"\n{SOURCE}{window}').window
    assert found
    assert found.takes(date.fromisoformat(on), at(now)) is taken


def test_a_provider_has_working_days_of_its_own(tmp_path: Path) -> None:
    workdays = '[workdays]\nweekdays = ["tue", "sat"]\nclosed_on = [2026-11-24]\n'
    found = written_sheet(tmp_path, f'{workdays}[window]\nfact = "{LEAVE}"\n{SOURCE}{OIGAMI}').window
    assert found
    assert found.first(at("2026-11-22")) == date(2026, 12, 1)  # read on Saturday, the 28th


@pytest.mark.parametrize(
    ("until", "leave", "arrive", "last"),
    [
        # suidonet's own table: until the day before a start, 3 business days before a stop, and for both together
        # 3 business days before whichever day comes first.
        (f'days = 1, before = ["{ARRIVE}"]', "2026-12-05", "2026-12-07", "2026-12-06"),
        (f'business_days = 3, before = ["{LEAVE}"]', "2026-12-05", "2026-12-07", "2026-12-02"),
        (f'business_days = 3, before = ["{LEAVE}", "{ARRIVE}"]', "2026-12-05", "2026-12-07", "2026-12-02"),
        (f'business_days = 3, before = ["{LEAVE}", "{ARRIVE}"]', "2026-12-11", "2026-12-07", "2026-12-02"),
        (f'business_days = 3, before = ["{LEAVE}", "{ARRIVE}"]', "2027-01-06", "2027-01-08", "2026-12-28"),
        (f'business_days = 3, before = ["{LEAVE}", "{ARRIVE}"]', "", "2026-12-07", "2026-12-02"),
        (f'days = 0, before = ["{LEAVE}"]', "2026-12-05", "", "2026-12-05"),
        (f'days = 0, before = ["{LEAVE}"]', "", "2026-12-07", None),
    ],
)
def test_the_deadline_of_a_change_follows_the_days_of_the_move(
    tmp_path: Path, until: str, leave: str, arrive: str, last: str | None
) -> None:
    rules = written_sheet(tmp_path, f"[rules]\n{SOURCE}change_until = {{ {until} }}").rules
    assert rules
    assert rules.change_until
    facts = {LEAVE: leave, ARRIVE: arrive}
    assert rules.change_until.last(facts) == (date.fromisoformat(last) if last else None)


def test_rules_without_numbers_are_kept_as_written(tmp_path: Path) -> None:
    rules = written_sheet(
        tmp_path,
        f"""[rules]
        {SOURCE}
        attendance = {{ needed = "always", minutes = 30, words = "ご家族でもかまいません。" }}
        slots = {{ choices = ["午前", "午後1時から3時", "午後3時から5時"], wishes = 3 }}
        fee = {{ yen = 4400, words = "係員が開けに伺います。" }}
        without_number = {{ number = "水栓番号", way = "other_way", words = "ご住所とお名前で確かめます。" }}
        notes = ["当日に現金で精算します。"]
        """,
    ).rules
    assert rules
    assert rules.attendance
    assert (rules.attendance.needed, rules.attendance.minutes) == ("always", 30)
    assert rules.slots
    assert (len(rules.slots.choices), rules.slots.wishes) == (3, 3)
    assert rules.fee
    assert rules.fee.yen == 4400
    assert rules.without_number
    assert rules.without_number.way == "other_way"
    assert (rules.notes, rules.change_until) == (("当日に現金で精算します。",), None)


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        # 供給地点特定番号 of electricity: 22 digits, the first two an area (01 北海道 … 10 沖縄); of gas 17.
        (
            "(0[1-9]|10)[0-9]{20}",
            ("0312345678901234567890", "１０１２３４５６７８９０１２３４５６７８９０"),
            ("1112345678901234567890",),
        ),
        ("[0-9]{17}", ("12345678901234567",), ("123456789012345678",)),
        ("[0-9]{2}-[0-9]{6}-[0-9]{2}", ("01-000000-00", "０１－００００００－００"), ("0100000000",)),  # 東京都水道局
        (
            "CAF[0-9]{10}|COP[0-9]{8}",
            ("CAF0123456789", "COP01234567", "ＣＯＰ０１２３４５６７"),
            ("CAF01234567",),
        ),  # NTT
        ("[0-9]{11}|[0-9]{14}", ("01234567890", "01234567890123"), ("0123456789012",)),  # 北陸ガス, 関西電力
    ],
)
def test_numbers_keep_their_zeros_and_have_their_providers_format(
    pattern: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    form = a_sheet(a_blank("number", ask="text", pattern=pattern), channel="inbox")
    for number in right:
        (line,) = fill_sheet(form, {}, {"number": number}).lines
        assert line.text.isascii()
    for number in wrong:
        with pytest.raises(CannotSay):
            fill_sheet(form, {}, {"number": number})


# --- rules of a case: an area, a channel, a procedure that is taken by phone

PHONE = 'by_phone = "お名前、ご住所、お引越しの日をお伝えください。"\n'


def test_lp_gas_is_asked_for_by_phone_alone_a_week_ahead(tmp_path: Path) -> None:
    """By phone, 7 days ahead, somebody there: the family, the landlord or the caretaker will do."""
    attendance = '{ needed = "always", words = "ご家族、大家さん、管理人さんでもかまいません。" }'
    text = FORM.replace('"inbox"', '"phone"').replace('"until_accepted"', '"by_phone"') + PHONE
    text += f'[window]\nfact = "{LEAVE}"\n{SOURCE}earliest_days = 7\n[rules]\n{SOURCE}attendance = {attendance}\n'
    folder = tmp_path / "some-water"
    folder.mkdir()
    (folder / "stop.toml").write_text(text, "utf-8")
    found = read_sheet(folder / "stop.toml")
    assert found.by_phone.startswith("お名前")
    assert found.window
    assert found.window.first(at("2026-11-22")) == date(2026, 11, 29)
    assert found.rules
    assert found.rules.attendance


def test_rules_differ_by_area_and_by_channel_and_the_first_case_that_fits_holds(tmp_path: Path) -> None:
    """Of one utility: as a rule 3 business days; in one town by phone only; by fax two more days; a fee in one."""
    found = written_sheet(
        tmp_path,
        f'''[window]
        fact = "{LEAVE}"
        {SOURCE}{KAMOGAWA}
        [[case]]
        municipalities = ["東京都奥多摩町", "東京都檜原村"]
        by_phone = "水道課へお電話ください。"
        [[case]]
        municipalities = ["東京都八王子市"]
        [case.rules]
        {SOURCE}fee = {{ yen = 300 }}
        [[case]]
        channel = "fax"
        [case.window]
        fact = "{LEAVE}"
        {SOURCE}earliest_business_days = 5
        workdays_only = true
        ''',
    )

    def first(municipality: str, channel: str) -> date | None:
        there = found.where(municipality, channel).window
        return there.first(at("2026-11-24")) if there else None

    assert first("東京都昭島市", "inbox") == date(2026, 11, 27)
    assert first("東京都昭島市", "fax") == date(2026, 12, 1)
    assert first("東京都八王子市", "fax") == date(2026, 11, 27)  # its own case comes first, and has no days of its own
    hachioji, okutama = found.where("東京都八王子市", "inbox"), found.where("東京都奥多摩町", "inbox")
    assert hachioji.rules
    assert hachioji.rules.fee
    assert (hachioji.rules.fee.yen, hachioji.by_phone) == (300, "")
    assert (okutama.by_phone, okutama.rules) == ("水道課へお電話ください。", None)
    assert found.where("東京都昭島市", "inbox") is found


def test_a_withdrawal_has_another_last_day_than_a_change(tmp_path: Path) -> None:
    rules = written_sheet(
        tmp_path,
        f'''[rules]
        {SOURCE}change_until = {{ business_days = 3, before = ["{LEAVE}", "{ARRIVE}"] }}
        withdraw_until = {{ days = 1, before = ["{LEAVE}"] }}
        ''',
    ).rules
    assert rules
    facts = {LEAVE: "2026-12-11", ARRIVE: "2026-12-07"}
    last = [until.last(facts) for until in (rules.change_until, rules.withdraw_until) if until]
    assert last == [date(2026, 12, 2), date(2026, 12, 10)]


def test_a_day_on_which_it_is_closed_every_year(tmp_path: Path) -> None:
    """Tokyo's own day, 10-01, in whatever year; and a year end of its own, up to 01-04."""
    workdays = '[workdays]\nclosed_each_year = ["10-01", "12-30", "12-31", "01-01", "01-02", "01-03", "01-04"]\n'
    workdays += "open_at_year_end = true\n"
    found = written_sheet(tmp_path, f'{workdays}[window]\nfact = "{LEAVE}"\n{SOURCE}{OIGAMI}').window
    assert found
    assert found.first(at("2026-09-30")) == date(2026, 10, 2)
    assert found.first(at("2031-09-30")) == date(2031, 10, 2)
    assert found.first(at("2026-12-28")) == date(2026, 12, 29)
    assert found.first(at("2026-12-29")) == date(2027, 1, 5)


def test_up_to_three_wishes_are_made_and_no_two_are_alike(tmp_path: Path) -> None:
    asked = 'ask = "choice", choices = "slots"'
    wishes = f'{{ name = "w1", label = "第1希望", required = true, {asked} }},'
    wishes += "".join(f'{{ name = "w{n}", label = "第{n}希望", {asked} }},' for n in (2, 3))
    slots = 'slots = { choices = ["午前", "1時から3時", "3時から5時"], wishes = 3 }'
    text = FORM.replace("blank = []", f"blank = [{wishes}]") + f"[rules]\n{SOURCE}{slots}\n"
    folder = tmp_path / "some-water"
    folder.mkdir()
    (folder / "stop.toml").write_text(text, "utf-8")
    form = read_sheet(folder / "stop.toml")
    filled = fill_sheet(form, {}, {"w1": "午前", "w2": "3時から5時"})
    assert [line.text for line in filled.lines] == ["午前", "3時から5時", ""]
    with pytest.raises(CannotSay) as error:
        fill_sheet(form, {}, {"w1": "午前", "w2": "1時から3時", "w3": "午前"})
    assert [(problem.blank.name, problem.kind) for problem in error.value.problems] == [("w3", "again")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[case]]\nby_phone = "…"\n', "case 1: a case needs municipalities, or a channel"),
        (
            '[[case]]\nmunicipalities = ["八王子市", "町田市"]\n',
            "case 1: '八王子市' does not begin with its prefecture",
        ),
        ('[[case]]\nchannel = "fax"\nwindw = 1\n', "case 1: a case has no 'windw'"),
        (
            f'[[case]]\nchannel = "fax"\n[case.rules]\n{SOURCE}fee = {{ yen = -1 }}\n',
            "case 1: rules: fee: yen is below 0",
        ),
        ('[workdays]\nclosed_each_year = ["02-30"]\n', "'02-30' is no day of every year"),
        (PHONE, "belong together"),
    ],
)
def test_an_impossible_case_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadSheet, match=message):
        written_sheet(tmp_path, text)
