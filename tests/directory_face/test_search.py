"""Search page (れんらく先検索): from a typed place to the providers that serve it."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from renrakucho.address import place_lookup
from renrakucho.coverage.provider_lookup import providers_at
from tests.directory_face.pages import Page

SPLIT_CODE = "4980000"  # a code of 愛知県弥富市 and of 三重県桑名郡木曽岬町


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_postal_code_shows_all_four_industries_with_phones_and_sources(client: Client, directory: str) -> None:
    response = client.get("/search?postal_code=2060041")
    assert response.status_code == 200
    html = response.text
    page = Page(html, "/search")
    town = place_lookup.town_by_id("13224:愛宕")
    for industry in ("electricity", "gas", "water", "telephone"):
        for office in providers_at(town.municipality_code, town.town, industry).offices:
            assert office.provider in html
            assert {number.replace("-", "") for number in office.phones} <= set(page.phones)
            assert office.source in html
            assert office.as_of in html


@pytest.mark.parametrize("typed", ["206-0041", "〒206-0041", "２０６－００４１", " 2060041 ", "206ー0041"])
def test_a_typed_postal_code_redirects_to_a_page_that_can_be_linked(client: Client, directory: str, typed: str) -> None:
    response = client.post("/search", {"q": typed})
    assert response.headers["Location"] == "/search?postal_code=2060041"


@pytest.mark.parametrize(
    "typed",
    ["東京都多摩市愛宕1-2-3 メゾン勅使河原101", "多摩市愛宕一丁目2番3号 勅使河原様方", "206-0041 多摩市愛宕4-99"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_redirects_to_its_town_without_the_rest(
    client: Client, directory: str, typed: str, method: str
) -> None:
    response = getattr(client, method)("/search", {"q": typed})
    assert response.status_code == 302
    said = asked(response.headers["Location"])
    assert said == {"postal_code": "2060041"} or said == {"municipality": "13224", "town": "愛宕"}
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("typed", ["府中市", "中央区", "横浜市", "静岡県"])
def test_an_ambiguous_text_offers_a_choice(client: Client, directory: str, typed: str) -> None:
    page = client.post("/search", {"q": typed})
    assert page.status_code == 200
    assert "どちらですか" in page.text
    assert len([link for link in Page(page.text, "/search").own if "municipality=" in link]) > 1


def test_a_postal_code_of_several_municipalities_offers_a_choice_and_is_kept(client: Client, directory: str) -> None:
    towns = place_lookup.towns_at(SPLIT_CODE)
    assert len({town.municipality_code for town in towns}) > 1
    page = client.get(f"/search?postal_code={SPLIT_CODE}")
    assert "どちらですか" in page.text
    choices = [asked(link) for link in Page(page.text, "/search").own if "municipality=" in link]
    assert {choice["municipality"] for choice in choices} == {town.municipality_code for town in towns}
    assert {choice["postal_code"] for choice in choices} == {SPLIT_CODE}


def test_towns_of_one_code_with_the_same_answers_need_no_choice(client: Client, directory: str) -> None:
    towns = place_lookup.towns_at("4380086")
    assert len(towns) > 1
    html = client.get("/search?postal_code=4380086").text
    assert "どちらですか" not in html
    assert all(town.town in html for town in towns)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("20600", 422, "郵便番号が7けたではありません"),
        ("206004", 422, "郵便番号が7けたではありません"),
        ("9999999", 404, "この郵便番号は見つかりません"),
        ("", 422, "郵便番号か住所が入っていません"),
        ("  　 ", 422, "郵便番号か住所が入っていません"),
        ("qqqqqq", 422, "日本の住所として読み取れませんでした"),
        ("1600 Pennsylvania Avenue, Washington", 422, "日本の住所として読み取れませんでした"),
        ("'; DROP TABLE coverage_coverage; --", 422, "日本の住所として読み取れませんでした"),
        ("\x00\x07\x1b[31m", 422, "日本の住所として読み取れませんでした"),
        ("<script>alert(1)</script>", 422, "日本の住所として読み取れませんでした"),
        ("あ" * 10_000, 422, "住所にしては長すぎます"),
        ("9" * 10_000, 422, "郵便番号が7けたではありません"),
        ("\ud800", 422, "日本の住所として読み取れませんでした"),
    ],
)
def test_an_unreadable_query_gets_an_explanation_and_a_next_step(
    client: Client, directory: str, typed: str, status: int, said: str
) -> None:
    body = "q=" + quote(typed, errors="surrogatepass")
    response = client.post("/search", body, "application/x-www-form-urlencoded")
    assert response.status_code == status
    assert said in response.text
    assert "入れて" in response.text or "お確かめ" in response.text
    assert "<script>alert" not in response.text
    assert len(response.content) < 20_000
    assert not {"\x00", "\x07", "\x1b"} & set(response.text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("postal_code=abc", 422),
        ("postal_code=206", 422),
        ("postal_code=9999999", 404),
        ("municipality=99999", 404),
        ("municipality=%00", 404),
        ("municipality=13224&town=どこにもない", 404),
        ("postal_code=2060041&industry=steam", 422),
        ("municipality=" + "1" * 10_000, 404),
    ],
)
def test_a_broken_link_shows_the_search_page_with_the_reason(
    client: Client, directory: str, query: str, status: int
) -> None:
    response = client.get(f"/search?{query}")
    assert response.status_code == status
    assert 'name="q"' in response.text


@pytest.mark.parametrize(
    ("query", "today"),
    [
        ("municipality=22135&town=三方原町", "浜松市中央区三方原町"),  # 浜松市北区 until the end of 2023
        ("municipality=22135", "浜松市浜名区"),
        ("municipality=13216", "西東京市"),  # 田無市 until 2001
    ],
)
def test_a_former_municipality_gives_its_successor(client: Client, directory: str, query: str, today: str) -> None:
    page = client.get(f"/search?{query}")
    assert page.status_code == 200
    assert today in page.text


def test_a_postal_code_of_another_municipality_is_dropped(client: Client, directory: str) -> None:
    html = client.get("/search?postal_code=2060041&municipality=13101").text
    assert "千代田区" in html
    assert "2060041" not in html.partition("<main")[2]  # the address itself stays in the switch of languages


@pytest.mark.parametrize(
    ("municipality", "town", "industry", "status", "said"),
    [
        ("13224", "愛宕", "gas", "probably", "おそらく、ここです"),
        ("13207", "昭和町", "gas", "ask", "次のどれかです"),
        ("22140", "二俣町二俣", "gas", "not_known", "わかりません"),
    ],
)
def test_each_status_has_a_plain_text(
    client: Client, directory: str, municipality: str, town: str, industry: str, status: str, said: str
) -> None:
    assert providers_at(municipality, town, industry).status == status
    html = client.get("/search", {"municipality": municipality, "town": town, "industry": industry}).text
    assert said in html
    if status != "probably":
        assert "検針票" in html
    if status == "not_known":
        assert place_lookup.municipality_by_code(municipality).url in html


def test_the_operator_is_distinguished_from_the_supplier(client: Client, directory: str) -> None:
    html = client.get("/search?postal_code=2060041&industry=electricity").text
    assert "東京電力パワーグリッド" in html
    assert "契約先は別の会社かもしれません" in html


def test_the_answer_for_one_industry_links_to_all(client: Client, directory: str) -> None:
    page = client.get("/search?postal_code=2060041&industry=gas").text
    assert 'id="gas"' in page
    assert 'id="water"' not in page
    assert "/search?postal_code=2060041?" not in page
    assert any(link == "/search?postal_code=2060041" for link in Page(page, "/search").own)


def test_the_link_into_the_application_has_only_the_postal_code(client: Client, directory: str) -> None:
    page = Page(client.get("/search?municipality=13224&town=愛宕").text, "/search")
    ways = [asked(link) for link in page.own if link.startswith("/apply/?")]
    assert {"origin": "2060041"} in ways
    assert {"destination": "2060041"} in ways


def test_a_report_starts_from_the_answer(client: Client, directory: str) -> None:
    page = Page(client.get("/search?postal_code=2060041&industry=gas").text, "/search")
    (report,) = [link for link in page.own if link.startswith("/search/about?")]
    html = client.get(report).text
    assert "東京都多摩市愛宕" in html
    assert "東京ガス" in html
    assert directory in html


def test_other_methods_are_refused(client: Client, directory: str) -> None:
    assert client.put("/search").status_code == 405
    assert client.post("/links").status_code == 405


@pytest.mark.parametrize(
    ("typed", "old", "today"),
    [
        ("静岡県浜松市北区細江町中川1", "浜松市北区", "浜松市浜名区"),
        ("浜松市北区三方原町", "浜松市北区", "浜松市中央区"),
        ("東京都保谷市下保谷4-1", "保谷市", "西東京市"),
    ],
)
def test_a_former_name_is_shown_beside_the_present_one(
    client: Client, directory: str, typed: str, old: str, today: str
) -> None:
    html = client.post("/search", {"q": typed}, follow=True).text
    assert f"{old}は、" in html
    assert f"いまの{today}の答えです" in html


def test_the_choice_after_a_former_name_says_so(client: Client, directory: str) -> None:
    assert "浜松市北区は、2024年1月1日" in client.post("/search", {"q": "旧浜松市北区"}).text


@pytest.mark.parametrize("former", ["田無市", "<b>よそのお知らせ</b>", "浜松市浜名区"])
def test_a_former_name_of_another_place_is_not_shown(client: Client, directory: str, former: str) -> None:
    html = client.get("/search", {"municipality": "22139", "former": former}).text
    assert "変わりました" not in html
    assert "よそのお知らせ" not in html


def test_a_present_name_is_not_called_former(client: Client, directory: str) -> None:
    for typed in ("東京都西多摩郡奥多摩町氷川1", "奥多摩町氷川", "茅ケ崎市茅ケ崎1", "東京都澁谷區廣尾1-2-3"):
        assert "変わりました" not in client.post("/search", {"q": typed}, follow=True).text


def test_an_unknown_town_is_mentioned(client: Client, directory: str) -> None:
    html = client.post("/search", {"q": "東京都多摩市存在しない町1-2"}, follow=True).text
    assert "町の名前が、この市区町村の一覧に見つかりません" in html
    assert "町の名前が" not in client.post("/search", {"q": "東京都多摩市"}, follow=True).text


def test_kana_alone_offers_every_place_of_this_reading(client: Client, directory: str) -> None:
    response = client.post("/search", {"q": "あたご"})
    assert response.headers["Location"] == f"/search/towns?q={quote('あたご')}"


def test_the_towns_of_a_former_municipality_are_its_successors(client: Client, directory: str) -> None:
    assert "細江町中川" in client.get("/search/towns?municipality=22136").text


def test_electricity_gas_and_telephone_link_to_the_contract_page(client: Client, directory: str) -> None:
    page = Page(client.get("/search?postal_code=2060041").text, "/search")
    there = [link for link in page.links if "/search/contract" in link]
    assert [link.partition("#")[2] for link in there] == ["electricity", "gas", "telephone"]
    html = client.get("/search/contract").text
    for said in ("22けた", "17けた", '<dt><span class="number">03</span></dt>'):
        assert said in html
