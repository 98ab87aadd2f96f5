import pytest

from renrakucho.provider.links import links_by_industry
from renrakucho.provider.models import LinkGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_links_stand_in_groups_in_their_order() -> None:
    groups = links_by_industry()
    assert list(groups) == [group for group in LinkGroup.values if group in groups]
    assert {"electricity", "gas", "water", "telephone", "broadcasting", "credit_card"} <= groups.keys()
    assert all(link.industry == group for group, links in groups.items() for link in links)


def test_enough_of_them_lead_somewhere_that_is_sourced() -> None:
    links = [link for group in links_by_industry().values() for link in group]
    assert len([link for link in links if link.url and link.confidence != "general"]) >= 59
    assert len({(link.industry, link.name) for link in links}) == len(links)


def test_pages_that_take_moves_come_first() -> None:
    for links in links_by_industry().values():
        takes_moves = [link.leads_to == "moving" for link in links]
        assert takes_moves == sorted(takes_moves, reverse=True)


def test_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        [link.source.title for links in links_by_industry().values() for link in links]
