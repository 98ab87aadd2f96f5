"""By when each leaf has to be dealt with, and the order of the book."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.book.apply_by_texts import apply_by_sentence
from renrakucho.notice.apply_by import ApplyBy
from renrakucho.notice.models import Notice, Status
from renrakucho.page.formatting import format_day
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.notice_view import in_order_of_deadline, notice_view
from renrakucho.sheet.window import JAPAN
from tests.book.opened import open_book_of, page_text
from tests.receipt.cast import sent

WATER_STOP, WATER_START = "water:stop:tokyo-waterworks", "water:start:tokyo-waterworks"
TEPCO, NHK = "electricity:stop:tepco-ep", "broadcasting:change:nhk"
NOW = datetime(2026, 11, 28, 12, tzinfo=JAPAN)
BY = ApplyBy(on=date(2026, 12, 9))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def in_one_line(response: Any) -> str:
    return " ".join(page_text(response).split())


def order_of(client: Client) -> list[str]:
    """The leaves of the book page by notice number."""
    return re.findall(r'id="leaf-(\d+)"', client.get("/book/").content.decode())


def number_of(offer: str) -> str:
    return Notice.objects.get(offer=offer).number


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (replace(BY, closes_at=datetime(2026, 12, 7, tzinfo=JAPAN)), "12月6日(日)までに手続してください。"),
        (replace(BY, closes_at=datetime(2026, 12, 6, 17, tzinfo=JAPAN)), "12月6日(日) 17:00までに手続してください。"),
        (
            replace(BY, closes_at=datetime(2026, 11, 28, 17, tzinfo=JAPAN)),
            "きょう、11月28日(土) 17:00までに手続してください。",
        ),
        (
            replace(BY, closes_at=datetime(2026, 11, 28, 12, tzinfo=JAPAN)),
            "受付は11月28日(土) 12:00に終わりました。お電話でご連絡ください。",
        ),
        (
            replace(BY, opens_on=date(2026, 11, 29), closes_at=datetime(2026, 12, 7, tzinfo=JAPAN)),
            "受付は11月29日(日)に始まります。12月6日(日)までに手続してください。",
        ),
        (
            replace(BY, opens_on=date(2026, 11, 29)),
            "受付は11月29日(日)に始まります。締切はわかりません。12月2日(水)までに手続することを、おすすめします。",
        ),
        (replace(BY, is_refused=True), "この日は、インターネットでは受け付けていません。お電話でご連絡ください。"),
        (BY, "締切はわかりません。12月2日(水)までに手続することを、おすすめします。"),
        (ApplyBy(on=date(2026, 12, 4)), "締切はわかりません。お早めに手続してください。"),
        (
            ApplyBy(on=date(2026, 11, 30)),
            "締切はわかりません。引越しの日が近いので、受付が終わっているかもしれません。"
            "先にお電話でお確かめください。",
        ),
        (
            ApplyBy(on=date(2026, 11, 27)),
            "引越しの日を過ぎています。受付が終わっているかもしれません。先にお電話でお確かめください。",
        ),
        (ApplyBy(on=date(2026, 11, 27), is_bound_to_day=False), "引越しの日を過ぎています。お早めに手続してください。"),
        (ApplyBy(on=None), "締切はわかりません。お早めに手続してください。"),
    ],
)
def test_by_when_is_said_in_a_sentence(by: ApplyBy, sentence: str) -> None:
    assert apply_by_sentence(by, NOW) == sentence


@pytest.mark.django_db
def test_a_leaf_says_by_when_and_shows_that_day_large_beside_the_move(directory: str, client: Client) -> None:
    open_book_of(client, [WATER_STOP], move__leave_on=in_days(12).isoformat())
    page = in_one_line(client.get("/book/"))
    by = in_days(9)
    assert f"締切 {by.month}月 {by.day} " in page
    assert f"引越し {format_day(in_days(12))}" in page
    assert f"{format_day(by)}までに手続してください。" in page
    assert "インターネットで受け付ける日" not in page
    leaf = client.get(f"/book/notices/{Notice.objects.get().id}/")
    assert f"{format_day(by)}までに手続してください。" in page_text(leaf)


@pytest.mark.django_db
def test_a_provider_without_a_rule_is_no_deadline(directory: str, client: Client) -> None:
    open_book_of(client, [TEPCO], move__leave_on=in_days(12).isoformat())
    page = in_one_line(client.get("/book/"))
    assert f"おすすめ {in_days(5).month}月 {in_days(5).day} " in page
    assert f"締切はわかりません。{format_day(in_days(5))}までに手続することを、おすすめします。" in page


@pytest.mark.django_db
def test_a_day_that_is_taken_later_says_from_when_and_that_the_form_is_closed_until_then(
    directory: str, client: Client
) -> None:
    open_book_of(client, [WATER_STOP], move__leave_on=in_days(40).isoformat())
    page = in_one_line(client.get("/book/"))
    assert f"受付は{format_day(in_days(10))}に始まります。{format_day(in_days(37))}までに手続してください。" in page
    assert not notice_view(Notice.objects.get()).may_begin


@pytest.mark.django_db
def test_a_late_leaf_says_whom_to_call_and_shows_no_day_to_act_by(directory: str, client: Client) -> None:
    open_book_of(client, [TEPCO], move__leave_on=in_days(2).isoformat())
    page = in_one_line(client.get("/book/"))
    assert "受付が終わっているかもしれません。先にお電話でお確かめください。 0120-995-113" in page
    assert "おすすめ" not in page


@pytest.mark.django_db
def test_the_book_is_in_the_order_of_the_deadlines(directory: str, client: Client) -> None:
    """The card is told by the day of the move itself, so it comes last although that day is the first."""
    days = {"move__leave_on": in_days(20).isoformat(), "move__arrive_on": in_days(19).isoformat()}
    open_book_of(client, [TEPCO, WATER_STOP, "electricity:start:tepco-ep", NHK], **days)
    expected = ["electricity:start:tepco-ep", TEPCO, WATER_STOP, NHK]  # 12, 13, 17 and 19 days from now
    assert order_of(client) == [number_of(offer) for offer in expected]
    withdraw_notice(Notice.objects.get(offer="electricity:start:tepco-ep"))
    expected = [TEPCO, WATER_STOP, NHK, "electricity:start:tepco-ep"]
    assert order_of(client) == [number_of(offer) for offer in expected]


@pytest.mark.django_db
def test_what_waits_for_its_provider_stands_between_what_is_to_do_and_what_is_done(directory: str) -> None:
    view = notice_view(sent()[0])
    to_do, done = replace(view, status=Status.RETURNED), replace(view, status=Status.ACCEPTED)
    own_word = replace(view, status=Status.HANDED_OVER, own_word_at=timezone.now())
    assert in_order_of_deadline([own_word, view, to_do]) == [to_do, view, own_word]
    assert in_order_of_deadline([done, view, to_do]) == [to_do, view, done]
