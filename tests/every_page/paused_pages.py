"""Pages while an operator has paused, disconnected and announced something."""

from datetime import timedelta

from django.utils import timezone

from renrakucho.notice.operator_acts import announce, mark_not_connected, pause_lanes
from renrakucho.notice.operator_decisions import forget_decisions
from tests.book_apply.flow import Applicant
from tests.every_page.cast import LONG_HOME, LONG_NAME, Reader, ShownPage, mover_with

STOP, START = "water:stop:tokyo-waterworks", "water:start:akishima-water"
GAS = "gas:stop:tokyo-gas"
SAID = (
    "水道局のシステムの点検のため、12月6日の朝まで、ここからの送信を止めています。いそぐ手続は、お電話でお願いします。"
)
ENGLISH = "The waterworks are inspecting their system: nothing is sent until the morning of 6 December."


def paused_pages() -> list[ShownPage]:
    """The book, the notices and the choice of providers, in both languages."""
    ends_at = timezone.now() + timedelta(days=2)
    pause_lanes(None, provider="tokyo-waterworks", sentence=SAID, english=ENGLISH, ends_at=ends_at)
    pause_lanes(None, provider="akishima-water", sentence=SAID)
    reader, notices = mover_with([GAS, STOP, START], "mover: paused", **LONG_NAME, **LONG_HOME)
    mark_not_connected(None, "tokyo-gas", sentence="受付システムの入れかえのため、2月まで受け付けません。")
    announce(None, sentence=SAID, english=ENGLISH, begins_at=ends_at, ends_at=ends_at + timedelta(hours=2))
    announce(None, sentence="メールの遅れについて、調べています。")
    reader.look("/book/", *notices.values(), f"{notices[START]}answers")
    applicant = Reader("applicant: paused")
    Applicant(applicant.client).to_providers()
    applicant.look("/", "/apply/providers")
    english = Reader("visitor: announced")
    english.client.cookies["language"] = "en"
    english.look("/search")
    forget_decisions()
    return reader.shown + applicant.shown + english.shown
