"""Answer resolution: from coverage rows to an answer, without the database."""

import pytest

from renrakucho.coverage.answer_resolution import resolve_answer
from renrakucho.coverage.coverage_answer import CoverageAnswer
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.offices import OfficeBook
from tests.coverage.cast import coverage


def resolved_status(town: str, *rows: Coverage) -> CoverageAnswer:
    return resolve_answer(town, rows, OfficeBook([], []))


def offered(answer: CoverageAnswer) -> list[str]:
    return [office.provider_id for office in answer.offices]


@pytest.mark.parametrize(
    ("confidence", "status"), [("official", "exact"), ("unofficial", "probably"), ("general", "probably")]
)
def test_one_provider_is_as_certain_as_its_source(confidence: str, status: str) -> None:
    answer = resolved_status("泉町", coverage("mito-water", confidence=confidence))
    assert (answer.status, offered(answer)) == (status, ["mito-water"])


def test_other_towns_of_a_split_municipality_are_by_town() -> None:
    rows = [
        coverage("a", extent="rest"),
        coverage("b", extent="listed"),
        coverage("b", town="岩淵", extent="whole"),
    ]
    assert (resolved_status("本町", *rows).status, offered(resolved_status("本町", *rows))) == ("by_town", ["a"])
    assert (resolved_status("岩淵", *rows).status, offered(resolved_status("岩淵", *rows))) == ("by_town", ["b"])


def test_a_split_municipality_asks_without_a_town() -> None:
    answer = resolved_status(
        "", coverage("a", extent="rest"), coverage("b", extent="listed"), coverage("b", town="岩淵")
    )
    assert (answer.status, offered(answer)) == ("ask", ["a", "b"])


def test_an_unofficial_town_is_only_probable() -> None:
    rows = [
        coverage("a", extent="listed"),
        coverage("b", extent="listed"),
        coverage("a", town="北"),
        coverage("b", town="南", confidence="unofficial"),
    ]
    assert resolved_status("北", *rows).status == "by_town"
    assert resolved_status("南", *rows).status == "probably"
    assert (resolved_status("東", *rows).status, offered(resolved_status("東", *rows))) == ("ask", ["a", "b"])


def test_a_town_that_is_split_itself_asks_with_the_rest() -> None:
    rows = [
        coverage("city", extent="rest"),
        coverage("prefecture", extent="listed"),
        coverage("prefecture", town="国府津", extent="part", note="国府津五丁目のみ県営"),
    ]
    answer = resolved_status("国府津", *rows)
    assert (answer.status, offered(answer), answer.note) == ("ask", ["prefecture", "city"], "国府津五丁目のみ県営")


def test_a_town_that_may_not_be_served_asks_for_the_one_that_serves_the_rest_once() -> None:
    rows = [coverage("yonden", extent="rest"), coverage("yonden", town="別子山", extent="part")]
    answer = resolved_status("別子山", *rows)
    assert (answer.status, offered(answer)) == ("ask", ["yonden"])


def test_a_town_of_two_providers_asks_for_those_two_only() -> None:
    rows = [
        coverage("a", extent="listed"),
        coverage("b", extent="listed"),
        coverage("c", extent="listed"),
        coverage("a", town="大森", extent="part"),
        coverage("b", town="大森", extent="part"),
    ]
    assert offered(resolved_status("大森", *rows)) == ["a", "b"]


def test_towns_of_one_provider_differ_by_office_only() -> None:
    rows = [coverage("a"), coverage("a", town="北")]
    assert resolved_status("北", *rows).status == "exact"


def test_a_provider_of_part_of_the_place_is_asked_for() -> None:
    answer = resolved_status("泉町", coverage("tobu-gas", extent="part", industry="gas"))
    assert (answer.status, offered(answer)) == ("ask", ["tobu-gas"])


def test_none_here_and_not_known_differ_and_name_their_source() -> None:
    none = resolved_status("泉町", coverage("", extent="none", note="水道がありません"))
    unknown = resolved_status("泉町", coverage("", extent="unknown", confidence="general"))
    assert (none.status, none.offices, none.note) == ("none_here", (), "水道がありません")
    assert (none.source, none.as_of) == ("official source", "2026-11")
    assert (unknown.status, unknown.offices, unknown.source) == ("not_known", (), "general source")
