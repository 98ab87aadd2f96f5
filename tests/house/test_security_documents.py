"""docs/security.md and docs/threat-model.md name tests that exist, and commands that there are."""

import re

import pytest

from renrakucho.config.command import NOUNS
from tests.house.documents import ROOT, top_level_names

DOCUMENTS = ("docs/security.md", "docs/threat-model.md")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
COMMAND = re.compile(r"`renrakucho (\w+)[^`]*`")


def wrong_references(text: str) -> list[str]:
    """Each test, file or command that the text names and that does not exist."""
    wrong = []
    for path, name in TEST.findall(text):
        found = ROOT / path
        if not found.is_file() or (name and name not in top_level_names(found)):
            wrong.append(f"{path}::{name}" if name else path)
    return wrong + [noun for noun in COMMAND.findall(text) if noun not in {*NOUNS, "django"}]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_security_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    assert len(TEST.findall(text)) > 15
    assert wrong_references(text) == []


def test_a_test_that_is_gone_is_named() -> None:
    text = "`tests/house/test_names.py::test_of_nothing` `tests/none.py` `renrakucho nothing now`"
    assert wrong_references(text) == ["tests/house/test_names.py::test_of_nothing", "tests/none.py", "nothing"]
