"""From entries to facts."""

import pytest

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.facts import NAME_PARTS, PLACE_PARTS, facts_of
from tests import cast


def test_every_fact_is_there() -> None:
    assert facts_of(cast.entries()).keys() == CATALOGUE.keys()


def test_the_mover_holds_the_contract_unless_somebody_else_does() -> None:
    said = facts_of(cast.entries())
    assert [said[f"holder.{part}"] for part in NAME_PARTS] == [said[f"person.{part}"] for part in NAME_PARTS]
    other = facts_of(cast.entries(holder__same="no", holder__family_name="山田", holder__given_name="花子"))
    assert other["holder.family_name"] == "山田"
    assert other["person.family_name"] == "髙﨑"
    assert other["billing.name"] == "山田　花子"


@pytest.mark.parametrize("to", ["origin", "destination"])
def test_the_last_bill_goes_to_the_chosen_address(to: str) -> None:
    said = facts_of(cast.entries(billing__to=to))
    assert [said[f"billing.{part}"] for part in PLACE_PARTS] == [said[f"{to}.{part}"] for part in PLACE_PARTS]


def test_the_last_bill_can_go_elsewhere() -> None:
    said = facts_of(cast.entries(billing__to="other", billing__town="本町", billing__name="実家"))
    assert (said["billing.town"], said["billing.name"], said["billing.prefecture"]) == ("本町", "実家", "")


def test_a_municipality_that_was_looked_up_has_its_code() -> None:
    said = facts_of(cast.entries())
    assert (said["origin.municipality_code"], said["destination.municipality_code"]) == ("13101", "13207")
    assert said["billing.municipality_code"] == "13207"
    assert facts_of(cast.entries(billing__to="other"))["billing.municipality_code"] == ""
