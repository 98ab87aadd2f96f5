"""Effort: a move through the book takes few pages, presses, fields and keys, counted in a browser."""

import pytest
from playwright.sync_api import Browser

from benchmarks.effort import Effort, effort_of_days, measure, through_the_book
from tests.journeys.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_move_through_the_book_takes_little_effort(browser: Browser, house: House) -> None:
    effort, days = measure(browser, house, through_the_book), effort_of_days()
    assert effort == Effort(pages=28, presses=46, fields=31 + days.fields, keys=148 + days.keys, passed=7)
