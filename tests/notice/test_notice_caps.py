"""Caps on notices: who has had too many sent is told so, and nothing more goes out."""

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from renrakucho.lib.throttle.models import RateWindow
from renrakucho.notice import notice_caps
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_caps import CapReached, count_code_mail, count_sending
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice, replace_notice
from renrakucho.sheet.fill import CannotSay
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "one_moment")]

STOP = "water:stop:akishima-water"
HOUR, DAY = 3_600, 86_400


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """All within one window."""
    now = timezone.now()
    monkeypatch.setattr("renrakucho.lib.throttle.rate_limit.timezone.now", lambda: now)


def stop_notice(**items: str) -> Notice:
    notice = cast.registered(cast.leaving_akishima([STOP], **items)).notices.get()
    keep_draft(notice, answers={"visit": "希望しない"})
    return notice


def sendings(notice: Notice, network: str = "192.0.2.1", *, changed: bool = False) -> int:
    """How many are sent until the cap, at most a thousand."""
    for sent in range(1_000):
        try:
            count_sending(notice, network, changed=changed)
        except CapReached:
            return sent
    return 1_000


def test_the_table_says_how_many_in_which_time_and_how_many_times_more_once_one_was_accepted() -> None:
    said = {cap.limit.name: (cap.limit.limit, cap.limit.seconds, cap.raised) for cap in notice_caps.CAPS}
    assert said == {
        "mailbox-codes-to": (6, HOUR, 1),
        "mailbox-codes-from": (300, HOUR, 1),
        "send-mailbox": (60, DAY, 2),
        "send-network": (600, DAY, 5),
        "send-provider": (600, HOUR, 10),
        "send-address": (60, DAY, 2),
        "send-changes": (4, HOUR, 1),
    }


def test_one_mailbox_has_sixty_a_day_and_twice_as_many_once_a_provider_has_accepted_one() -> None:
    notice = stop_notice()
    assert sendings(notice) == 60
    Notice.objects.filter(id=notice.id).update(status=Status.ACCEPTED)
    assert sendings(notice) == 60


@pytest.mark.parametrize(("name", "most"), [("send-network", 600), ("send-provider", 600), ("send-address", 60)])
def test_each_cap_holds_by_itself(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    (cap,) = [each for each in notice_caps.CAPS if each.limit.name == name]
    monkeypatch.setattr(notice_caps, "CAPS", (cap,))
    notice = stop_notice()
    assert sendings(notice) == most
    Notice.objects.filter(id=notice.id).update(status=Status.ACCEPTED)
    assert sendings(notice) > 0  # raised by a provider's word


def test_an_address_written_otherwise_is_the_same_address() -> None:
    assert sendings(stop_notice(origin__block="1-2-3")) == 60
    other = stop_notice(origin__block="１－２－３", contact__email="hanako@example.jp", origin__building="別の書き方")
    with pytest.raises(CapReached, match="send-address"):
        count_sending(other, "192.0.2.2", changed=False)


def test_a_notice_is_changed_four_times_an_hour() -> None:
    notice = enter_notice(stop_notice())
    for _change in range(4):
        notice = replace_notice(notice)
    with pytest.raises(CapReached) as refused:
        replace_notice(notice)
    assert str(refused.value.said) == "同じ連絡の変更は、1時間に4回までです。"
    assert refused.value.attempt.ends_at > timezone.now()
    assert Notice.objects.get(id=notice.id).status == Status.ENTERED
    assert Notice.objects.filter(book=notice.book).count() == 5


def test_without_the_cap_a_notice_is_changed_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    without = tuple(cap for cap in notice_caps.CAPS if cap.limit.name != "send-changes")
    monkeypatch.setattr(notice_caps, "CAPS", without)
    notice = enter_notice(stop_notice())
    for _change in range(12):
        notice = replace_notice(notice)
    assert Notice.objects.filter(book=notice.book).count() == 13


def test_pressing_twice_counts_once_and_what_fails_is_not_counted() -> None:
    notice = enter_notice(stop_notice())
    counts = dict(RateWindow.objects.values_list("key", "count"))
    enter_notice(notice)
    assert dict(RateWindow.objects.values_list("key", "count")) == counts
    unsayable = stop_notice()
    keep_draft(unsayable, answers={"visit": "いつか"})
    with pytest.raises(CannotSay):
        enter_notice(unsayable)
    assert dict(RateWindow.objects.values_list("key", "count")) == counts


def test_a_refused_sending_uses_up_no_other_cap() -> None:
    notice = stop_notice()
    sendings(notice)
    before = sorted(RateWindow.objects.values_list("count", flat=True))
    for _press in range(3):
        with pytest.raises(CapReached):
            count_sending(notice, "192.0.2.1", changed=False)
    assert sorted(RateWindow.objects.values_list("count", flat=True)) == before


def test_mailed_codes_are_capped_by_mailbox_and_by_network_in_the_same_table() -> None:
    """Mutant: without Sent.CODE in the table a stranger's mailbox is filled without end."""
    for _mail in range(6):
        count_code_mail("victim@example.jp", "192.0.2.1")
    with pytest.raises(CapReached, match="mailbox-codes-to"):
        count_code_mail("Victim@example.jp ", "192.0.2.2")
    for other in range(294):
        count_code_mail(f"victim{other}@example.jp", "192.0.2.1")
    with pytest.raises(CapReached, match="mailbox-codes-from"):
        count_code_mail("one.more@example.jp", "192.0.2.1")


def test_the_refusal_ends_with_the_window_of_the_cap_that_was_reached() -> None:
    """Of a change the caps of a day are counted before that of an hour."""
    notice = enter_notice(stop_notice())
    for _change in range(4):
        notice = replace_notice(notice)
    with pytest.raises(CapReached) as refused:
        replace_notice(notice)
    assert refused.value.attempt.ends_at.timestamp() == (timezone.now().timestamp() // HOUR + 1) * HOUR


def test_an_installation_sets_the_cap_of_a_provider() -> None:
    read = "import django; django.setup(); from renrakucho.notice.notice_caps import CAPS; print(CAPS)"
    environment = os.environ | {"RENRAKUCHO_PROVIDER_CAP": "4711"}
    said = subprocess.run([sys.executable, "-c", read], env=environment, check=True, capture_output=True, text=True)
    assert "name='send-provider', limit=4711" in said.stdout
