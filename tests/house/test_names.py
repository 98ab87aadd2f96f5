"""Public names are readable without their module. `python -m tests.house.names` prints the figures."""

from collections import Counter
from pathlib import Path

import pytest

from tests.house.names import defined_names, one_word_names, package_names, shared_names, word_count

PACKAGE = Path(__file__).resolve().parents[2] / "renrakucho"
MOST_OF_ONE_WORD = 0.25
MOST_SHARED = 0.08
# Names that take in anything, so that nobody knows what belongs there.
EMPTY_NAMES = {"utils", "util", "helpers", "services", "core", "common", "misc", "manager", "managers"}
# Module names that this house once had: each hid a pattern that has a usual name.
HIDING_NAMES = {
    "errand": "task",
    "patience": "retry policy",
    "postman": "delivery",
    "mailman": "delivery",
    "gathering": "batch",
    "proof": "address verification",
    "parcel": "message",
    "leaf": "view of a notice",
    "shelf": "loader",
    "gist": "summary",
    "door": "authentication",
    "once": "one-time value",
    "held": "saved form",
    "turns": "actions",
    "rounds": "polling",
    "legible": "readable code",
    "meant": "did you mean",
    "words": "texts of what?",
}


@pytest.fixture(scope="module")
def names() -> Counter[str]:
    found = package_names()
    assert found.total() > 500
    return found


def test_few_names_have_one_word(names: Counter[str]) -> None:
    found = one_word_names(names)
    assert found.total() <= MOST_OF_ONE_WORD * names.total(), sorted(found)


def test_few_names_are_shared_by_modules(names: Counter[str]) -> None:
    found = shared_names(names)
    assert found.total() <= MOST_SHARED * names.total(), sorted(found)


def test_no_module_has_a_name_that_says_nothing() -> None:
    code = [
        path for folder in ("renrakucho", "sandbox", "bootstrap") for path in (PACKAGE.parent / folder).rglob("*.py")
    ]
    assert code
    wrong = {str(path.relative_to(PACKAGE.parent)) for path in code if EMPTY_NAMES & {path.stem, path.parent.name}}
    assert wrong == set()


def test_no_module_name_hides_its_pattern() -> None:
    wrong = {
        str(path.relative_to(PACKAGE)): f"the usual name is {HIDING_NAMES[path.stem]}"
        for path in PACKAGE.rglob("*.py")
        if path.stem in HIDING_NAMES
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [("retry_policy", 2), ("FaxLine", 2), ("Notice", 1), ("TOTP", 1), ("new_uuid7", 2), ("HTTPAnswer", 2)],
)
def test_words_of_a_name_are_counted(name: str, words: int) -> None:
    assert word_count(name) == words


def test_only_public_names_at_the_top_level_count() -> None:
    source = "class A:\n    def b(self): ...\ndef _c(): ...\ndef d(): ...\nasync def e(): ...\nf = 1\n"
    assert defined_names(source) == ["A", "d", "e"]


def test_a_name_of_two_modules_is_shared(tmp_path: Path) -> None:
    for module, source in {"one.py": "def read(): ...", "two.py": "def read(): ...\ndef parse_day(): ..."}.items():
        (tmp_path / module).write_text(source)
    names = package_names(tmp_path)
    assert shared_names(names) == {"read": 2}
    assert one_word_names(names) == {"read": 2}
