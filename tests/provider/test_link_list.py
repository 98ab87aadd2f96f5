import pytest

from renrakucho.provider.models import Confidence, Contact, Link, phones_for_movers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_every_link_leads_to_a_page_or_a_number() -> None:
    assert Link.objects.exclude(url="").count() >= 59
    assert not Link.objects.filter(url="", phone="", provider=None).exists()


def test_the_phone_numbers_are_the_best_sourced_ones_for_movers() -> None:
    found = phones_for_movers()
    assert [phone.value for phone in found["tepco-ep"]] == ["0120-995-113"]
    assert all(len({phone.confidence for phone in phones}) == 1 for phones in found.values())
    official = Contact.objects.filter(confidence=Confidence.OFFICIAL, kind="phone", office=None, use="moving")
    assert official
    assert all(found[one.provider_id][0].confidence == Confidence.OFFICIAL for one in official)


def test_a_provider_whose_numbers_differ_by_office_has_none() -> None:
    assert "tokyo-waterworks" not in phones_for_movers()


def test_a_link_leads_to_the_provider_of_its_own_industry() -> None:
    links = Link.objects.exclude(provider=None).select_related("provider")
    assert links
    assert [str(link) for link in links if link.provider and link.industry != link.provider.industry] == []
