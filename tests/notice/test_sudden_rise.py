"""Sudden rises: at a provider against its own last weeks, and of books that leave one address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.notice.models import Notice, Status
from renrakucho.notice.sudden_rise import rises_at, rises_everywhere
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

AKISHIMA = "akishima-water"


def told(count: int, days_ago: float, *, channel: str = "inbox") -> None:
    """So many notices to 昭島市水道部, of as many homes, entered so many days ago."""
    like = cast.notice("water:start:akishima-water")
    at = timezone.now() - timedelta(days=days_ago)
    written = {
        "written_at": at,
        "created_at": at,
        "status": Status.SENT,
        "channel": channel,
        "provider": AKISHIMA,
        "industry": "water",
    }
    first = Notice.objects.count()
    Notice.objects.bulk_create(
        Notice(
            number=str(10**11 + first + at_),
            book=like.book,
            offer=f"x:{first + at_}",
            procedure="start",
            position=0,
            draft=b"",
            **written,
        )
        for at_ in range(count)
    )


def test_thirty_a_day_are_a_rise_at_a_provider_that_had_none() -> None:
    told(29, 0.5)
    assert rises_at(AKISHIMA) == []
    told(1, 0.5)
    (rise,) = rises_at(AKISHIMA)
    assert (rise.count, rise.usual, rise.origin_hash) == (30, 0, "")
    assert rises_everywhere() == [rise]


def test_a_rise_is_more_than_three_times_the_mean_day_of_four_weeks() -> None:
    told(28 * 10, 14)  # ten a day
    told(30, 0.5)
    assert rises_at(AKISHIMA) == []
    told(1, 0.5)
    assert [rise.count for rise in rises_at(AKISHIMA)] == [31]


def test_web_links_and_what_is_older_than_a_day_are_no_rise() -> None:
    told(100, 0.5, channel="weblink")
    told(100, 1.1)
    assert rises_everywhere() == []


def test_three_books_that_leave_one_home_are_a_rise_and_two_are_none() -> None:
    books = [cast.book(["water:start:akishima-water"], contact__email=f"a{n}@example.jp") for n in range(4)]
    for book in books[:2]:
        book.notices.update(written_at=timezone.now(), origin_hash="home", channel="inbox")
    assert rises_at(AKISHIMA) == []
    books[2].notices.update(written_at=timezone.now(), origin_hash="home", channel="inbox")
    books[3].notices.update(written_at=timezone.now(), origin_hash="another", channel="inbox")
    (rise,) = rises_at(AKISHIMA)
    assert (rise.count, rise.origin_hash, len(rise.numbers)) == (3, "home", 3)
    books[2].notices.update(written_at=timezone.now() - timedelta(days=8))
    assert rises_everywhere() == []
