"""docs/states.md says what the table says."""

from pathlib import Path

from renrakucho.delivery.management.commands.docs import states_page


def test_the_page_is_the_table() -> None:
    assert Path(__file__).parents[2].joinpath("docs/states.md").read_text("utf-8") == states_page()
