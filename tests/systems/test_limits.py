"""The API's limits and times: each number stands here, so that none changes unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.faces.api import idempotency, key_authentication, notice_list, request_body
from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.lib.throttle.rate_limit import RateLimit
from renrakucho.provider.system_key import IdempotentResponse
from renrakucho.receipt import event_feed
from tests.desk.cast import sent
from tests.systems.cast import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (key_authentication.REQUESTS, RateLimit("system", 600, 60)),
        (key_authentication.WRONG_KEYS, RateLimit("system-key", 30, 60)),
        (notice_list.DEFAULT_LIMIT, 100),
        (notice_list.MAX_LIMIT, 200),
        (event_feed.MOST_NUMBERED, 10_000),
        (event_feed.OLD_CURSOR_OVERLAP_MS, 3_600_000),
        (request_body.MAX_BYTES, 16_384),
        (retention_days(KeptData.API_ANSWER), 7),
        (idempotency._LONGEST, 200),
    ],
)
def test_a_limit_keeps_its_number(actual: object, expected: object) -> None:
    assert actual == expected


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=6, hours=23), 422), (timedelta(days=7, hours=1), 409)])
def test_a_response_is_kept_under_its_key_for_seven_days(age: timedelta, status: int) -> None:
    """Another body under a key that is kept is a mistake; once the key is forgotten, it comes too late."""
    system, notice = System(), sent()
    assert system.accept(notice.number, "A-1", once="key").status_code == 200
    IdempotentResponse.objects.update(answered_at=timezone.now() - age)
    assert system.accept(notice.number, "A-2", once="key").status_code == status
