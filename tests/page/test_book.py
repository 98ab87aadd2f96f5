from tests.page.reading import Page
from tests.page.style_sheet import BOOK, HEAD, from_string, full_book

LEAF = '{% from "page/book.html" import leaf %}'


def test_every_notice_has_one_mark_and_only_accepted_ones_are_stamped() -> None:
    page = Page(from_string(HEAD + "{% block main %}" + BOOK + "{% endblock %}", **full_book(8)))
    leaves = [leaf.attributes["class"] for leaf in page.all("article") if leaf.attributes["class"].startswith("leaf")]
    assert len(leaves) == 8
    assert [leaf for leaf in leaves if leaf.endswith("-accepted")] == ["leaf leaf-accepted"]
    assert len(list(page.all("svg", role="img"))) == 1


def test_a_notice_shows_its_day_or_that_there_is_none() -> None:
    moment = full_book(1)["accepted_at"]
    dated = from_string(LEAF + '{{ leaf("NHK", "broadcasting", "change", "entered", on=on) }}', on=moment)
    assert 'datetime="2026-12-05"' in dated
    assert "日にち未定" in from_string(LEAF + '{{ leaf("NHK", "broadcasting", "change", "entered") }}')


def test_the_movers_own_word_is_shown_until_acceptance() -> None:
    template = LEAF + '{{ leaf("NHK", "broadcasting", "change", status, own_on=on, accepted_on=on) }}'
    assert "mark-own" in from_string(template, status="handed_over", on=full_book(1)["on"])
    assert "mark-own" not in from_string(template, status="accepted", on=full_book(1)["on"])
