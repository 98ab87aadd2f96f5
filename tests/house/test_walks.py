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
from tests.house.walks import Walk, walk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

# At most so many doors of the feature, and files of the whole walk with frame and ground.
ACCEPT = 14, 32
TO_A_DESK = 22, 31  # claim, four checks of whether it may leave, task, send, record, and the mail to its mover
BY_FAX = 4, 34  # what a fax adds to that: channel, line, HylaFAX and the drawn page
SEARCH = 11, 22


def is_within(walk: Walk, most: tuple[int, int]) -> bool:
    return len(walk.doors) <= most[0] and len(walk) <= most[1]


def deliver() -> None:
    """Two rounds of the worker, so that what is under way is asked for too."""
    deliver_due_notices("test")
    deliver_due_notices("test", now=timezone.now() + timedelta(hours=1))


def delivered(notice: Notice, *, neutral: Walk) -> Walk:
    """The walk in which the worker brings this notice to its provider."""
    walk = walk_of(deliver, neutral=neutral)
    assert Notice.objects.get(id=notice.id).status == Status.SENT
    return walk


def test_a_clerk_accepts_a_notice() -> None:
    """Beside: the clerk opens their own account."""
    browser = seated(clerk())
    first, second, _third = sent(), sent(), sent()
    browser.post(address("accept", first.id), {"number": "1"})
    browser.get("/desk/me")
    neutral = walk_of(lambda: browser.get("/desk/me"))
    walk = walk_of(lambda: browser.post(address("accept", second.id), {"number": "2"}), neutral=neutral)
    print(f"\naccept at the desk: {walk}")
    assert Notice.objects.get(id=second.id).status == Status.ACCEPTED
    assert is_within(walk, ACCEPT)


def test_a_notice_is_delivered_by_fax(settings: Any, tmp_path: Path) -> None:
    """Beside a delivery to a desk here, by the channel that does nothing; and that one beside an idle round."""
    entered()
    deliver()
    idle = walk_of(deliver)
    to_desk = delivered(entered(), neutral=idle)
    print(f"\nto a desk here: {to_desk}")
    with office(settings, tmp_path, ("DONE", ""), ("DONE", "")):
        entered()
        deliver()
        by_fax = delivered(entered(), neutral=to_desk)
    print(f"\nby fax: {by_fax}")
    assert is_within(to_desk, TO_A_DESK)
    assert is_within(by_fax, BY_FAX)


def test_a_postal_code_leads_to_the_providers() -> None:
    """Beside: a page of the search that looks nothing up."""
    browser = Client()

    def search() -> str:
        return browser.get("/search", {"q": "1020084"}, follow=True).content.decode()

    search()
    browser.get("/search/contract")
    neutral = walk_of(lambda: browser.get("/search/contract"))
    found: list[str] = []
    walk = walk_of(lambda: found.append(search()), neutral=neutral)
    print(f"\nsearch by postal code: {walk}")
    assert "東京都水道局" in found[0]
    assert is_within(walk, SEARCH)


def test_a_file_that_a_neutral_flow_passes_too_is_no_door() -> None:
    neutral = Walk()
    neutral.functions = {"page/language.py": {"page_language"}, "lib/width.py": {"to_ascii_width"}}
    walk = Walk(neutral)
    walk.functions = {**neutral.functions, "receipt/evidence.py": {"stored"}, "lib/kana.py": {"is_kana"}}
    assert (walk.doors, walk.frame) == (["receipt/evidence.py"], ["page/language.py"])
    assert walk.ground == ["lib/kana.py", "lib/width.py"]
    assert (is_within(walk, (1, 4)), is_within(walk, (0, 4)), is_within(walk, (1, 3))) == (True, False, False)
