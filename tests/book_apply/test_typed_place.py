"""A typed town is read as the directory has it."""

import pytest

from renrakucho.address.place_lookup import municipality_by_code
from renrakucho.mover.typed_place import town_typed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("二番町", ("二番町", "")),
        ("二番町5-6", ("二番町", "5-6")),
        ("大字 二番町 5-6", ("二番町", "5-6")),
        ("霞ヶ関３丁目", ("霞が関", "３丁目")),
        ("神田三崎町2-1", ("神田三崎町", "2-1")),
        ("三番長", ("三番長", "")),
        ("", ("", "")),
    ],
)
def test_a_town_is_found_in_any_spelling_and_the_rest_is_kept(
    directory: str, typed: str, town: tuple[str, str]
) -> None:
    assert town_typed_in(municipality_by_code("13101"), typed) == town
