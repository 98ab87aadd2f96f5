"""Period keys: one a week, whole and on the disk before it is used, destroyed after 28 days, and never while in use."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from renrakucho.lib import period_keyring
from renrakucho.lib.master_keyring import open_bytes_with_master_key
from renrakucho.lib.period_keyring import (
    PeriodKeyLost,
    destroy_period_keys,
    open_for_period,
    open_text,
    period_key,
    period_of,
    seal_as_text,
    seal_for_period,
    sealing_period,
    stored_periods,
)
from renrakucho.lib.sealing import SealBroken

WEEK = 7 * 86_400
START = 3000  # a week of 2027


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Path:
    settings.PERIOD_KEYS = str(tmp_path / "period_keys")
    return tmp_path / "period_keys"


@pytest.fixture
def go_to(monkeypatch: pytest.MonkeyPatch, store: Path) -> Callable[[float], datetime]:
    def at(week: float) -> datetime:
        monkeypatch.setattr(period_keyring, "time", SimpleNamespace(time=lambda: week * WEEK))
        return datetime.fromtimestamp(week * WEEK, UTC)

    return at


def test_each_week_has_a_key_of_its_own_in_a_closed_file(store: Path, go_to: Callable[[float], datetime]) -> None:
    assert period_of(go_to(START)) == sealing_period() == START
    go_to(START + 0.999)
    assert sealing_period() == START
    go_to(START + 1)
    assert sealing_period() == START + 1
    assert stored_periods() == [START, START + 1]
    assert period_key(START) != period_key(START + 1)
    assert [len(path.read_text()) for path in store.iterdir()] == [64, 64]
    assert {stat.S_IMODE(path.stat().st_mode) for path in store.iterdir()} == {0o600}
    assert stat.S_IMODE(store.stat().st_mode) == 0o700


def test_a_key_is_destroyed_28_days_after_its_week_began(go_to: Callable[[float], datetime]) -> None:
    go_to(START)
    sealed = seal_for_period({"name": "髙橋"}, b"place")
    assert destroy_period_keys(go_to(START + 4) - timedelta(seconds=1), ()) == []
    assert open_for_period(sealed, b"place") == {"name": "髙橋"}
    assert destroy_period_keys(go_to(START + 4), ()) == [START]
    with pytest.raises(PeriodKeyLost):
        open_for_period(sealed, b"place")


def test_a_key_in_use_is_never_destroyed(go_to: Callable[[float], datetime]) -> None:
    go_to(START)
    sealing_period()
    assert destroy_period_keys(go_to(START + 100), {START}) == []
    assert stored_periods() == [START]


def test_the_master_key_alone_opens_nothing(go_to: Callable[[float], datetime], store: Path) -> None:
    go_to(START)
    sealed = seal_for_period("勅使河原", b"place")
    inner = open_bytes_with_master_key(sealed, b"place")
    assert "勅使河原".encode() not in inner
    (store / str(START)).write_text("0" * 64)
    period_keyring._keys.clear()
    with pytest.raises(SealBroken):
        open_for_period(sealed, b"place")


def test_the_other_process_that_makes_a_key_first_is_followed(
    go_to: Callable[[float], datetime], monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    go_to(START)
    link = os.link

    def other_first(draft: str, path: Path) -> None:
        path.write_text("ab" * 32)
        link(draft, path)

    monkeypatch.setattr(os, "link", other_first)
    assert period_key(sealing_period()) == bytes.fromhex("ab" * 32)
    assert [path.name for path in store.iterdir()] == [str(START)]


def test_a_broken_key_file_is_lost_and_never_replaced(go_to: Callable[[float], datetime], store: Path) -> None:
    store.mkdir()
    (store / str(START)).write_text("ab")  # of a disk that was full
    go_to(START)
    with pytest.raises(PeriodKeyLost):
        sealing_period()
    assert (store / str(START)).read_text() == "ab"


def test_text_of_a_session_opens_as_long_as_its_key(go_to: Callable[[float], datetime]) -> None:
    go_to(START)
    text = seal_as_text({"typed": "千代田区"}, b"session")
    assert open_text(text, b"session") == {"typed": "千代田区"}
    assert open_text(text, b"desk") is None
    assert open_text("no base64!", b"session") is None
    destroy_period_keys(go_to(START + 4), ())
    assert open_text(text, b"session") is None
    with pytest.raises(ValueError, match="SESSION_PLACES"):
        seal_as_text({}, b"elsewhere")
