"""Which language a page is in: the visitor's own, and Japanese where it is for offices and machines."""

import re

import pytest
from django.test import Client
from django.utils.translation import get_language

from renrakucho.page.language import is_translated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,ja;q=0.5"}
PUBLIC = {
    "/": "Where do you move from, and where to?",
    "/apply/": "Which industries should be told?",
    "/book/login": "Open my book",
    "/search": "Find your providers",
    "/search?postal_code=1960015": "Report an error",
    "/search?postal_code=4980000": "Which one is it?",
    "/search?postal_code=123": "The postal code does not have seven digits",
    "/search/towns?q=atago": "Search by the name of a town",
    "/search/map": "Who serves where, by prefecture",
    "/search/map/13/water": "Municipalities",
    "/search/link": "How the link is written",
    "/search/contract": "How to find your company",
    "/search/about": "How sure the answers are",
    "/links": "Providers’ sites",
    "/nowhere": "Page not found",
}
ONE_LANGUAGE = [
    "/desk/login",
    "/desk/join/x",
    "/desk/nowhere",
    "/a",
    "/a/k7m2p9qx4d",
    "/standard/",
    "/standard/en",
    "/standard/v1/sheet/en",
    "/api/v1/providers?postal_code=1960015",
    "/api/v1/providers?postal_code=123",
    "/api/v1/towns?q=atago",
    "/api/v1/directory.csv",
    "/api/v1/notices",
    "/relay/v1/providers",
]


def without_token(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.parametrize(("address", "words"), PUBLIC.items())
def test_a_public_page_is_in_the_visitors_language(client: Client, address: str, words: str) -> None:
    english = client.get(address, headers=ENGLISH)
    assert '<html lang="en">' in english.text
    assert words in english.text
    assert english.headers["Content-Language"] == "en"
    japanese = client.get(address)
    assert '<html lang="ja">' in japanese.text
    assert words not in japanese.text
    assert japanese.headers["Content-Language"] == "ja"


@pytest.mark.parametrize("address", PUBLIC)
def test_a_cache_keeps_the_languages_apart(client: Client, address: str) -> None:
    response = client.get(address)
    assert {"Accept-Language", "Cookie"} <= set(response.headers["Vary"].split(", "))
    assert "public" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("address", ONE_LANGUAGE)
def test_offices_and_machines_get_the_same_whatever_they_ask_for(client: Client, address: str) -> None:
    client.cookies["language"] = "en"
    asked = client.get(f"{address}{'&' if '?' in address else '?'}language=en", headers=ENGLISH)
    client.cookies.clear()
    usual = client.get(address)
    assert asked.status_code == usual.status_code
    assert without_token(asked.text) == without_token(usual.text)
    assert "Accept-Language" not in asked.headers.get("Vary", "")
    assert "language" not in asked.cookies


def test_every_face_is_either_for_visitors_or_for_one_language() -> None:
    assert [address for address in PUBLIC if not is_translated(address.partition("?")[0])] == []
    assert [address for address in ONE_LANGUAGE if is_translated(address.partition("?")[0])] == []
    assert is_translated("/apply/")
    assert is_translated("/desks")


def test_a_choice_holds_from_then_on(client: Client) -> None:
    chosen = client.get("/search?language=en")
    assert '<html lang="en">' in chosen.text
    assert chosen.cookies["language"].value == "en"
    assert chosen.cookies["language"]["samesite"] == "Lax"
    assert chosen.cookies["language"]["httponly"]
    assert '<html lang="en">' in client.get("/links", headers={"Accept-Language": "ja"}).text
    assert "language" not in client.get("/links?language=en").cookies  # it is kept already


def test_an_english_page_can_be_linked_to_without_a_cookie(client: Client) -> None:
    client.get("/search?language=en")
    client.cookies.clear()
    assert '<html lang="ja">' in client.get("/search").text
    assert '<html lang="en">' in client.get("/search?language=en").text


@pytest.mark.parametrize("asked", ["fr", "", "en-us", "../en"])
def test_a_language_that_there_is_not_changes_nothing(client: Client, asked: str) -> None:
    response = client.get("/search", {"language": asked})
    assert '<html lang="ja">' in response.text
    assert "language" not in response.cookies


def test_the_switch_leads_to_the_same_page(client: Client) -> None:
    html = client.get("/search?postal_code=1960015").text
    assert '<b lang="ja" aria-current="true">日本語</b>' in html
    assert '<a href="?postal_code=1960015&amp;language=en" hreflang="en" lang="en">English</a>' in html
    html = client.get("/search?postal_code=1960015&language=en").text
    assert '<b lang="en" aria-current="true">English</b>' in html
    assert '<a href="?postal_code=1960015&amp;language=ja" hreflang="ja" lang="ja">日本語</a>' in html


def test_a_search_that_was_not_sent_yet_goes_along(client: Client) -> None:
    page = client.post("/search?language=en", {"q": ""})
    assert page.status_code == 200
    assert "Find your providers" in page.text
    assert client.post("/search?language=en", {"q": "2060041"}).headers["Location"] == "/search?postal_code=2060041"


def test_the_next_work_of_the_thread_is_in_japanese(client: Client) -> None:
    client.get("/search", headers=ENGLISH)
    assert get_language() == "ja"


def test_days_are_written_as_the_language_writes_them(client: Client) -> None:
    checked = re.compile(r'<time datetime="(\d{4})-(\d\d)-(\d\d)">([^<]+)</time>')
    english = checked.search(client.get("/search?postal_code=1960015", headers=ENGLISH).text)
    japanese = checked.search(client.get("/search?postal_code=1960015").text)
    assert english
    assert japanese
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]{2} \d{4}", english[4])
    assert japanese[4] == f"{int(japanese[1])}年{int(japanese[2])}月{int(japanese[3])}日"
