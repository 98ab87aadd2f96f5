"""Version 1 keeps what it promised."""

from copy import deepcopy
from typing import Any

import pytest

from tests.standard.lock import broken, locked, new, noted, now


def test_every_promise_is_kept_or_the_break_is_noted_with_its_reason() -> None:
    assert [f"{name}: {what}" for name, what in broken(locked(), now()) if name not in noted()] == []


def test_every_new_member_is_locked_too() -> None:
    """python -m tests.standard.lock adds it."""
    assert new(locked(), now()) == []
    assert {name: said["values"] for name, said in now().items() if "values" in said} == {
        name: said["values"] for name, said in locked().items() if "values" in said
    }


def after(name: str, **change: Any) -> list[tuple[str, str]]:
    """What is broken when a member is changed; a key that becomes None is taken away."""
    present = deepcopy(now())
    present[name] = {key: value for key, value in (present.get(name, {}) | change).items() if value is not None}
    return list(broken(now(), present))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("notice replaces", {"required": True}),
        ("notice number", {"required": False}),
        ("notice key", {"pattern": "^[a-z]+$"}),
        ("notice key", {"pattern": None}),
        ("notice procedure", {"values": {"stop": "", "start": "", "change": ""}}),
        ("facts origin.postal_code", {"type": "integer"}),
        ("machine contact.phone e164", {"pattern": "^0"}),
        ("receipt kind", {"values": {"accepted": "provider"}}),
        ("receipt kind", {"values": None}),
        ("sheet window.earliest", {"one of": ["days", "months"]}),
        ("notice mood", {"required": True}),
    ],
)
def test_a_change_that_breaks_readers_or_writers_is_found(name: str, change: dict[str, Any]) -> None:
    ((found, _what),) = after(name, **change)
    assert found == name


def test_a_removed_member_is_found() -> None:
    present = {name: said for name, said in now().items() if name != "receipt reason"}
    assert list(broken(now(), present)) == [("receipt reason", "is gone")]


def test_a_new_member_may_require_members_of_its_own() -> None:
    present = now() | {"notice household": {"required": False}, "notice household.size": {"required": True}}
    assert list(broken(now(), present)) == []


def test_additions_break_nothing() -> None:
    assert after("notice mood", required=False) == []
    assert after("receipt kind", values=now()["receipt kind"]["values"] | {"scheduled": "provider"}) == []


def test_every_document_is_frozen_as_far_as_its_leaves() -> None:
    assert {name.partition(" ")[0] for name in locked()} == {
        *("facts", "machine", "notice", "withdrawal", "receipt", "sheet", "providers"),
    }
    assert "notice form.lines[].goes_on" in locked()
    assert "providers providers[].serves[].lg_code" in locked()
