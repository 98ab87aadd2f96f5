"""The stacks: what is where, in which order, and how one turns the pages."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.desk.list import notice_queue
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import mark_opened
from renrakucho.sheet.form import CARRIED
from tests import cast
from tests.desk.cast import AKISHIMA, WATER, clerk, needed, seated, sent
from tests.receipt.cast import accept_notice, return_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def listed(page: str) -> list[str]:
    return re.findall(r'href="/desk/notices/([0-9a-f-]{36})/" data-row', page)


def shown(browser: Client, **query: str) -> list[str]:
    return listed(browser.get("/desk/", query).content.decode())


def waited(notice: Notice, days: int) -> Notice:
    assert notice.written_at
    notice.written_at -= timedelta(days=days)
    notice.save(update_fields=["written_at"])
    return notice


def test_each_notice_is_listed_and_counted_in_the_tab_of_its_status() -> None:
    staff = clerk()
    to_do, done, returned, withdrawn = sent(), sent(), sent(), sent()
    accept_notice(done, staff, "昭水-0042")
    return_notice(returned, staff, "お客さま番号をお確かめください")
    withdraw_notice(withdrawn)
    browser = seated(staff)
    for tab, notice in (("todo", to_do), ("accepted", done), ("returned", returned), ("withdrawn", withdrawn)):
        page = browser.get("/desk/", {"tab": tab}).content.decode()
        assert listed(page) == [str(notice.id)]
        assert re.findall(r'desk-count">([^<]*)<', page) == ["1", "1", "1", "1"]
    assert "昭水-0042" in browser.get("/desk/?tab=accepted").content.decode()
    assert "お客さま番号をお確かめください" in browser.get("/desk/?tab=returned").content.decode()


def test_the_oldest_to_do_and_the_newest_done_come_first() -> None:
    staff = clerk()
    middle, newest, oldest = waited(sent(), 2), sent(), waited(sent(), 5)
    browser = seated(staff)
    assert shown(browser) == [str(each.id) for each in (oldest, middle, newest)]
    for notice in (oldest, middle, newest):
        accept_notice(notice, staff, "1")
    assert shown(browser, tab="accepted") == [str(each.id) for each in (newest, middle, oldest)]


@pytest.mark.parametrize("tab", ["todo", "accepted"])
def test_pages_follow_each_other_without_gap_or_repeat(monkeypatch: pytest.MonkeyPatch, tab: str) -> None:
    monkeypatch.setattr("renrakucho.faces.desk.list.notice_list.PAGE", 2)
    staff = clerk()
    notices = [sent() for _each in range(5)]
    for notice in notices[1:3]:  # the same moment for three of them
        Notice.objects.filter(id=notice.id).update(written_at=notices[0].written_at)
    if tab == "accepted":
        for notice in notices:
            accept_notice(notice, staff, "1")
    browser, seen, query = seated(staff), [], {"tab": tab}
    while query:
        page = browser.get("/desk/", query).content.decode()
        seen += listed(page)
        following = re.search(r"after=([0-9a-f-]{36})", page)
        query = {"tab": tab, "after": following[1]} if following else {}
    assert seen == [str(each.id) for each in notice_queue.tab_queryset(AKISHIMA, notice_queue.tab_of(tab))]
    assert len(set(seen)) == 5


def test_a_cursor_still_works_after_its_notice_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("renrakucho.faces.desk.list.notice_list.PAGE", 2)
    staff = clerk()
    _first, second, third = sent(), sent(), sent()
    accept_notice(second, staff, "1")
    assert shown(seated(staff), after=str(second.id)) == [str(third.id)]


@pytest.mark.parametrize("after", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_cursor_shows_the_first_page(after: str) -> None:
    notice = sent()
    assert shown(seated(clerk()), after=after) == [str(notice.id)]


@pytest.mark.parametrize("joint", ["", "-", " ", "ー"])
def test_a_number_that_is_read_aloud_opens_its_notice(joint: str) -> None:
    notice = sent()
    number = notice.number
    typed = joint.join((number[:4], number[4:8], number[8:])).translate(str.maketrans("12", "１２"))
    answer = seated(clerk()).get("/desk/", {"number": typed})
    assert answer["Location"] == f"/desk/notices/{notice.id}/"


def test_an_unknown_number_is_shown_in_its_field_again() -> None:
    page = seated(clerk()).get("/desk/", {"number": '123"><script>'}).content.decode()
    assert "この番号のれんらくは、貴社の窓口にありません" in page
    assert 'value="123&#34;&gt;&lt;script&gt;"' in page


def test_the_list_says_who_has_opened_a_notice() -> None:
    staff = clerk()
    notice = sent()
    browser = seated(staff)
    assert "未開封" in browser.get("/desk/").content.decode()
    mark_opened(notice, StaffActor(staff))
    page = browser.get("/desk/").content.decode()
    assert "未開封" not in page
    assert "開封 佐藤" in page


def test_a_change_is_marked_and_so_is_the_notice_that_it_replaces() -> None:
    old = sent()
    new = replace_notice(old)
    deliver_due_notices("test")
    browser = seated(clerk())
    page = browser.get("/desk/").content.decode()
    assert listed(page) == [str(new.id)]
    assert ">変更<" in page
    withdrawn = browser.get("/desk/", {"tab": "withdrawn"}).content.decode()
    assert listed(withdrawn) == [str(old.id)]
    assert ">変更済<" in withdrawn


def test_a_notice_withdrawn_before_it_was_sent_is_not_listed() -> None:
    notice = cast.notice(WATER)
    keep_draft(notice, answers=needed(notice))
    withdraw_notice(enter_notice(notice))
    assert shown(seated(clerk()), tab="withdrawn") == []


def test_the_count_of_a_tab_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_queue, "MOST_COUNTED", 1)
    sent()
    assert notice_queue.tab_count(AKISHIMA, notice_queue.TO_DO) == "1"
    sent()
    assert notice_queue.tab_count(AKISHIMA, notice_queue.TO_DO) == "1+"


def test_a_long_page_needs_no_more_queries() -> None:
    browser = seated(clerk())
    browser.get("/desk/")  # renews the session
    counted = []
    for _more in (sent(), sent()):  # a third book that leaves one address is a rise, whose notice costs one query
        sent()
        sent()
        with CaptureQueriesContext(connection) as asked:
            browser.get("/desk/")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_an_empty_desk_says_so() -> None:
    assert "未処理はありません" in seated(clerk()).get("/desk/").content.decode()


def test_a_notice_sent_by_another_channel_can_be_answered_at_the_desk() -> None:
    staff, notice = clerk(), sent()
    Notice.objects.filter(id=notice.id).update(channel="fax")
    browser = seated(staff)
    assert shown(browser) == [str(notice.id)]
    assert browser.get(f"/desk/notices/{notice.id}/").status_code == 200
    Notice.objects.filter(id=notice.id).update(channel=CARRIED)  # answered on the provider's own site
    assert shown(browser) == []
    assert browser.get(f"/desk/notices/{notice.id}/").status_code == 404
