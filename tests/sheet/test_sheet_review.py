"""Review of a form for its author: what may just be written, and what contradicts itself."""

from pathlib import Path

import pytest

from renrakucho.sheet.sheet_review import sheet_mistakes
from tests.sheet.cast import FORM, SOURCE

DAY_AND_PLACE = """
[[blank]]
name = "day"
label = "日"
say = "{move.leave_on}"

[[blank]]
name = "block"
label = "番地"
say = "{origin.block}"
"""
RULES = f"""
[rules]
{SOURCE}slots = {{ choices = ["午前", "午後"], wishes = 2 }}
"""
WISH = """
[[blank]]
name = "wish%d"
label = "第%d希望"
ask = "choice"
choices = "slots"
"""
NUMBER = """
[[blank]]
name = "number"
label = "番号"
ask = "text"
longest = 10
help = "検針票にあります。"
example = "12"
"""


def mistakes(folder: Path, text: str, version: int = 1) -> list[str]:
    folder = folder / "some-water"
    folder.mkdir()
    path = folder / "stop.toml"
    head = FORM.replace("blank = []\n", "").replace("version = 1", f"version = {version}")
    path.write_text(head + DAY_AND_PLACE + text, "utf-8")
    return [mistake.message for mistake in sheet_mistakes(path)]


def blank(**keys: object) -> str:
    """One more blank."""
    lines = (f"{key} = {value if isinstance(value, int) else repr(value)}" for key, value in keys.items())
    return "\n".join(["[[blank]]", 'name = "x"', 'label = "ほか"', *lines, ""])


@pytest.mark.parametrize(
    "text",
    [
        blank(say="{person.family_name}", longest=1, longest_bytes=1),
        blank(say="{person.family_name}", longest=2000, longest_bytes=2000),
        blank(fixed="水道", longest=2, longest_bytes=6),
        blank(ask="text", longest=2, help="検針票", example="12", pattern="[0-9]+", pattern_help="数字"),
        blank(ask="text", longest_bytes=9, help="検針票", example="12"),
        blank(say="{payment.final}") + 'words = { account = "1", card = "1", slip = "1", on_site = "1" }\n',
        blank(ask="choice") + 'choices = [["1", "一"], ["2", "二"]]\n',
        f'[window]\nfact = "move.leave_on"\n{SOURCE}',
        WISH % (1, 1) + RULES,
        WISH % (1, 1) + WISH % (2, 2) + RULES,
        NUMBER + f'[rules]\n{SOURCE}without_number = {{ number = "番号", way = "may_be_blank" }}\n',
        NUMBER
        + "required = true\n"
        + f'[rules]\n{SOURCE}without_number = {{ number = "番号", way = "phone_only", words = "電話" }}\n',
        NUMBER + f'[rules]\n{SOURCE}without_number = {{ number = "別の番号", way = "phone_only", words = "電話" }}\n',
        blank(fixed="1", required=1).replace("required = 1", "required = true")
        + f'[rules]\n{SOURCE}without_number = {{ number = "ほか", way = "may_be_blank" }}\n',
    ],
)
def test_what_may_just_be_written_is_no_mistake(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (blank(say="{person.family_name}", longest=0), "longest is not between 1 and 2000"),
        (blank(say="{person.family_name}", longest_bytes=2001), "longest_bytes is not between 1 and 2000"),
        (blank(fixed="水道", longest=1), "longer than longest = 1"),
        (blank(fixed="水道", longest_bytes=5), "longer than longest_bytes = 5"),
        (blank(ask="text", longest=2, help="検針票"), "both are needed"),
        (blank(ask="text", longest=2, example="12"), "both are needed"),
        (blank(ask="text", longest=2, example="12", help="検針票", pattern="[0-9]+"), "pattern_help has to say"),
        (blank(ask="text", longest=2, help="検針票", pattern="[0-9]+", pattern_help="数字"), "both are needed"),
        (NUMBER.replace('"番号"', '"クレジットカード番号"'), "no form here may ask for"),
        (NUMBER.replace('"番号"', '"暗証番号"'), "no form here may ask for"),
        (f'[window]\nfact = "move.arrive_on"\n{SOURCE}', "the window binds move.arrive_on"),
        (WISH % (1, 1) + WISH % (2, 2) + WISH % (3, 3) + RULES, "the rules take only wishes = 2"),
        (
            NUMBER
            + f'required = true\n[rules]\n{SOURCE}without_number = {{ number = "番号", way = "may_be_blank" }}\n',
            "so 'number' needs required = false",
        ),
        (
            NUMBER + f'[rules]\n{SOURCE}without_number = {{ number = "番号", way = "phone_only", words = "電話" }}\n',
            "so 'number' needs required = true",
        ),
    ],
)
def test_a_contradiction_is_told_once_and_alone(tmp_path: Path, text: str, told: str) -> None:
    (message,) = mistakes(tmp_path, text)
    assert told in message


def test_versions_count_from_one(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "", version=0) == ["version counts from 1"]


def test_two_blanks_with_one_label_are_told_each(tmp_path: Path) -> None:
    told = mistakes(tmp_path, NUMBER + NUMBER.replace('"number"', '"second"'))
    assert told == ["several blanks have the label '番号': nobody can tell them apart"] * 2
