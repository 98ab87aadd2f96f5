"""What arrives at a provider changes only on purpose. To write the files anew: renrakucho provider check --write"""

from pathlib import Path

import pytest

from renrakucho.notice.dry_run import golden_content
from renrakucho.notice.dry_run import golden_path as path_in
from renrakucho.notice.sample_movers import sample_facts
from renrakucho.sheet.fill import fill_sheet
from renrakucho.sheet.form import Sheet
from tests.providers.cast import FOLDERS, SHEETS, sheet_id
from tests.providers.stand_in import as_read, faults_there, read_there

WEB_LINKS = [sheet for sheet in SHEETS if sheet.channel == "weblink"]


def golden_path(sheet: Sheet) -> Path:
    folder = FOLDERS[sheet.provider].path
    assert folder
    return path_in(sheet, folder)


@pytest.mark.parametrize("sheet", SHEETS, ids=sheet_id)
def test_the_golden_file_is_what_arrives(sheet: Sheet) -> None:
    assert golden_content(sheet) == golden_path(sheet).read_bytes()


def test_every_golden_file_belongs_to_a_sheet() -> None:
    found = {path for folder in FOLDERS.values() for path in (folder.path.glob("*.golden") if folder.path else ())}
    assert found
    assert found == {golden_path(sheet) for sheet in SHEETS}


@pytest.mark.parametrize("sheet", WEB_LINKS, ids=sheet_id)
def test_the_stand_in_page_reads_and_accepts_the_golden_file(sheet: Sheet) -> None:
    told = fill_sheet(sheet, sample_facts(sheet)).pairs()
    assert read_there(sheet, golden_path(sheet).read_bytes()) == dict(as_read(told, sheet.encoding))
    assert faults_there(sheet, golden_path(sheet).read_bytes()) == []
