"""Help lines are data with a source each; the page shows them in its language."""

import pytest
from django.test import Client

from renrakucho.timeline.help_lines import help_lines
from tests.book.opened import page_text


def test_each_line_has_a_number_a_source_and_the_day_of_its_check() -> None:
    found = help_lines()
    assert [line.number for line in found.lines] == ["#8008", "0120-279-889", "#9110", "110"]
    for line in (*found.lines, found.support):
        assert line.source.startswith("https://")
        assert line.checked_on.year >= 2026
        assert line.name
        assert line.note


@pytest.mark.django_db
def test_the_page_shows_them_in_its_language(client: Client) -> None:
    japanese = page_text(client.get("/hidden-move/"))
    english = page_text(client.get("/hidden-move/?language=en"))
    assert "DV相談プラス" in japanese
    assert "0120-279-889" in japanese
    assert "Free, at any hour. Also by mail or chat, and in other languages." in english
    assert "The call is charged." in english
