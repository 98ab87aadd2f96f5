"""Narrowing the list down, and staying in it from notice to notice."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.desk.list import notice_queue
from renrakucho.faces.desk.list.notice_queue import ListFilter, NoticeSummary, notice_summary
from renrakucho.notice.models import Notice
from renrakucho.provider.models import Office, Provider
from tests.desk.cast import AKISHIMA, address, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def on(ahead: int) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def arriving(ahead: int) -> Notice:
    return sent(move__arrive_on=on(ahead))


def shown(browser: Client, **query: str) -> list[str]:
    page = browser.get("/desk/", query).content.decode()
    return re.findall(r'href="/desk/notices/([0-9a-f-]{36})/[^"]*" data-row', page)


def test_the_day_is_the_one_the_procedure_is_about() -> None:
    assert notice_summary(arriving(8)).on == timezone.localdate() + timedelta(days=8)


@pytest.mark.parametrize(
    ("since", "until", "there"),
    [("", "", [6, 8, 10]), (8, "", [8, 10]), ("", 8, [6, 8]), (8, 8, [8]), (9, 9, []), (10, 6, [])],
)
def test_the_filter_by_day_includes_both_ends(since: int | str, until: int | str, there: list[int]) -> None:
    notices = {ahead: str(arriving(ahead).id) for ahead in (6, 8, 10)}
    query = {name: on(day) for name, day in (("since", since), ("until", until)) if isinstance(day, int)}
    assert shown(seated(clerk()), **query) == [notices[ahead] for ahead in there]


def test_the_list_is_filtered_by_procedure() -> None:
    notice = sent()
    browser = seated(clerk())
    assert shown(browser, procedure="start") == [str(notice.id)]
    assert shown(browser, procedure="stop") == []


def test_the_list_is_filtered_by_office_where_there_are_several() -> None:
    notice = sent()
    browser = seated(clerk())
    assert "営業所" not in browser.get("/desk/").content.decode()
    provider = Provider.objects.get(id=AKISHIMA)
    for name in ("東営業所", "西営業所"):
        source = {"source": provider.source, "confidence": provider.confidence}
        Office.objects.create(id=name, provider=provider, name=name, **source)
    assert "東営業所" in browser.get("/desk/").content.decode()
    assert shown(browser, office="東営業所") == []
    assert shown(browser) == [str(notice.id)]


@pytest.mark.parametrize(
    ("narrow", "it", "taken"),
    [
        (ListFilter(office="東"), NoticeSummary(None, "東"), True),
        (ListFilter(office="東"), NoticeSummary(None, "西"), False),
        (ListFilter(since=date(2026, 12, 1)), NoticeSummary(None, ""), False),
        (ListFilter(until=date(2026, 12, 1)), NoticeSummary(date(2026, 12, 1), ""), True),
    ],
)
def test_a_filter_lets_matching_notices_through(narrow: ListFilter, it: NoticeSummary, taken: bool) -> None:
    assert narrow.matches(it) is taken


def test_an_invalid_day_is_explained_and_stays_in_its_field() -> None:
    notice = sent()
    browser = seated(clerk())
    page = browser.get("/desk/", {"since": "あした"}).content.decode()
    assert "日付の形がちがいます" in page
    assert 'value="あした"' in page
    assert shown(browser, since="あした", procedure="start") == [str(notice.id)]


def test_a_filter_stops_at_its_limit_and_continues_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_queue, "MOST_OPENED", 2)
    monkeypatch.setattr("renrakucho.faces.desk.list.notice_list.MOST_OPENED", 2)
    for ahead in (6, 7, 9):
        wanted = arriving(ahead)
    browser = seated(clerk())
    page = browser.get("/desk/", {"since": on(9)}).content.decode()
    assert "上から2件までを調べました" in page
    following = re.search(r"after=([0-9a-f-]{36})", page)
    assert following
    assert shown(browser, since=on(9), after=following[1]) == [str(wanted.id)]


def test_the_pages_of_a_filtered_list_leave_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renrakucho.faces.desk.list.notice_list.PAGE", 2)
    wanted = [str(arriving(ahead).id) for ahead in (8, 9, 6, 8, 9, 6, 8)]
    wanted = [key for key, ahead in zip(wanted, (8, 9, 6, 8, 9, 6, 8), strict=True) if ahead >= 8]
    browser, seen, query = seated(clerk()), [], {"since": on(8)}
    while query:
        page = browser.get("/desk/", query).content.decode()
        seen += re.findall(r'href="/desk/notices/([0-9a-f-]{36})/[^"]*" data-row', page)
        following = re.search(r"after=([0-9a-f-]{36})", page)
        query = {"since": on(8), "after": following[1]} if following else {}
    assert seen == wanted


def test_the_next_notice_is_of_the_filtered_list() -> None:
    first, _other, third = arriving(8), arriving(6), arriving(8)
    browser = seated(clerk())
    query = f"?since={on(8)}"
    page = browser.get(address("notice", first.id) + query).content.decode()
    assert f'{address("notice", third.id)}{query}" data-key="j"' in page
    led = browser.post(address("accept", first.id) + query, {"number": "1"})
    assert led["Location"] == address("notice", third.id) + query
    led = browser.post(address("accept", third.id) + query, {"number": "2"})
    assert led["Location"] == f"/desk/{query}"
    assert "絞り込んだ一覧に、未処理はもうありません" in browser.get("/desk/").content.decode()


def test_a_refused_answer_leads_back_to_the_filtered_list() -> None:
    notice = arriving(8)
    query = f"?since={on(8)}"
    led = seated(clerk()).post(address("accept", notice.id) + query, {"number": ""})
    assert led["Location"] == address("notice", notice.id) + query


def test_the_day_is_sealed_in_the_database() -> None:
    arriving(8)
    assert on(8) not in str(list(Notice.objects.values()))
