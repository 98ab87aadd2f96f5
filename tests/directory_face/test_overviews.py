"""Maps, the link list, the link maker, and the sources of the data."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from renrakucho.address.place_lookup import municipalities_of_prefecture
from renrakucho.faces.directory.place_answers import LEADS_TO
from renrakucho.provider.models import Confidence, LeadsTo, Link, Source
from tests.directory_face.pages import Page
from tests.page.style_sheet import jinja


def test_a_map_shows_every_municipality_once(client: Client, directory: str) -> None:
    html = client.get("/search/map/13/gas").text
    for one in municipalities_of_prefecture("東京都"):
        assert html.count(f'<span class="tile-name" lang="ja">{one.name}</span>') == 1


def test_a_map_is_read_by_letters_and_patterns(client: Client, directory: str) -> None:
    html = client.get("/search/map/14/water").text
    assert "A 神奈川県企業局" in html
    assert 'class="tile-letter pattern-1"><b>A</b>' in html
    assert 'class="tile-letter pattern-2"><b>B</b>' in html


@pytest.mark.parametrize("path", ["99/gas", "13/steam", "1/gas", "東京都/gas"])
def test_an_unknown_map_is_not_found(client: Client, directory: str, path: str) -> None:
    assert client.get(f"/search/map/{path}").status_code == 404


def test_every_prefecture_has_its_maps(client: Client, directory: str) -> None:
    page = Page(client.get("/search/map").text, "/search/map")
    maps = {link for link in page.own if link.startswith("/search/map/")}
    assert len({link.split("/")[3] for link in maps}) == 47
    assert "/search/map/13/water?" in maps


def test_the_link_list_has_every_link_and_says_where_it_leads(client: Client, directory: str) -> None:
    html = client.get("/links").text
    page = Page(html, "/links")
    for link in Link.objects.all():
        assert link.name in html
        assert not link.url or link.url in page.links
        assert not link.phone or link.phone.replace("-", "") in page.phones
    assert html.count("ホームだけ") == Link.objects.filter(leads_to=LeadsTo.HOME).count()
    assert html.count("公式の資料で確認") == Link.objects.filter(confidence=Confidence.OFFICIAL).count()


def test_a_link_shows_its_providers_phone_with_the_phones_source(client: Client, directory: str) -> None:
    html = client.get("/links").text
    line = html[html.index(">東北電力</a>") :].split("</li>")[0]
    assert 'href="tel:0120175266"' in line
    assert "電話番号の出典: 電話受付の一覧 EN-SENTO-KYU" in line


def test_a_map_shows_no_phone_that_holds_in_a_part_only(client: Client, directory: str) -> None:
    keys = client.get("/search/map/12/water").text.split('class="map-keys"')[1].split("</ul>")[0]
    (kazusa,) = [key for key in keys.split("</li>") if "かずさ水道" in key]
    assert "tel:" not in kazusa
    assert "tel:0353261101" in client.get("/search/map/13/water").text  # of the 23 wards and of Tama


def test_every_goal_of_a_link_has_a_label() -> None:
    assert set(LEADS_TO) == set(LeadsTo.values)


def test_a_made_link_has_the_given_values(client: Client, directory: str) -> None:
    given = {"origin": "〒102-0072", "destination": "1960015", "industries": ["electricity", "gas", "water"]}
    page = Page(client.get("/search/link", given).text, "/search/link")
    (made,) = [link for link in page.links if "origin=" in link]
    assert made == settings.BASE_URL + "/apply/?origin=1020072&destination=1960015&industries=electricity,gas,water"
    (searching,) = [link for link in page.links if "postal_code=" in link]
    assert parse_qs(urlsplit(searching).query) == {"postal_code": ["1960015"]}


@pytest.mark.parametrize(
    "given", [{"origin": "102"}, {"destination": "9999999"}, {"industries": "steam"}, {"origin": "x" * 10_000}]
)
def test_no_link_is_made_of_an_unknown_value(client: Client, directory: str, given: dict[str, str]) -> None:
    page = client.get("/search/link", given)
    assert page.status_code == 422
    assert "なおしてください" in page.text
    assert "引越手続へのリンク" not in page.text


def test_every_source_is_named_with_its_licence(client: Client, directory: str) -> None:
    html = client.get("/search/about").text
    assert directory in html
    assert all(source.url in html for source in Source.objects.all())
    assert html.count("利用条件: ") == Source.objects.count()
    assert "利用条件: 記載なし" in html


def test_the_page_says_where_to_report_errors(client: Client, directory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "事務局: " not in client.get("/search/about").text
    monkeypatch.setitem(jinja().globals, "contact", "電話 03-0000-0000")
    assert "事務局: 電話 03-0000-0000" in client.get("/search/about").text


@pytest.mark.parametrize("query", ["municipality=99999&industry=gas", "municipality=13224&industry=x", "town=愛宕"])
def test_a_report_without_a_place_is_only_explained(client: Client, directory: str, query: str) -> None:
    page = client.get(f"/search/about?{query}")
    assert page.status_code == 200
    assert "そのままお使い" not in page.text
