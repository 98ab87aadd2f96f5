from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.ledger import Ledger
from tests.sandbox.visitor import NOW


def test_many_at_once_with_one_token_are_one(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "registrations.sqlite3")

    def register(attempt: int) -> int:
        return ledger.register("nhk", "change", f"token{attempt % 2}", NOW).serial

    with ThreadPoolExecutor(8) as pool:
        serials = list(pool.map(register, range(40)))
    assert len(set(serials)) == 2
    assert len(set(serials[::2])) == len(set(serials[1::2])) == 1


def test_it_remembers_over_a_restart(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "r.sqlite3").register("nhk", "change", "token", NOW)
    again = Ledger(tmp_path / "r.sqlite3")
    assert again.registered("nhk", "change", "token") == first
    assert again.registered("jcb", "change", "token") is None
