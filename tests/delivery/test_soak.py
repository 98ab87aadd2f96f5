"""A short soak (benchmarks/soak.py): movers, providers and an API client, while processes are killed."""

from pathlib import Path

import pytest

from benchmarks.soak import SoakPlan, run_soak
from bootstrap.debian import FAKETIME


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.skipif(not FAKETIME.is_there(), reason="faketimeがありません (apt install faketime)")
def test_kills_of_web_workers_and_database_lose_nothing(tmp_path: Path) -> None:
    report = run_soak(SoakPlan(seconds=20, kills=5, movers=2), tmp_path)
    assert not [*report.broken(), *report.lost, *report.movers.errors, *report.api.errors], report.table()
    assert sum(report.kills.values()) == 5
