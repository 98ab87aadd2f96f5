"""What a role sees on the desk's pages. Who may open which page is in tests/routes."""

import pytest

from renrakucho.provider.staff import StaffRole
from tests.desk.cast import YOKOSUKA, address, administrator, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_a_reader_sees_the_notice_without_forms() -> None:
    notice = sent()
    browser = seated(clerk(role=StaffRole.READER))
    page = browser.get(address("notice", notice.id)).content.decode()
    assert "髙﨑" in page
    assert address("accept", notice.id) not in page
    assert "印刷(PDF)" not in page
    assert 'type="checkbox" name="id"' not in browser.get("/desk/").content.decode()


def test_the_list_of_colleagues_shows_nobody_of_another_desk() -> None:
    victim = clerk(name="勅使河原")
    assert victim.name not in seated(administrator("chief", provider=YOKOSUKA)).get("/desk/staff").content.decode()
    assert victim.name in seated(administrator()).get("/desk/staff").content.decode()
