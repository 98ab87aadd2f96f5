"""Every route stands in the table of who is let in where, which tests/routes/test_route_matrix.py walks."""

from tests.routes.access_table import ACCESS, UNNAMED, Guard
from tests.routes.portal_routes import portal_routes
from tests.routes.visitors import nobodys_objects


def test_every_route_has_a_row() -> None:
    named = {route.name for route in portal_routes()} - UNNAMED
    without, gone = sorted(named - set(ACCESS)), sorted(set(ACCESS) - named)
    assert without == [], "give each of these a row in tests/routes/access_table.py: who is let in?"
    assert gone == [], "these routes are gone: take their rows out of tests/routes/access_table.py"


def test_every_address_can_be_made() -> None:
    for route in portal_routes():
        if route.name not in UNNAMED:
            route.path(nobodys_objects())


def test_every_route_of_a_desk_or_the_bureau_names_what_it_needs() -> None:
    guarded = {name: row for name, row in ACCESS.items() if row.guard in (Guard.DESK, Guard.BUREAU, Guard.SYSTEM)}
    assert [name for name, row in guarded.items() if row.needs is None] == []
