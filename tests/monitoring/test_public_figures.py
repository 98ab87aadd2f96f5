"""Public figures: recomputed from receipts, small numbers left out, shown with the moment of their computation."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.models import Attempt
from renrakucho.monitoring import public_figures as figures_module
from renrakucho.monitoring.models import PublicFigures
from renrakucho.monitoring.public_figures import compute_figures, compute_figures_when_due, public_figures
from renrakucho.notice.models import Notice
from renrakucho.receipt.models import Receipt, ReceiptKind
from tests.delivery.cast_lanes import due_notices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]


def told(count: int, *, tried_after: float | None = 1, accepted_after: float | None = None) -> list[Notice]:
    """Notices entered a minute ago, first tried and accepted so many seconds after that."""
    entered_at = timezone.now() - timedelta(seconds=60)
    notices = due_notices("gas", count)
    for notice in notices:
        Receipt.objects.filter(notice=notice).update(recorded_at=entered_at)
        Notice.objects.filter(id=notice.id).update(due_at=None)
        if tried_after is not None:
            at = entered_at + timedelta(seconds=tried_after)
            Attempt.objects.create(notice=notice, ordinal=1, started_at=at, outcome=OutcomeKind.SENT)
        if accepted_after is not None:
            at = entered_at + timedelta(seconds=accepted_after)
            Receipt.objects.create(notice=notice, kind=ReceiptKind.ACCEPTED, by="provider", recorded_at=at)
    return notices


def figures(**ahead: float) -> dict[str, Any]:
    return public_figures(timezone.now() + timedelta(**ahead))


def test_the_share_that_was_tried_within_ten_seconds_counts_what_still_waits_as_late() -> None:
    told(12, tried_after=10)
    told(3, tried_after=11)
    told(1, tried_after=None)
    assert figures()["first_tried_within_10_seconds"] == 0.75


def test_the_median_time_to_acceptance_is_that_of_the_receipts() -> None:
    for seconds in (10, 20, 30):
        told(4, accepted_after=seconds)
    shown = figures()
    assert shown["median_seconds_to_acceptance"] == {"water": 20}
    assert shown["notices_by_status"]["accepted"] == 12


@pytest.mark.parametrize(("count", "shown"), [(9, None), (10, 10)])
def test_what_is_counted_fewer_than_ten_times_is_not_shown(count: int, shown: int | None) -> None:
    told(count, accepted_after=5)
    found = figures()
    assert found["notices_by_status"]["accepted"] == shown
    assert (found["first_tried_within_10_seconds"] is None) == (shown is None)
    assert bool(found["median_seconds_to_acceptance"]) == bool(shown)


def test_statuses_are_added_up_from_receipts_and_not_read_from_the_notices() -> None:
    told(10, accepted_after=5)
    Notice.objects.update(status="undelivered")
    assert figures()["notices_by_status"]["accepted"] == 10
    assert figures()["notices_by_status"]["undelivered"] is None


def test_notices_older_than_thirty_days_are_left_out() -> None:
    told(10, accepted_after=5)
    assert figures(days=29)["notices_by_status"]["accepted"] == 10
    assert figures(days=31)["notices_by_status"]["accepted"] is None


def test_the_age_of_the_oldest_that_is_due_is_told() -> None:
    due_notices("gas", 1)
    assert 50 <= figures(seconds=50)["oldest_due_seconds"] < 55


def test_the_worker_computes_them_once_in_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [compute_figures_when_due(), compute_figures_when_due()] == [1, 0]
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(figures_module, "database_now", lambda: later)
    assert compute_figures_when_due() == 1
    monkeypatch.setattr(figures_module, "database_now", lambda: later + timedelta(days=2))
    assert compute_figures_when_due() == 1
    assert PublicFigures.objects.count() == 1


def test_the_command_computes_and_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    told(10, accepted_after=5)
    call_command("figures", "compute")
    printed = json.loads(capsys.readouterr().out)
    assert printed["notices_by_status"]["accepted"] == 10
    assert PublicFigures.objects.get().figures == printed


def test_the_page_says_when_they_were_computed_and_what_is_too_small_to_show() -> None:
    told(10, accepted_after=30)
    assert "まだ計算していません" in Client().get("/figures").content.decode()
    assert Client().get("/figures.json").status_code == 404
    compute_figures()
    page = Client().get("/figures").content.decode()
    for words in ("100.0%", "30秒", "10件", "10件未満のため、示しません", "現在）"):
        assert words in page
    english = Client().get("/figures?language=en").content.decode()
    for words in ("30 seconds", "10 notices", "Not shown: fewer than 10", "Oldest notice that waits"):
        assert words in english
    data = Client().get("/figures.json").json()
    assert data["first_tried_within_10_seconds"] == 1.0
    assert data["computed_at"].startswith(str(timezone.now().year))


def test_the_footer_leads_to_the_figures() -> None:
    assert 'href="/figures"' in Client().get("/figures").content.decode()
