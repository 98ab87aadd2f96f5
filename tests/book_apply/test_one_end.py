"""Page of the addresses (②-2), where one end has no address in Japan."""

import pytest

from tests.book_apply.flow import Applicant, read

pytestmark = pytest.mark.django_db


def test_the_mover_can_say_that_there_is_no_address_yet(applicant: Applicant) -> None:
    applicant.post("", {"wishes": ["gas:leaving", "gas:arriving", "water:leaving"]})
    applicant.post("addresses", {"origin-postal_code": "1020084", "destination-absent": "on"})
    assert applicant.entries.destination.absent
    page = read(applicant.get("providers"))
    assert "この事業者の様式には、新しい住所が要ります" in page
    assert "checked" in applicant.get("addresses").content.decode().split('name="destination-absent"')[1][:80]


def test_only_stops_need_no_new_address_and_only_starts_no_old_one(applicant: Applicant) -> None:
    for end, other in (("origin", "destination"), ("destination", "origin")):
        applicant.post("", {"wishes": ["gas:leaving" if end == "origin" else "gas:arriving"]})
        empty = {f"{other}-postal_code": ""}
        response = applicant.post("addresses", {f"{end}-postal_code": "1020084", **empty})
        assert response.headers["Location"] == "/apply/providers"
        assert getattr(applicant.entries, other).absent


def test_an_address_and_none_is_asked_about(applicant: Applicant) -> None:
    applicant.post("", {"wishes": ["gas:leaving", "gas:arriving"]})
    both = {"origin-postal_code": "1020084", "destination-postal_code": "1960015", "destination-absent": "on"}
    assert "この印をはずしてください" in read(applicant.post("addresses", both))
    neither = {"origin-absent": "on", "destination-absent": "on"}
    assert "どちらかの住所を入れてください" in read(applicant.post("addresses", neither))
