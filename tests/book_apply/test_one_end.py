"""Page of the addresses (②-2), where one end has no address in Japan."""

import pytest

from renrakucho.notice.offer import chosen_offers
from tests.book_apply.flow import Applicant, read, typed

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


GAS_STOP, GAS_START = "gas:stop:tokyo-gas", "gas:start:tokyo-gas"


@pytest.mark.parametrize(
    ("industry_end", "end", "offer", "said"),
    [
        ("gas:leaving", "origin", GAS_STOP, "新しい住まい: 住所を入れていません"),
        ("gas:arriving", "destination", GAS_START, "いまの住まい: 住所を入れていません"),
    ],
)
def test_an_end_that_was_left_out_is_said_on_every_page_with_the_route(
    applicant: Applicant, industry_end: str, end: str, offer: str, said: str
) -> None:
    applicant.post("", {"wishes": [industry_end]})
    applicant.post("addresses", {f"{end}-postal_code": "1020084"})
    assert said in read(applicant.get("providers"))
    applicant.post("providers", {"chosen": [offer]})
    applicant.post("items", typed() | {"billing.to": "origin"})
    assert said in read(applicant.get("check"))
    applicant.post("check")
    assert said in read(applicant.client.get("/book/"))


def test_the_items_name_who_needs_an_address_that_is_not_there(applicant: Applicant) -> None:
    applicant.post("", {"wishes": ["gas:leaving", "electricity:leaving", "broadcasting"]})
    applicant.post("addresses", {"origin-postal_code": "1020084", "destination-absent": "on"})
    providers = read(applicant.get("providers"))
    assert "この事業者の様式には、新しい住所が要ります" in providers
    chosen = ["gas:stop:tokyo-gas", "electricity:stop:tepco-ep", "broadcasting:change:nhk"]
    applicant.post("providers", {"chosen": chosen})
    lacking = [offer.name for offer in chosen_offers(applicant.entries) if offer.lacks]
    assert lacking
    assert f"{'、'.join(lacking)}の様式には、新しい住所が要ります。" in read(applicant.get("items"))


def test_the_items_of_a_move_with_both_ends_name_nobody(applicant: Applicant) -> None:
    applicant.to_items()
    assert "住所が要ります" not in read(applicant.get("items"))
