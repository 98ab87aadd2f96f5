from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox.registrations import RegistrationStore
from tests.sandbox.visitor import NOW


def test_concurrent_registrations_with_one_token_are_one(tmp_path: Path) -> None:
    ledger = RegistrationStore(tmp_path / "registrations.sqlite3")

    def register(attempt: int) -> int:
        return ledger.register("nhk", "change", f"token{attempt % 2}", NOW).serial

    with ThreadPoolExecutor(8) as pool:
        serials = list(pool.map(register, range(40)))
    assert len(set(serials)) == 2
    assert len(set(serials[::2])) == len(set(serials[1::2])) == 1


def test_registrations_survive_a_restart(tmp_path: Path) -> None:
    first = RegistrationStore(tmp_path / "r.sqlite3").register("nhk", "change", "token", NOW)
    again = RegistrationStore(tmp_path / "r.sqlite3")
    assert again.find("nhk", "change", "token") == first
    assert again.find("jcb", "change", "token") is None
