"""Following one thing opens few files. `python -m tests.house.walks` prints the files of each walk."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice, Status
from tests.delivery.cast import entered, office
from tests.desk.cast import address, clerk, seated, sent
from tests.house.walks import walk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

# What stays beside the deed: the frame of every answer (compression, language, security log, master key gate), hashed
# sessions, the database's clock, keys of three kinds, the audit log, a desk's own rows, the gate before a proved
# mailbox, the assurance with its check, messages in a cookie, holds at a sudden rise, a helper, and the mail's texts.
ACCEPT = 35
# A fax, from due to sent: lane, breaker, the database's clock, connections read anew, the destination in force, keys,
# spans of a trace, a log without personal data, holds at a sudden rise, a helper, and the mail's texts by language.
FAX = 38
# A postal code is cleaned and looked up in memory; who serves it, what is announced, connected and claimed; the frame.
SEARCH = 21


def test_a_clerk_accepts_a_notice() -> None:
    browser = seated(clerk())
    first, second, _third = sent(), sent(), sent()
    browser.post(address("accept", first.id), {"number": "1"})
    walk = walk_of(lambda: browser.post(address("accept", second.id), {"number": "2"}))
    print(f"\naccept at the desk: {walk}")
    assert Notice.objects.get(id=second.id).status == Status.ACCEPTED
    assert len(walk) <= ACCEPT


def test_a_notice_is_sent_by_fax(settings: Any, tmp_path: Path) -> None:
    def deliver() -> None:
        deliver_due_notices("test")
        deliver_due_notices("test", now=timezone.now() + timedelta(hours=1))

    with office(settings, tmp_path, ("DONE", ""), ("DONE", "")):
        entered()
        deliver()
        notice = entered()
        walk = walk_of(deliver)
    print(f"\nfax: {walk}")
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    assert len(walk) <= FAX


def test_a_postal_code_leads_to_the_providers() -> None:
    browser = Client()

    def search() -> str:
        return browser.get("/search", {"q": "1020084"}, follow=True).content.decode()

    search()
    found: list[str] = []
    walk = walk_of(lambda: found.append(search()))
    print(f"\nsearch by postal code: {walk}")
    assert "東京都水道局" in found[0]
    assert len(walk) <= SEARCH
