"""What movers and clerks read of it."""

import pytest
from django.test import Client

from renrakucho.notice.models import Notice
from renrakucho.receipt.mover_actions import enter_notice
from tests.desk.cast import seated
from tests.relay.cast import KANSAI, Portals, at_osaka, clerk, deliver, fetched, moving_to_osaka

pytestmark = [pytest.mark.django_db]


def spoken(number: str) -> str:
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


@pytest.fixture
def there(portals: Portals) -> Notice:
    """The notice as 大阪市水道局 has it; the test is at 関西."""
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver()
    portals.go(KANSAI)
    return at_osaka(notice)


def test_the_clerk_finds_a_notice_by_the_number_that_its_mover_has(there: Notice) -> None:
    desk = seated(clerk())
    page = desk.get(f"/desk/notices/{there.id}/").content.decode()
    assert spoken(there.number) in page
    assert spoken(there.origin.number) in page
    assert "関東れんらく帳から" in page
    assert desk.get(f"/desk/?number={spoken(there.origin.number)}")["Location"] == f"/desk/notices/{there.id}/"


def test_the_search_names_the_peer_beside_its_own_answer(portals: Portals) -> None:
    before = Client().get("/search?postal_code=5300001").content.decode()
    assert "大阪市水道局" not in before
    fetched()
    page = Client().get("/search?postal_code=5300001").content.decode()
    assert "関西引越し手続きサービスによると" in page
    assert "関西引越し手続きサービスを通して手続できます" in page
    assert page.count("わかりません") == before.count("わかりません")
    portals.go(KANSAI)
    assert "次の事業者が受け持ちだと言っています" in Client().get("/search?postal_code=5300001").content.decode()
