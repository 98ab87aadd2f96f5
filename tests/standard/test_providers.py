"""The list of providers as a document."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from renrakucho.coverage.models import Extent
from renrakucho.mover.entries import INDUSTRIES
from renrakucho.provider.models import Confidence
from renrakucho.standard.machine_values import lg_code
from renrakucho.standard.providers import ListedProvider, ServedArea, providers_document
from renrakucho.standard.schemas import load_schema
from tests.providers.cast import FOLDERS, SHEETS
from tests.standard.cast import wrong

ROOT = Path(__file__).resolve().parents[2]
WATER = ListedProvider(
    id="some-water",
    name="ある水道局",
    industry="water",
    kana="アルスイドウキョク",
    phones=("03-0000-0000",),
    sheets=(SHEETS[0],),
    serves=(
        ServedArea("13207"),
        ServedArea("13101", "listed", ("二番町",), source="https://water.example/", as_of="2026-11"),
    ),
    source="https://water.example/",
    checked_on=date(2026, 11, 22),
)


def listing(*providers: ListedProvider) -> dict[str, Any]:
    return providers_document(
        providers,
        portal_name="引越れんらく帳",
        portal_url="https://hikkoshi.example",
        compiled_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
    )


def test_a_provider_says_what_can_be_asked_of_it_and_where_it_serves() -> None:
    said = listing(WATER)
    assert wrong(said) == []
    (one,) = said["providers"]
    assert one["procedures"] == [{"procedure": SHEETS[0].procedure, "sheet": SHEETS[0].key, "carried_by": "portal"}]
    assert one["serves"][1] == {
        "lg_code": "131016",
        "extent": "listed",
        "towns": ["二番町"],
        "source": "https://water.example/",
        "as_of": "2026-11",
    }


def test_a_code_that_earlier_readers_refuse_stands_where_they_skip_it() -> None:
    both = replace(SHEETS[0], procedure="move")
    said = listing(replace(WATER, sheets=(SHEETS[0], both)))
    assert wrong(said) == []
    (one,) = said["providers"]
    assert [form["procedure"] for form in one["procedures"]] == [SHEETS[0].procedure]
    assert [form["sheet"] for form in one["further_procedures"]] == [both.key]


def test_a_provider_that_is_only_listed_has_no_procedures() -> None:
    (one,) = listing(replace(WATER, sheets=(), serves=()))["providers"]
    assert {"procedures", "serves"}.isdisjoint(one)


def test_an_empty_list_is_a_document_too() -> None:
    assert listing()["providers"] == []
    assert wrong(listing()) == []


def test_every_provider_of_the_repository_can_be_listed() -> None:
    parts = ("name", "industry", "kana", "english", "homepage", "moving_page", "phones", "nationwide", "source")
    made = [
        ListedProvider(slug, **{part: getattr(folder, part) for part in parts}, checked_on=folder.checked_on)
        for slug, folder in FOLDERS.items()
    ]
    assert len(made) >= 12
    assert wrong(listing(*made)) == []


def test_the_check_digit_is_that_of_every_municipality() -> None:
    with (ROOT / "directory" / "municipalities.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) > 1800
    assert [row["code"] for row in rows if lg_code(row["code"]) != row["lg_code"]] == []


def test_the_codes_are_those_of_the_directory() -> None:
    one = load_schema("providers")["properties"]["providers"]["items"]["properties"]
    place = one["serves"]["items"]["properties"]
    assert set(one["industry"]["x-values"]) == set(INDUSTRIES)
    assert set(place["extent"]["enum"]) == set(Extent.values) - {"none", "unknown"}
    assert set(place["confidence"]["x-values"]) == set(Confidence.values)
