"""Answers of the directory for places that are known to be hard."""

import pytest

from renrakucho.address import place_lookup
from renrakucho.coverage.coverage_answer import CoverageAnswer
from renrakucho.coverage.provider_lookup import providers_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def at(postal_code: str, industry: str) -> CoverageAnswer:
    (town,) = place_lookup.towns_at(postal_code)
    return providers_at(town.municipality_code, town.town, industry)


def offered(answer: CoverageAnswer) -> tuple[str, list[str]]:
    return answer.status, sorted(office.provider_id for office in answer.offices)


@pytest.mark.parametrize(
    ("postal_code", "provider"),
    [
        ("4213305", "chuden-miraiz"),  # 富士市岩淵, once 富士川町
        ("4213306", "chuden-miraiz"),  # 富士市中之郷
        ("4170051", "tepco-ep"),  # 富士市吉原
        ("4190317", "chuden-miraiz"),  # 富士宮市内房
        ("4180066", "tepco-ep"),  # 富士宮市大宮町
    ],
)
def test_electricity_differs_on_both_banks_of_the_fuji(postal_code: str, provider: str) -> None:
    assert offered(at(postal_code, "electricity")) == ("by_town", [provider])


def test_the_operator_is_named_beside_the_retailer() -> None:
    (office,) = at("1000001", "electricity").offices
    assert (office.provider, office.operator) == ("東京電力エナジーパートナー", "東京電力パワーグリッド")
    assert office.phones == ("0120-995-113",)


@pytest.mark.parametrize(
    ("postal_code", "status", "providers"),
    [
        ("2560812", "ask", ["kanagawa-pref-water", "odawara-water"]),  # 小田原市国府津: the fifth 丁目 only
        ("2560813", "by_town", ["kanagawa-pref-water"]),  # 小田原市前川
        ("2500011", "by_town", ["odawara-water"]),  # 小田原市栄町
        ("2430303", "ask", ["aikawa-water", "kanagawa-pref-water"]),  # 愛川町中津
        ("2430302", "by_town", ["kanagawa-pref-water"]),  # 愛川町春日台
        ("2700015", "ask", ["chiba-pref-water", "matsudo-water"]),  # 松戸市小金上総町
        ("2701327", "ask", ["chiba-pref-water", "inzai-water"]),  # 印西市大森
        ("1960015", "probably", ["akishima-water"]),
    ],
)
def test_water_in_a_split_municipality_depends_on_the_town(postal_code: str, status: str, providers: list[str]) -> None:
    assert offered(at(postal_code, "water")) == (status, providers)


def test_some_towns_have_an_office_of_their_own() -> None:
    (north,) = at("3270525", "water").offices
    (main,) = at("3270005", "water").offices
    assert (north.office, north.phones) == ("佐野市水道局北部営業所", ("0283-62-0419",))
    assert (main.office, main.phones) == ("佐野市水道局", ("0283-22-1696",))


def test_a_place_without_a_water_utility_is_none_here() -> None:
    answer = providers_at("12409", "小池", "water")
    assert (answer.status, answer.offices) == ("none_here", ())
    assert "0479-77-3901" in answer.note
    assert answer.source


def test_a_place_that_nobody_has_looked_up_is_not_known() -> None:
    assert providers_at("01101", "", "gas") == CoverageAnswer("not_known")
    assert providers_at("13101", "丸の内", "broadcasting") == CoverageAnswer("not_known")
    assert providers_at("99999", "", "water") == CoverageAnswer("not_known")


def test_an_unknown_town_gets_the_answer_of_its_municipality() -> None:
    assert providers_at("22210", "無い町", "electricity").status == "ask"
    assert providers_at("13101", "無い町", "water") == providers_at("13101", "", "water")
