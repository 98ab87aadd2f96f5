"""Bulk download of the whole directory as CSV and JSON."""

import csv
import io

from django.test import Client

from renrakucho.coverage.models import Coverage
from renrakucho.provider.models import Contact, Link, Office, Provider, Source
from tests.api.conftest import Described


def test_the_json_has_every_row_with_edition_date_and_licence(
    client: Client, directory: str, differs: Described
) -> None:
    response = client.get("/api/v1/directory.json")
    assert differs("/api/v1/directory.json", response) == []
    whole = response.json()
    assert whole["edition"] == directory
    assert whole["compiled_at"][4] == "-"
    assert whole["licence"]["name"] == "Apache-2.0"
    models = {"sources": Source, "providers": Provider, "offices": Office, "contacts": Contact, "links": Link}
    for name, model in {**models, "coverage": Coverage}.items():
        assert len(whole[name]) == model._base_manager.count()


def test_references_between_tables_hold(client: Client, directory: str) -> None:
    whole = client.get("/api/v1/directory.json").json()
    sources = {row["id"] for row in whole["sources"]}
    providers = {row["id"] for row in whole["providers"]}
    offices = {row["id"] for row in whole["offices"]}
    assert all(row["source"] in sources for name in ("providers", "coverage", "links") for row in whole[name])
    assert all(row["provider"] in providers for row in whole["coverage"] if row["provider"])
    assert all(row["office"] in offices for row in whole["coverage"] if row["office"])


def test_each_csv_row_is_a_fact_with_its_source(client: Client, directory: str) -> None:
    response = client.get("/api/v1/directory.csv")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert directory in response.headers["Content-Disposition"]
    assert 'rel="license"' in response.headers["Link"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == Coverage.objects.count()
    assert all(None not in row and None not in row.values() for row in rows)
    assert {(row["edition"], row["licence"]) for row in rows} == {(directory, "Apache-2.0")}
    water = [row for row in rows if (row["industry"], row["municipality_code"]) == ("water", "13224")]
    assert [row["provider_id"] for row in water] == ["tokyo-waterworks"]
    assert all(row["source"] for row in rows)


def test_a_spreadsheet_reads_the_csv_as_utf8(client: Client, directory: str) -> None:
    assert client.get("/api/v1/directory.csv").content.startswith(b"\xef\xbb\xbfindustry,")
