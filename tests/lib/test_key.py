import time
from datetime import UTC, datetime, timedelta

from renrakucho.lib.identifiers import first_uuid7_at, new_uuid7
from tests.waiting import wait_until


def test_keys_are_version_7_and_never_the_same() -> None:
    keys = [new_uuid7() for _ in range(1000)]
    assert len(set(keys)) == 1000
    assert {key.version for key in keys} == {7}


def test_a_later_key_sorts_later() -> None:
    before = new_uuid7()
    made_at = time.time_ns() // 1_000_000
    wait_until(lambda: time.time_ns() // 1_000_000 > made_at, 10, "the clock stands still", every=0.001)
    assert before.hex < new_uuid7().hex


def test_a_key_starts_with_the_time_it_was_made() -> None:
    earliest = time.time_ns() // 1_000_000
    made = new_uuid7().int >> 80
    assert earliest <= made <= time.time_ns() // 1_000_000


def test_a_moments_first_key_sorts_between_what_was_before_and_after() -> None:
    before = new_uuid7()
    made = first_uuid7_at(datetime.now(UTC) + timedelta(milliseconds=5))
    assert before < made < first_uuid7_at(datetime.now(UTC) + timedelta(seconds=1))
