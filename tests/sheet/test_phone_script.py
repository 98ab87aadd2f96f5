"""A script for the phone, for companies of which nothing else is known."""

import pytest

from renrakucho.mover.facts import facts_of
from renrakucho.provider.models import Industry
from renrakucho.sheet.phone_script import general_script
from renrakucho.sheet.procedure import PROCEDURES
from tests import cast


@pytest.mark.parametrize("industry", Industry.values)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_each_industry_and_procedure_says_who_where_and_when_and_has_something_ready(
    industry: str, procedure: str
) -> None:
    entries = cast.entries(())
    facts = facts_of(entries)
    lines = general_script(industry, procedure)
    said = " ".join(line.text(facts) for line in lines)
    assert "髙﨑　太郎" in said
    for end, day in (("二番町5-6", "move.leave_on"), ("昭和町1-2-3", "move.arrive_on")):
        wanted = procedure in ("change", "move") or (procedure == "stop") == (end == "二番町5-6")
        assert not wanted or end in said
        if wanted and not (procedure == "change" and day == "move.leave_on"):
            assert facts[day].replace("-", "/") in said
    assert [line for line in lines if line.say is None]


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_what_was_not_entered_is_not_said_in_parts(procedure: str) -> None:
    assert {line.text({}) for line in general_script("water", procedure)} == {""}
