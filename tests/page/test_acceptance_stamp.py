import itertools
import math
from datetime import UTC, date, datetime

import pytest

from renrakucho.notice.models import Status
from renrakucho.page import acceptance_stamp as stamp
from tests.page.reading import Page
from tests.page.style_sheet import from_string

MACROS = '{% from "page/marks.html" import stamp, mark, own_word %}'
RING, BAND = 57.5, -10.5  # the ring's radius; where the band with the day begins
NAMES = [
    "JCB",
    "東京ガス",
    "東京電力エナジーパートナー",
    "長生郡市広域市町村圏組合水道部",
    "株式会社ドリーム・トレイン・インターネット",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stands_between_the_ring_and_the_band(name: str) -> None:
    letters = stamp.stamp_letters(name)
    assert "".join(letter.char for letter in letters) == name
    for letter in letters:
        assert letter.radius + letter.size < RING + 1  # letters do not fill their square
        lowest = -letter.radius * math.cos(math.radians(letter.turn)) + letter.size / 2 * abs(
            math.sin(math.radians(letter.turn))
        )
        assert lowest < BAND


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_legible_and_its_letters_do_not_overlap(name: str) -> None:
    letters = stamp.stamp_letters(name)
    for one, other in itertools.pairwise(letters):
        assert one.size > 8  # of 120; the stamp is 136 px wide
        if one.radius == other.radius:
            apart = math.radians(other.turn - one.turn) * one.radius
            assert apart > 0.55 * one.size * (1 if one.char.isascii() and other.char.isascii() else 1.4)


@pytest.mark.parametrize("number", ["1", "20261205001", "K12-000-998-1234-56", "0123456789012345678901234567"])
def test_a_whole_number_fits_the_ring(number: str) -> None:
    lines = stamp.number_lines(number)
    assert "".join(line.text for line in lines) == number
    assert all(len(line.text) * line.size * 0.58 < 85 for line in lines)


def test_a_long_number_breaks_after_a_hyphen() -> None:
    assert [line.text for line in stamp.number_lines("K12-000-998-1234-56")] == ["K12-000-", "998-1234-56"]


def test_a_stamps_tilt_is_stable_and_small() -> None:
    tilts = {stamp.stamp_tilt(f"T-{number}") for number in range(200)}
    assert tilts == set(range(-7, 8))
    assert stamp.stamp_tilt("T-1") == stamp.stamp_tilt("T-1")


def test_a_stamp_is_an_image_that_can_be_read_aloud() -> None:
    page = Page(from_string(MACROS + '{{ stamp("東京ガス", on, "T-12") }}', on=date(2026, 12, 5)))
    [image] = page.all("svg", role="img")
    assert image.attributes["aria-label"] == "受理 東京ガス 2026年12月5日(土) 受付番号 T-12"
    assert [text.text for text in page.all("text")][-4:] == ["ス", "受理", "2026.12.5", "T-12"]


def test_a_stamp_shows_the_day_in_the_portals_time_zone() -> None:
    accepted_at = datetime(2026, 12, 4, 15, 0, tzinfo=UTC)
    assert "2026.12.5<" in from_string(MACROS + '{{ stamp("NHK", on) }}', on=accepted_at)


@pytest.mark.parametrize("status", Status.values)
def test_every_status_has_its_own_shape_and_label(status: str) -> None:
    shapes = {}
    for code in Status.values:
        page = Page(from_string(MACROS + "{{ mark(status) }}", status=code))
        shapes[code] = [
            tuple(sorted(shape.attributes.items())) for shape in page.elements if shape.tag in {"path", "circle"}
        ]
        if code == status:
            assert [word.text for word in page.all("span", **{"class": "mark-word"})] == [str(Status(code).label)]
    assert [code for code, shape in shapes.items() if shape == shapes[status]] == [status]


def test_the_movers_own_word_does_not_look_like_a_stamp() -> None:
    shown = from_string(MACROS + "{{ own_word(on) }}", on=date(2026, 12, 5))
    assert "circle" not in shown
    assert "受理" not in shown
    assert "12月5日(土)" in shown
