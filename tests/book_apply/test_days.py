"""Days of the move: outside a window, in an unusual order, in a wrong year."""

import re
from dataclasses import replace

import pytest

from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.move_days import ARRIVE
from renrakucho.page.formatting import format_day
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.window import ReceptionWindow
from renrakucho.sheet.workdays import Workdays
from tests.book_apply.flow import Applicant, day, in_days, read, typed

pytestmark = pytest.mark.django_db

WATERWORKS, AKISHIMA, JCB = "water:stop:tokyo-waterworks", "water:start:akishima-water", "credit_card:change:jcb"


def ticks(page: str) -> dict[str, str]:
    """Return name and value of each tick that confirms a day."""
    return dict(re.findall(r'name="(sure\.[^"]+)" id="[^"]+" value="([^"]+)"', page))


@pytest.mark.parametrize("days", [3, 30])
def test_the_first_and_last_day_of_a_window_are_accepted(applicant: Applicant, days: int) -> None:
    applicant.to_items([WATERWORKS])
    assert applicant.post("items", typed(leave=in_days(days))).status_code == 303


@pytest.mark.parametrize(
    ("days", "why", "moment", "tick"),
    [
        (2, "この日の受付を%sに終えました。", -1, "この日のまま進む（東京都水道局へは電話で連絡します）"),
        (31, "この日の受付を%sに始めます。", 1, "この日のまま進む（東京都水道局へは、受付が始まってから手続します）"),
        (-1, "この日の受付を%sに終えました。", -4, "この日のまま進む（東京都水道局へは電話で連絡します）"),
    ],
)
def test_a_day_outside_a_window_says_why_and_which_days_can_be_chosen(
    applicant: Applicant, days: int, why: str, moment: int, tick: str
) -> None:
    applicant.to_items([WATERWORKS, AKISHIMA])
    response = applicant.post("items", typed(leave=in_days(days), arrive=in_days(5)))
    assert response.status_code == 422
    page = read(response)
    assert f"いまの住まいを出る日: 東京都水道局（停止）は、{why % format_day(in_days(moment))}" in page
    days_taken = f"{format_day(in_days(3))}から{format_day(in_days(30))}まで"
    assert f"いま選べる「いまの住まいを出る日」は、{days_taken}です。日を変えるか、お電話ください。" in page
    assert "電話 03-5326-1101" in page
    assert tick in page


@pytest.mark.parametrize(("days", "asked"), [(4, False), (3, True), (0, True)])
def test_a_day_so_near_that_forms_may_be_closed_has_to_be_confirmed(
    applicant: Applicant, days: int, asked: bool
) -> None:
    applicant.to_items([AKISHIMA, "electricity:start:tepco-ep", JCB])
    items = typed(arrive=in_days(days))
    response = applicant.post("items", items)
    assert (response.status_code == 422) == asked
    if asked:
        names = "東京電力エナジーパートナー、昭島市水道部"  # and not the card company, which can be told later
        assert f"もうすぐです。{names}の締切はわかりません。" in read(response)
        assert applicant.post("items", items | ticks(response.content.decode())).status_code == 303


def test_a_provider_whose_rule_is_known_is_not_warned_about_twice(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS])
    assert applicant.post("items", typed(leave=in_days(3))).status_code == 303
    assert "もうすぐです" not in read(applicant.post("items", typed(leave=in_days(2))))


@pytest.mark.parametrize("page", ["/", "/apply/"])
def test_a_move_in_a_few_days_is_warned_about_before_it_begins(applicant: Applicant, page: str) -> None:
    assert "引越しまで3日もないときは" in read(applicant.client.get(page))


def test_a_tick_confirms_one_day_only(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS])
    late = typed(leave=in_days(40))
    ticked = ticks(applicant.post("items", late).content.decode())
    assert len(ticked) == 1
    other_day = applicant.post("items", typed(leave=in_days(45)) | ticked)
    assert other_day.status_code == 422
    assert applicant.post("items", late | ticked).headers["Location"] == "/apply/check"
    assert ticks(applicant.get("items").content.decode()) == ticked
    assert applicant.get("check").status_code == 200


def test_a_past_day_is_refused_without_a_window(applicant: Applicant) -> None:
    applicant.to_items([AKISHIMA])
    response = applicant.post("items", typed(arrive=in_days(-1)))
    assert response.status_code == 422
    assert "昭島市水道部（開始）" in read(response)


def set_window(monkeypatch: pytest.MonkeyPatch, slug: str, **window: object) -> None:
    """Give a provider's start another window."""
    sheet = replace(sheet_for(slug, "start"), window=ReceptionWindow(ARRIVE, **window))  # type: ignore[arg-type]
    monkeypatch.setattr("renrakucho.notice.offer.connected_sheet", lambda *_: sheet)


def test_a_closed_day_of_the_provider_has_to_be_confirmed(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.to_items([AKISHIMA])
    off = in_days(9)
    weekday = Workdays(weekdays=frozenset(range(7)), closed_on=frozenset([off]), open_on_holidays=True)
    weekday = replace(weekday, open_at_year_end=True)
    set_window(monkeypatch, "akishima-water", earliest=LeadTime(3), workdays_only=True, workdays=weekday)
    response = applicant.post("items", typed(arrive=off))
    assert response.status_code == 422
    assert f"からあと（{off.month}月{off.day}日" in read(response)
    assert applicant.post("items", typed(arrive=in_days(8))).status_code == 303


def test_an_empty_window_names_no_days(applicant: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    applicant.to_items([AKISHIMA])
    set_window(monkeypatch, "akishima-water", earliest=LeadTime(10), latest=LeadTime(5))
    page = read(applicant.post("items", typed(arrive=in_days(9))))
    assert "いま選べる日はありません。お電話ください。" in page


def test_a_past_day_is_accepted_where_the_window_allows_it(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant.to_items([AKISHIMA])
    set_window(monkeypatch, "akishima-water", earliest=LeadTime(-14))
    assert applicant.post("items", typed(arrive=in_days(-15))).status_code == 422
    assert applicant.post("items", typed(arrive=in_days(-14), leave=in_days(-10))).status_code == 303


def test_a_card_company_may_be_told_after_the_move(applicant: Applicant) -> None:
    applicant.to_items([JCB])
    assert applicant.post("items", typed(arrive=in_days(-60))).status_code == 303


@pytest.mark.parametrize(
    ("leave", "arrive", "asked"),
    [
        (20, 20, ""),
        (20, 6, ""),  # two weeks of both homes
        (21, 6, "逆になっていないか"),
        (5, 36, ""),
        (5, 37, "月をお確かめください"),
    ],
)
def test_an_unusual_order_of_days_has_to_be_confirmed(
    applicant: Applicant, leave: int, arrive: int, asked: str
) -> None:
    applicant.to_items(["gas:stop:tokyo-gas", AKISHIMA])
    items = typed(leave=in_days(leave), arrive=in_days(arrive))
    response = applicant.post("items", items)
    if not asked:
        assert response.status_code == 303
        return
    page = response.content.decode()
    assert response.status_code == 422
    assert f"新しい住まいに入る日: {'入る日' if leave > arrive else '出る日'}" in read(response)
    assert page.count(asked) == 2
    assert applicant.post("items", items | ticks(page)).status_code == 303


@pytest.mark.parametrize(
    ("on", "complaint"),
    [
        (("2026", "2", "30"), "カレンダーにありません"),
        (("令和", "12", "5"), "「令和」は年として読めません"),
        (("1999", "", ""), "月と日を入れてください"),
        (("", "", ""), "年・月・日を数字で"),
        (("らいねん", "1", "1"), "「らいねん」は年として読めません"),
    ],
)
def test_an_impossible_day_is_refused(applicant: Applicant, on: tuple[str, str, str], complaint: str) -> None:
    applicant.to_items([WATERWORKS])
    response = applicant.post("items", typed() | {f"move.leave_on_{place}": text for place, text in enumerate(on)})
    page = response.content.decode()
    assert response.status_code == 422
    assert complaint in page
    for place, text in enumerate(on):
        assert f'name="move.leave_on_{place}"' in page
        assert f'value="{text}"' in page


@pytest.mark.parametrize(("days", "complaint"), [(366, ""), (367, "1年より先"), (-183, ""), (-367, "1年より前")])
def test_a_day_more_than_a_year_away_is_refused(applicant: Applicant, days: int, complaint: str) -> None:
    applicant.to_items([JCB])
    response = applicant.post("items", typed() | day("move.arrive_on", in_days(days)))
    assert response.status_code == (422 if complaint else 303)
    assert complaint in read(response)


def test_last_years_number_gets_one_sentence_and_no_offer_to_go_on(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS, AKISHIMA, JCB])
    on, arrive = in_days(10), in_days(9)
    habit = typed() | day("move.leave_on", on.replace(year=on.year - 1))
    habit |= day("move.arrive_on", arrive.replace(year=arrive.year - 1))
    response = applicant.post("items", habit)
    page = response.content.decode()
    assert response.status_code == 422
    assert read(response).count("半年より前の日です") == 4  # at each of two fields, and in the summary
    assert f"{on.year}年{on.month}月{on.day}日" in page
    assert "2か所" in read(response)
    assert not ticks(page)


@pytest.mark.parametrize(("days", "status"), [(-183, 303), (-184, 422)])
def test_a_change_of_address_is_told_late_where_the_mover_confirms_it(
    applicant: Applicant, days: int, status: int
) -> None:
    applicant.to_items([JCB])
    late = typed() | day("move.arrive_on", in_days(days))
    response = applicant.post("items", late)
    assert response.status_code == status
    if status == 422:
        assert applicant.post("items", late | ticks(response.content.decode())).status_code == 303


@pytest.mark.parametrize("form", ["{era}", "R{year}", "令和{year}年", "{short}", "{year}"])
def test_a_year_is_read_as_people_write_it(applicant: Applicant, form: str) -> None:
    applicant.to_items([WATERWORKS])
    on = in_days(10)
    year = {"era": f"令和{on.year - 2018}", "year": on.year - 2018, "short": on.year % 100}
    assert applicant.post("items", typed() | {"move.leave_on_0": form.format(**year)}).status_code == 303
    assert applicant.entries.items["move.leave_on"] == on.isoformat()


def test_the_year_stands_in_the_field_already(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS])
    page = applicant.get("items").content.decode()
    assert f'name="move.leave_on_0" id="id_move.leave_on" value="{in_days(14).year}"' in page


def test_full_width_digits_are_read(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS])
    on = in_days(10)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    days = {name: text.translate(wide) for name, text in day("move.leave_on", on).items()}
    assert applicant.post("items", typed() | days).status_code == 303
    assert applicant.entries.items["move.leave_on"] == on.isoformat()
