"""The page of a notice that is on its way."""

from dataclasses import replace

import pytest
from django.test import Client

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice
from tests.book.opened import confirm, latest_notice, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"


def page_after_attempts(client: Client, monkeypatch: pytest.MonkeyPatch, *outcomes: OutcomeKind) -> str:
    """Return the text of the notice page after attempts with these outcomes."""
    left = list(outcomes)
    desk = CHANNELS["inbox"]
    channel = replace(desk, send=lambda message: Outcome(left.pop(0), "raw answer"))
    monkeypatch.setitem(CHANNELS, "inbox", channel)
    notice = latest_notice(open_book_of(client, [WATER]), WATER)
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    confirm(client, f"/book/notices/{notice.id}/check")
    for _outcome in outcomes:
        waits_until = Notice.objects.get(id=notice.id).due_at
        assert deliver_due_notices("test", now=waits_until) == 1
    return page_text(client.get(f"/book/notices/{notice.id}/"))


def test_a_notice_without_attempts_is_being_sent(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "事業者の窓口へ送っています" in page_after_attempts(client, monkeypatch)


def test_a_failed_attempt_is_shown_with_the_time_of_the_next(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_after_attempts(client, monkeypatch, OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN)
    assert "送りましたが、届きませんでした" in page
    assert "届いたかどうか分かりませんでした" in page
    assert "これまでに2回送りました" in page
    assert "ごろ、もう一度送ります" in page
    assert "raw answer" not in page


def test_a_sent_notice_names_its_channel(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_after_attempts(client, monkeypatch, OutcomeKind.TRY_LATER, OutcomeKind.SENT)
    assert "事業者に届けました 受付窓口" in " ".join(page.split())
    assert "もう一度送ります" not in page


def test_a_refused_notice_announces_no_further_attempt(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_after_attempts(client, monkeypatch, OutcomeKind.REFUSED)
    assert "受け取られませんでした" in page
    assert "お電話でご連絡ください" in page
    assert "もう一度送ります" not in page
