"""What every sheet has to be, whoever writes it."""

from datetime import date

import pytest

from renrakucho.channel.channel_table import local_channel
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.rules import ProcedureRules
from renrakucho.sheet.window import ReceptionWindow
from tests.providers.cast import SHEETS, sheet_id, trial_connections
from tests.providers.stand_in import form_there

every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=sheet_id)
every_web_link = pytest.mark.parametrize(
    "sheet", [sheet for sheet in SHEETS if sheet.channel == "weblink"], ids=sheet_id
)
every_inbox = pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet.channel == "inbox"], ids=sheet_id)


@every_sheet
def test_a_sheet_names_its_source_and_the_day_of_the_check(sheet: Sheet) -> None:
    assert sheet.title
    assert sheet.source
    assert sheet.version >= 1
    assert date(2026, 11, 1) <= sheet.checked_on <= date.today()  # noqa: DTZ011 - the day it was written here
    parts: tuple[ReceptionWindow | ProcedureRules | None, ...] = (sheet.window, sheet.rules)
    for rules in (part for part in parts if part):
        assert rules.source
        assert rules.checked_on
        assert rules.checked_on <= sheet.checked_on


@every_sheet
def test_a_sheet_uses_known_facts_only(sheet: Sheet) -> None:
    assert set(sheet.facts()) <= set(CATALOGUE)


@every_sheet
def test_a_sheet_has_the_address_and_the_day(sheet: Sheet) -> None:
    """A procedure at one end tells that end's day and place."""
    facts = set(sheet.facts())
    if sheet.procedure == "stop":
        assert {"move.leave_on", "origin.block"} <= facts
    else:
        assert {"move.arrive_on", "destination.block"} <= facts
    if sheet.procedure == "start":
        assert not {name for name in facts if name.startswith("billing.")}


@every_sheet
def test_a_person_can_tell_its_blanks_apart(sheet: Sheet) -> None:
    labels = [blank.label for blank in sheet.blanks]
    assert len(labels) == len(set(labels))
    assert all(blank.pattern_help for blank in sheet.blanks if blank.pattern)


@every_sheet
def test_a_fact_with_choices_has_a_word_for_each(sheet: Sheet) -> None:
    for blank in sheet.blanks:
        choices = [code for name in blank.facts() for code, _ in CATALOGUE[name].choices]
        assert set(choices) <= set(blank.words), blank.name


@every_sheet
def test_the_channel_of_a_sheet_can_carry_it(sheet: Sheet) -> None:
    assert sheet.channel in {"weblink", "inbox"}
    assert sheet.changeable == (not sheet.carried)


@every_sheet
def test_a_sheet_is_connected_in_the_sandbox(sheet: Sheet) -> None:
    there = trial_connections().get(sheet.provider)
    assert there, f"sandbox/connections.toml does not have [{sheet.provider}]"
    assert local_channel(there, sheet, sheet.procedure)


@every_inbox
def test_an_inbox_asks_its_own_items_in_the_book(sheet: Sheet) -> None:
    assert sheet.own_items()
    assert not sheet.asked_there
    assert sheet.encoding == "UTF-8"


@every_inbox
def test_an_own_item_can_be_answered(sheet: Sheet) -> None:
    for blank in sheet.own_items():
        assert blank.choices if blank.ask == "choice" else blank.longest, blank.name
        assert blank.choices or (blank.help and blank.example), blank.name


@every_web_link
def test_a_web_link_names_the_fields_of_the_page(sheet: Sheet) -> None:
    site, form = form_there(sheet)
    taken = {blank.name for blank in form.blanks if not blank.own}
    assert {blank.name for blank in sheet.blanks} == taken | {site.back}
    assert (sheet.encoding, sheet.title) == (site.charset, form.title)


@every_web_link
def test_a_web_link_keeps_the_rules_of_the_page(sheet: Sheet) -> None:
    _, form = form_there(sheet)
    page = {blank.name: blank for blank in form.blanks}
    for blank in sheet.blanks:
        there = page.get(blank.name)
        if there:
            assert (blank.longest, blank.required) == (there.length, there.required), blank.name
            if blank.words and there.options:
                assert set(blank.words.values()) <= {code for code, _ in there.options}, blank.name


@every_web_link
def test_a_web_link_leaves_own_items_to_the_page_and_leads_back(sheet: Sheet) -> None:
    site, form = form_there(sheet)
    assert not sheet.own_items()
    assert bool(sheet.asked_there) == any(blank.own for blank in form.blanks)
    (back,) = [blank for blank in sheet.blanks if blank.name == site.back]
    assert back.facts() == ("return.url",)
