from pathlib import Path

from sandbox.manual import manual
from sandbox.sites import SITES

FORMS_MD = Path(__file__).parents[2] / "sandbox" / "FORMS.md"


def test_the_manual_matches_the_forms() -> None:
    assert FORMS_MD.read_text() == manual(), "run: python -m sandbox.manual > sandbox/FORMS.md"


def test_a_form_uses_each_name_once() -> None:
    for site in SITES.values():
        for form in site.forms:
            names = [blank.name for blank in form.blanks]
            assert len(names) == len(set(names))
            assert site.back not in names
            assert all(set(day.names) <= set(names) for day in form.days)
