"""Who the providers are."""

import csv
import re
from datetime import date

import pytest

from renrakucho.lib.phone import parse_phone
from renrakucho.provider.folder import ProviderFolder
from tests.providers.cast import FOLDERS, ROOT, SHEETS, trial_connections

INDUSTRIES = {
    *("electricity", "gas", "water", "telephone", "broadcasting"),
    *("credit_card", "bank", "insurance", "internet"),
}
PLACED = {"electricity", "gas", "water"}
every_folder = pytest.mark.parametrize("folder", FOLDERS.values(), ids=lambda folder: folder.slug)


def test_the_fourteen_providers_of_2005_are_there() -> None:
    fourteen = {
        *("tepco-ep", "tokyo-gas", "tokyo-waterworks", "akishima-water", "kawasaki-water"),
        *("yokosuka-water", "chosei-water", "nhk", "jcb", "dc-card", "nicos", "fusion", "dti"),
        "mitsui-sumitomo",
    }
    assert fourteen == {slug for slug, folder in FOLDERS.items() if folder.named_in_2005}


@every_folder
def test_a_provider_has_its_names_and_a_source(folder: ProviderFolder) -> None:
    assert folder.name
    assert folder.english.isascii()
    assert re.fullmatch("[ァ-ヶー・ ]+", folder.kana)
    assert folder.industry in INDUSTRIES
    assert folder.source
    assert date(2026, 11, 1) <= folder.checked_on


@every_folder
def test_its_phones_can_be_called_and_its_pages_opened(folder: ProviderFolder) -> None:
    assert all(parse_phone(phone).digits == phone.replace("-", "") for phone in folder.phones)
    assert all(re.fullmatch(r"https?://\S+", url) for url in (folder.homepage, folder.moving_page) if url)
    assert not folder.since_2005 or "http" in folder.since_2005


@every_folder
def test_it_takes_the_procedures_of_its_industry(folder: ProviderFolder) -> None:
    procedures = {sheet.procedure for sheet in SHEETS if sheet.provider == folder.slug}
    assert procedures - {"move"} == ({"stop", "start"} if folder.industry in PLACED else {"change"})
    assert folder.nationwide == (folder.industry not in PLACED)


@every_folder
def test_the_directory_knows_who_serves_an_area(folder: ProviderFolder) -> None:
    with (ROOT / "directory/providers.csv").open(encoding="utf-8", newline="") as lines:
        industries = {row["id"]: row["industry"] for row in csv.DictReader(lines)}
    assert bool(folder.directory_ids) != folder.nationwide
    assert {industries.get(known) for known in folder.directory_ids} <= {folder.industry}


def test_the_folders_have_no_stray_file() -> None:
    kinds = {path.name for path in (ROOT / "providers").glob("*/*")}
    assert kinds <= {"provider.toml"} | {
        f"{name}.{end}" for name in ("stop", "start", "change", "move") for end in ("toml", "golden")
    }


def test_every_trial_connection_leads_to_a_sheet() -> None:
    sheets = {(sheet.provider, sheet.procedure): sheet for sheet in SHEETS}
    assert trial_connections()
    for slug, connection in trial_connections().items():
        assert all((slug, procedure) in sheets for procedure in connection.entries), slug
        assert slug in FOLDERS
        if connection.desk:
            assert any(sheet.channel == "inbox" for sheet in SHEETS if sheet.provider == slug)
