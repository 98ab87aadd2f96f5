"""Desks of real installations need a second factor, unless their administrator has decided otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from renrakucho.provider.staff import DeskSettings, two_factor_required
from renrakucho.provider.two_factor import enable_two_factor, new_totp_secret
from tests.desk.cast import AKISHIMA, PASSWORD, administrator, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
NOW = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _real(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TWO_FACTOR_BY_DEFAULT = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def first_page() -> str:
    """Where a login leads in the end."""
    browser = Client()
    answer = browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    return str(browser.get(answer["Location"], follow=True).request["PATH_INFO"])


def test_a_clerk_without_a_second_factor_sets_one_up_before_anything_else() -> None:
    clerk()
    assert first_page() == "/desk/me/factor"


def test_a_trial_needs_none(settings: Any) -> None:
    settings.TWO_FACTOR_BY_DEFAULT = False
    clerk()
    assert first_page() == "/desk/"


def test_who_has_one_goes_on() -> None:
    staff = clerk()
    enable_two_factor(staff, new_totp_secret(), 0)
    assert seated(staff).get("/desk/").status_code == 200


def test_an_administrator_may_decide_otherwise() -> None:
    chief = administrator()
    enable_two_factor(chief, new_totp_secret(), 0)
    browser = seated(chief)
    assert "いまは、全員に求めています" in browser.get("/desk/staff").content.decode()
    browser.post("/desk/staff/require", {"required": "no"})
    assert not two_factor_required(AKISHIMA)
    clerk()
    assert first_page() == "/desk/"


def test_a_desk_of_before_is_told_for_two_weeks_and_then_asked() -> None:
    clerk()
    DeskSettings.objects.create(provider=AKISHIMA, factor_grace_until=NOW + timedelta(days=14))
    browser = Client()
    answer = browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    assert "12月12日(土)から、この窓口では全員に" in page.content.decode()
    DeskSettings.objects.update(factor_grace_until=NOW)
    assert browser.get("/desk/")["Location"] == "/desk/me/factor"
