"""The desk's limits and times: each number stands here, so that none changes unseen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.account import account_forms, audit_log_page, device_cookie, rate_limits, session_values, staff_session
from renrakucho.faces.desk.export import export_page
from renrakucho.faces.desk.list import notice_queue
from renrakucho.lib import identifiers as receipt_number
from renrakucho.lib.throttle.rate_limit import AttemptTally, RateLimit
from renrakucho.notice.models import Notice
from renrakucho.page.code_limits import CODE_LIMITS
from renrakucho.provider import login_failures, staff_invitation, system_key, two_factor
from renrakucho.receipt import provider_answer
from renrakucho.receipt.mover_actions import withdraw_notice
from tests.desk.cast import address, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (rate_limits.LOGIN, RateLimit("desk-login", 10, 900)),
        (rate_limits.LOGIN_ANYWHERE, RateLimit("desk-login-anywhere", 50, 900)),
        (rate_limits.ATTACKED_TRIES, 3),
        (rate_limits.LOGIN_OF_DEVICE, RateLimit("desk-login-device", 10, 900)),
        (device_cookie.KNOWN_DAYS, 180),
        (device_cookie.MOST_ACCOUNTS, 5),
        (login_failures.FAILURES, AttemptTally("login-failures", 86_400, 7)),
        (login_failures.SUSPICIOUS, 20),
        (rate_limits.LOGIN_FROM, RateLimit("desk-login-from", 60, 900)),
        (rate_limits.CODE, RateLimit("desk-code", 5, 900)),
        (rate_limits.FACTOR_SETUP, RateLimit("desk-factor", 10, 900)),
        (rate_limits.OWN_PASSWORD, RateLimit("desk-own-password", 5, 900)),
        (CODE_LIMITS["/desk/join/"], RateLimit("desk-join-from", 60, 900)),
        (staff_session.IDLE_SECONDS, 1800),
        (staff_session.LONGEST_SECONDS, 43_200),
        (staff_session.PENDING_SECONDS, 600),
        (staff_session._RENEW_SECONDS, 60),
        (session_values._MOST_SAVED, 40_000),
        (account_forms.LONGEST_PASSWORD, 128),
        (account_forms.LONGEST_LOGIN, 64),
        (account_forms.LONGEST_NAME, 80),
        (audit_log_page.PAGE, 200),
        (export_page.MOST, 300),
        (notice_queue.PAGE, 50),
        (notice_queue.MOST_COUNTED, 999),
        (notice_queue.MOST_OPENED, 2_000),
        (notice_queue._RECALLED_DAYS, timedelta(days=120)),
        (staff_invitation.VALID_DAYS, 7),
        (system_key.MAX_KEYS_OF_NAME, 2),
        (system_key._SEEN_INTERVAL, timedelta(minutes=1)),
        (two_factor.STEP_SECONDS, 30),
        (two_factor.CODE_DIGITS, 6),
        (two_factor._CLOCK_TOLERANCE, 1),
        (two_factor._SECRET_BYTES, 20),
        (two_factor.RECOVERY_CODES, 10),
        (two_factor._RECOVERY_LENGTH, 12),
        (receipt_number.LONGEST_NUMBER, 40),
        (provider_answer.LONGEST_REASON, 500),
    ],
)
def test_a_limit_keeps_its_number(actual: object, expected: object) -> None:
    assert actual == expected


@pytest.mark.parametrize(("days", "shown"), [(119, True), (121, False)])
def test_a_recalled_notice_stands_above_the_list_for_120_days(days: int, shown: bool) -> None:
    notice, browser = sent(), seated(clerk())
    browser.get(address("notice", notice.id))
    withdraw_notice(notice)
    Notice.objects.filter(id=notice.id).update(written_at=timezone.now() - timedelta(days=days))
    assert ("手続を止めてください" in browser.get("/desk/").content.decode()) is shown
