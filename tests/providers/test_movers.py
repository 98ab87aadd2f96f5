"""Whoever moves: a form is filled or says why it cannot be, and what is filled is taken at the other end."""

from hypothesis import given, settings

from renrakucho.lib.browser_encoding import form_body
from renrakucho.notice.sample_movers import sample_answers, sample_facts
from renrakucho.sheet.fill import CannotSay, fill_sheet
from tests.providers.cast import SHEETS
from tests.providers.movers import movers
from tests.providers.stand_in import as_read, faults_there, read_there


@given(movers())
@settings(max_examples=100, deadline=None)
def test_every_form_is_filled_or_says_why_not(facts: dict[str, str]) -> None:
    for sheet in SHEETS:
        names = [blank.name for blank in sheet.blanks]
        try:
            filled = fill_sheet(sheet, facts, sample_answers(sheet))
        except CannotSay as error:
            wrong = [problem.blank.name for problem in error.problems]
            assert wrong == [name for name in names if name in wrong]
        else:
            assert [line.name for line in filled.lines] == names


@given(movers())
@settings(max_examples=60, deadline=None)
def test_the_stand_in_accepts_every_filled_form(facts: dict[str, str]) -> None:
    for sheet in SHEETS:
        if sheet.channel != "weblink":
            continue
        try:
            filled = fill_sheet(sheet, facts | _where_served(sample_facts(sheet)))
        except CannotSay:
            continue
        body = form_body(filled.pairs(), sheet.encoding)
        assert read_there(sheet, body) == dict(as_read(filled.pairs(), sheet.encoding)), sheet.key
        assert faults_there(sheet, body) == [], sheet.key


def _where_served(ends: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in ends.items() if name.endswith(("prefecture", "municipality"))}
