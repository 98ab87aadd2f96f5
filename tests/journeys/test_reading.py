"""The script that fills in the reading of a name from the input method: it helps, and never knows better."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.house import House
from tests.journeys.input_method import type_by_input_method
from tests.journeys.mover import PHONE, Mover

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTE = "お名前の変換から入れました。ちがうときは直してください。"


@pytest.fixture(scope="module")
def items_page(browser: Browser, house: House) -> Iterator[Mover]:
    context = browser.new_context(viewport=PHONE, locale="ja-JP")
    mover = Mover(context.new_page(), house.portal, "reading@example.jp")
    mover.page.goto(house.portal)
    mover.page.get_by_label("どこから").fill("1020084")
    mover.page.get_by_label("どこへ").fill("1500001")
    mover.press("申込みをはじめる")
    mover.choose(["electricity:move:tepco-ep"])
    mover.press("次へ")
    yield mover
    context.close()


@pytest.fixture
def mover(items_page: Mover) -> Mover:
    for name in ("person.family_name", "person.family_kana"):
        items_page.field(name).fill("")
    return items_page


def type_name(mover: Mover, reading: str, text: str, latin: str = "") -> None:
    type_by_input_method(mover.page, mover.field("person.family_name"), reading, text, latin=latin)


def reading_of(page: Page) -> str:
    return page.locator('[name="person.family_kana"]').input_value()


def test_a_name_brings_its_reading_and_asks_to_look(mover: Mover) -> None:
    type_name(mover, "てしがわら", "勅使河原")
    assert reading_of(mover.page) == "テシガワラ"
    assert mover.page.get_by_text(NOTE).count() == 1
    assert mover.field("person.given_kana").input_value() == ""


def test_parts_that_are_converted_one_by_one_add_up(mover: Mover) -> None:
    type_name(mover, "やま", "山")
    type_name(mover, "だ", "田")
    assert reading_of(mover.page) == "ヤマダ"


def test_an_unfinished_n_before_the_conversion_is_a_syllable(mover: Mover) -> None:
    type_name(mover, "けん", "健")
    mover.field("person.family_name").fill("")
    type_name(mover, "け", "健", latin="n")
    assert reading_of(mover.page) == "ケン"


def test_a_reading_that_was_typed_is_never_written_over(mover: Mover) -> None:
    mover.field("person.family_kana").fill("ひがしやま")
    type_name(mover, "とうやま", "東山")
    assert reading_of(mover.page) == "ひがしやま"


def test_a_corrected_reading_stays_and_its_note_goes(mover: Mover) -> None:
    type_name(mover, "ひがしやま", "東山")
    mover.field("person.family_kana").fill("トウヤマ")
    type_name(mover, "もと", "本")
    assert reading_of(mover.page) == "トウヤマ"
    assert mover.page.get_by_text(NOTE).count() == 0


@pytest.mark.parametrize("wrong", ["山", "山田太"])
def test_a_name_that_is_changed_afterwards_loses_the_reading(mover: Mover, wrong: str) -> None:
    type_name(mover, "やまだ", "山田")
    mover.field("person.family_name").fill(wrong)
    assert reading_of(mover.page) == ""
    type_name(mover, "もと", "本")
    assert reading_of(mover.page) == ""


def test_a_suggestion_taken_after_one_letter_brings_nothing(mover: Mover) -> None:
    type_name(mover, "て", "勅使河原")
    assert reading_of(mover.page) == ""


def test_the_reading_is_kept_like_any_other_field(mover: Mover) -> None:
    with mover.page.expect_request(lambda request: "%E3%83%86%E3%82%B7" in (request.post_data or "")):
        type_name(mover, "てしがわら", "勅使河原")
