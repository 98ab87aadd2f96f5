"""The title of a page with errors begins with that, so that a screen reader says it first."""

import re
from pathlib import Path

import pytest

FACES = Path(__file__).resolve().parents[2] / "renrakucho" / "faces"
SUMMARY = re.compile(r"{{ (?:error_summary|other_words)\(")
TITLE = re.compile(r'{% block title %}{% if [^%]+ %}{{ _\("エラー："\) }}{% endif %}')


def templates_with_forms() -> list[Path]:
    """Return the templates that show an error summary."""
    pages = {path: path.read_text("utf-8") for path in FACES.rglob("*.html")}
    return sorted(path for path, text in pages.items() if text.startswith("{% extends") and SUMMARY.search(text))


def test_there_are_templates_with_forms() -> None:
    assert len(templates_with_forms()) > 15


@pytest.mark.parametrize("page", templates_with_forms(), ids=lambda path: path.name)
def test_a_title_begins_with_the_error(page: Path) -> None:
    assert TITLE.search(page.read_text("utf-8"))
