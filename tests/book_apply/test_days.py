"""Days of the move: outside a window, in an unusual order, in a wrong year."""

import re
from dataclasses import replace

import pytest

from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.move_days import ARRIVE
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


@pytest.mark.parametrize("days", [2, 31, -1])
def test_a_day_outside_a_window_names_the_provider_and_its_days(applicant: Applicant, days: int) -> None:
    applicant.to_items([WATERWORKS, AKISHIMA])
    response = applicant.post("items", typed(leave=in_days(days), arrive=in_days(5)))
    assert response.status_code == 422
    page = read(response)
    first, last = in_days(3), in_days(30)
    assert "いまの住まいを出る日: 東京都水道局（停止）がここから受け付けるのは" in page
    assert f"{first.month}月{first.day}日" in page
    assert f"{last.month}月{last.day}日" in page
    assert "電話 03-5326-1101" in page
    assert "この日のまま進む（東京都水道局へは電話で連絡します）" in page


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
    assert "昭島市水道部（開始）がここから受け付けている日は、いまはありません。お電話ください。" in page
    assert "いま、ここから受け付けている日はありません。" in read(applicant.get("providers"))


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
        (("26", "12", "5"), "西暦4けた"),
        (("2026", "", ""), "3つとも"),
        (("", "", ""), "年・月・日を数字で"),
        (("らいねん", "1", "1"), "カレンダーにありません"),
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


@pytest.mark.parametrize(("days", "complaint"), [(366, ""), (367, "1年より先"), (-366, ""), (-367, "1年より前")])
def test_a_day_more_than_a_year_away_is_refused(applicant: Applicant, days: int, complaint: str) -> None:
    applicant.to_items([JCB])
    response = applicant.post("items", typed() | day("move.arrive_on", in_days(days)))
    assert response.status_code == (422 if complaint else 303)
    assert complaint in read(response)


def test_full_width_digits_are_read(applicant: Applicant) -> None:
    applicant.to_items([WATERWORKS])
    on = in_days(10)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    days = {name: text.translate(wide) for name, text in day("move.leave_on", on).items()}
    assert applicant.post("items", typed() | days).status_code == 303
    assert applicant.entries.items["move.leave_on"] == on.isoformat()
