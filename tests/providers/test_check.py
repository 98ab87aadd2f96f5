"""Whoever writes a provider's folder is told every mistake, with the file and the line it stands in."""

import shutil
from pathlib import Path

import pytest

from renrakucho.notice.folder_check import check_folder
from tests.providers.cast import ROOT

AKISHIMA = ROOT / "providers/akishima-water"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(AKISHIMA, tmp_path / "akishima-water"))


@pytest.mark.parametrize("path", sorted((ROOT / "providers").iterdir()), ids=lambda path: path.name)
def test_no_provider_has_a_mistake(path: Path) -> None:
    assert check_folder(path) == []


@pytest.mark.parametrize(
    ("name", "before", "after", "message"),
    [
        ("stop", 'title = "', "title = ", "this is no TOML: "),
        ("stop", "version = 2", 'version = "2"', "version is not a number"),
        ("stop", "version = 2", "version = 0", "version counts from 1"),
        ("stop", "version = 2", "version = 2\nverion = 2", "a form has no 'verion'"),
        ("stop", 'channel = "inbox"', 'channel = "fax"', "channel 'fax' is not one of weblink, inbox"),
        (
            "stop",
            'channel = "inbox"',
            'channel = "inbox"\nencoding = "Shift-JIS"',
            "encoding 'Shift-JIS' is not one of",
        ),
        ("stop", 'channel = "inbox"', 'channel = "inbox"\nencoding = "EUC-JP"', "encoding is for a web link"),
        ("stop", 'channel = "inbox"', 'channel = "inbox"\nasked_there = ["x"]', "asked_there is for a web link"),
        ("stop", 'change = "until_accepted"', 'change = "sometimes"', "'sometimes' is not one of until_accepted"),
        ("stop", "longest = 60", "longest = 0", "longest is not between 1 and 2000"),
        ("stop", "longest = 60", "longest = 2001", "longest is not between 1 and 2000"),
        (
            "stop",
            "longest = 60",
            "longest = 3",
            "the most ordinary mover does not fit: ご契約者のお名前 (holder_name) takes 3",
        ),
        ("stop", "{holder.family_name}", "{holder.surname}", "there is no fact 'holder.surname'"),
        ("stop", "{holder.family_name}", "{holder.family_name|shout}", "there is no way 'shout' of saying a fact"),
        ("stop", "{holder.family_name}", "{move.leave_on|wide|year}", "a fact cannot be said in this way"),
        (
            "stop",
            "{holder.family_name}",
            "{holder.family_name|phone1}",
            "says a phone number, and holder.family_name is none",
        ),
        ("stop", 'label = "ご契約者のお名前"', 'label = ""', "label is empty"),
        ("start", "{move.arrive_on|", "{move.leave_on|", "no blank says move.arrive_on"),
        ("provider", 'industry = "water"', 'industry = "watre"', "industry 'watre' is not one of electricity"),
        ("provider", 'industry = "water"', 'industry = "water"\nmobile = 1', "there is no key 'mobile'"),
        ("provider", "042-543-6111", "042 543", "'042 543' is no phone number"),
        ("provider", "nationwide = false", "nationwide = true", "either nationwide is true, or directory_ids"),
        ("provider", "nationwide = false", 'nationwide = "no"', "nationwide is not true or false"),
        ("provider", 'homepage = "https', 'homepage = "htps', "homepage does not begin with https://"),
        ("provider", "昭島市水道部", "…", "still has to be filled in"),
    ],
)
def test_a_mistake_is_reported_with_its_line(folder: Path, name: str, before: str, after: str, message: str) -> None:
    path = folder / f"{name}.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1) if "move." not in before else text.replace(before, after), "utf-8")
    told = [finding for finding in check_folder(folder, golden=False) if message in finding.mistake.message]
    assert told, check_folder(folder)
    assert str(told[0]).startswith(f"akishima-water/{name}.toml:{told[0].mistake.line}: ")
    if "no blank says" not in message:
        line = path.read_text("utf-8").splitlines()[told[0].mistake.line - 1]
        key = after.splitlines()[-1].split(" = ")[0].strip()
        assert key in line or after in line


BLANKS = """
[[blank]]
name = "a"
label = "番号"
ask = "text"

[[blank]]
name = "b"
label = "番号"
ask = "text"
help = "検針票にあります。"
example = "12"
longest = 1
pattern = "[0-9]"

[[blank]]
name = "c"
label = "支払い"
say = "{payment.final}"
words = { account = "1" }

[[blank]]
name = "d"
label = "種類"
ask = "choice"
choices = [["1", "一"], ["1", "二"]]
"""


def test_mistakes_of_all_blanks_are_reported_at_once(folder: Path) -> None:
    path = folder / "stop.toml"
    end = len(path.read_text("utf-8").splitlines())
    path.write_text(path.read_text("utf-8") + BLANKS, "utf-8")
    told = [(finding.mistake.line - end, finding.mistake.message) for finding in check_folder(folder)]
    expected = [
        (4, "several blanks have the label '番号'"),
        (5, "blank 'a': help says where"),
        (5, "blank 'a': longest is needed"),
        (9, "several blanks have the label '番号'"),
        (12, "blank 'b': the example '12' does not fit the pattern"),
        (12, "blank 'b': the example is longer than longest = 1"),
        (14, "blank 'b': pattern_help has to say"),
        (20, "blank 'c': words have no code for card, slip, on_site of payment.final"),
        (26, "blank 'd': two choices have the same code"),
    ]
    assert len(told) == len(expected)
    for (line, message), (at, begins) in zip(sorted(told), expected, strict=True):
        assert (line, message[: len(begins)]) == (at, begins)


def test_mistakes_of_several_parts_are_reported_at_once(folder: Path) -> None:
    path = folder / "stop.toml"
    text = path.read_text("utf-8").replace("longest = 60", 'longest = "60"')
    path.write_text(text + '\n[window]\nfact = "move.left_on"\n[rules]\nfee = {}\n', "utf-8")
    told = [str(finding) for finding in check_folder(folder)]
    assert any("longest is not a number" in line for line in told)
    assert any("window: 'source' is missing" in line for line in told)
    assert any("rules: 'source' is missing" in line for line in told)


def test_a_web_link_has_rules_of_its_own(folder: Path) -> None:
    path = folder / "stop.toml"
    path.write_text(path.read_text("utf-8").replace('"inbox"', '"weblink"'), "utf-8")
    told = [finding.mistake.message for finding in check_folder(folder)]
    assert any("asks its own items itself" in line for line in told)
    assert any("cannot be changed here" in line for line in told)


def test_a_code_that_the_charset_does_not_have(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "providers/tokyo-waterworks", tmp_path / "tokyo-waterworks"))
    path = folder / "stop.toml"
    path.write_text(path.read_text("utf-8").replace('"港区" = "港区"', '"港区" = "鷗区"'), "utf-8")
    (told,) = check_folder(folder)
    assert "'鷗区' cannot be said in Shift_JIS" in told.mistake.message


def test_an_outdated_or_missing_golden_file_is_reported(folder: Path) -> None:
    (folder / "stop.golden").write_bytes(b"old")
    (folder / "start.golden").unlink()
    assert [finding.mistake.message.partition(";")[0] for finding in check_folder(folder)] == [
        "stop.golden is not what arrives now",
        "start.golden is not what arrives now",
    ]
    assert check_folder(folder, golden=False) == []


def test_missing_and_stray_files_are_reported(folder: Path) -> None:
    (folder / "provider.toml").unlink()
    (folder / "notes.txt").write_text("")
    told = [str(finding) for finding in check_folder(folder)]
    assert told[0] == "akishima-water/provider.toml:1: the file is missing; it says who the provider is"
    assert told[1].startswith("akishima-water/notes.txt:1: this file does not belong here")


def test_a_file_in_another_charset_is_reported(folder: Path) -> None:
    path = folder / "stop.toml"
    path.write_bytes(path.read_text("utf-8").encode("utf-16"))
    assert str(check_folder(folder)[0]) == "akishima-water/stop.toml:1: the file is not written in UTF-8"
