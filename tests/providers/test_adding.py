"""docs/adding-a-provider.md is true: what it says to write can be read, and arrives as it shows."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from renrakucho.channel.channel_table import local_channel
from renrakucho.channel.connection import Connection
from renrakucho.channel.connection_file import load_connections
from renrakucho.channel.weblink.weblink_channel import form_handoff
from renrakucho.notice.folder_check import check_folder
from renrakucho.notice.management.commands.provider import Command
from renrakucho.notice.sample_movers import sample_answers, sample_facts
from renrakucho.provider.folder import provider_folders
from renrakucho.sheet.fill import fill_sheet
from renrakucho.sheet.filters import FILTERS
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.sheet_loader import load_sheets
from renrakucho.sheet.window import JAPAN
from tests.providers.cast import ROOT

PAGE = (ROOT / "docs/adding-a-provider.md").read_text("utf-8")
BLOCKS = dict(re.findall(r"```toml\n# (\S+(?: \([a-z ]+\))?)\n(.*?)```", PAGE, re.DOTALL))
SLUG = "momiji-life"


@pytest.fixture(params=["", " (web link)"], ids=["desk", "web link"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path, kind: str) -> Path:
    folder = tmp_path / "providers" / SLUG
    folder.mkdir(parents=True)
    (folder / "provider.toml").write_text(BLOCKS[f"providers/{SLUG}/provider.toml"], "utf-8")
    (folder / "change.toml").write_text(BLOCKS[f"providers/{SLUG}/change.toml{kind}"], "utf-8")
    (tmp_path / "connections.toml").write_text(BLOCKS[f"sandbox/connections.toml{kind}"], "utf-8")
    return tmp_path


def sheet_in(root: Path) -> Sheet:
    return load_sheets(provider_folders(root / "providers")[SLUG].path)["change"]


def way_in(root: Path) -> Connection:
    return load_connections(root / "connections.toml", "http://sandbox.example").connections[SLUG]


def test_the_documented_files_can_be_read_and_are_connected(root: Path) -> None:
    assert local_channel(way_in(root), sheet_in(root), "change")


@pytest.mark.parametrize("kind", [""], indirect=True)
def test_the_documented_notice_is_what_arrives_at_the_desk(root: Path) -> None:
    filled = fill_sheet(sheet_in(root), sample_facts(sheet_in(root)), sample_answers(sheet_in(root)))
    arrives = "".join(f"{line.label}: {line.text}\n" for line in filled.lines)
    assert f"```\n{arrives}```" in PAGE


@pytest.mark.parametrize("kind", [""], indirect=True)
def test_the_documented_rules_can_be_added(root: Path) -> None:
    with (root / "providers" / SLUG / "change.toml").open("a", encoding="utf-8") as file:
        file.write(BLOCKS[f"providers/{SLUG}/change.toml (rules)"])
    sheet = sheet_in(root)
    assert sheet.window
    assert sheet.window.first(datetime(2026, 12, 25, 17, tzinfo=JAPAN)) == date(2027, 1, 6)
    assert sheet.rules
    assert sheet.rules.change_until
    facts = {"move.leave_on": "2027-01-07", "move.arrive_on": "2027-01-09"}
    assert sheet.rules.change_until.last(facts) == date(2027, 1, 4)


@pytest.mark.parametrize("kind", [" (web link)"], indirect=True)
def test_the_browser_can_carry_the_web_link(root: Path) -> None:
    filled = fill_sheet(sheet_in(root), sample_facts(sheet_in(root)))
    carried = form_handoff(filled, way_in(root), "change")
    assert carried.entry == "http://sandbox.example/momiji-life/change"
    assert b"SHIMEI=%FB%FC%FA%B1%81%40" in carried.body()


@pytest.mark.parametrize("rules", ["", " (rules)"])
def test_the_documented_files_have_no_mistake(root: Path, kind: str, rules: str) -> None:
    folder = root / "providers" / SLUG
    with (folder / "change.toml").open("a", encoding="utf-8") as file:
        file.write(BLOCKS[f"providers/{SLUG}/change.toml{rules}"] if rules else "")
    assert [str(finding) for finding in check_folder(folder, golden=False)] == []


@pytest.mark.parametrize("kind", [""], indirect=True)
def test_the_documented_mistake_is_reported_in_these_words(root: Path) -> None:
    path = root / "providers" / SLUG / "change.toml"
    path.write_text(
        path.read_text("utf-8").replace("{holder.family_kana|katakana}", "{holder.family_kana|katakna}"), "utf-8"
    )
    (told,) = check_folder(path.parent, golden=False)
    shown = re.search(rf"^{SLUG}/change.toml:.*katakna.*$", PAGE, re.MULTILINE)
    assert shown
    assert str(told).startswith(shown[0].removesuffix("…"))


def test_the_documented_commands_exist() -> None:
    verbs = re.findall(r"renrakucho provider (\w+) momiji-life", PAGE)
    assert set(verbs) == {"new", "check", "try", "form"}
    for words in re.findall(r"renrakucho (provider \w+ momiji-life.*)", PAGE):
        Command().create_parser("renrakucho", "provider").parse_args(words.split()[1:])


def test_the_document_explains_every_filter_and_no_other() -> None:
    table = PAGE.partition("What forms usually want")[2].partition("\n\nWays follow")[0]
    named = set(re.findall(r"[`|]([a-z_]+[0-9]?)[`}]", table)) | set(re.findall(r"\|([a-z_]+[0-9]?)\}", table))
    assert set(FILTERS) <= named
    assert named - set(FILTERS) <= {"longest", "longest_bytes", "say", "pattern", "pattern_help", "room"}


def test_the_documented_files_exist() -> None:
    names = re.findall(r"`((?:renrakucho|sandbox|directory)/[\w./-]+)`", PAGE)
    assert names
    for name in names:
        assert (ROOT / name).exists() or SLUG in name, name
