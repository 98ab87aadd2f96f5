"""Every page: its links work, nothing is inline, and no personal data is in a URL."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.directory_face.pages import Page

PAGES = (
    "/search",
    "/search?postal_code=2060041",
    "/search?postal_code=1960015",
    "/search?postal_code=4313314",
    "/search?municipality=14401&town=中津",
    "/search?municipality=13224",
    "/search?postal_code=2060041&industry=gas",
    "/search?q=府中市",
    "/search?postal_code=206",
    "/search/towns",
    "/search/towns?q=atago",
    "/search/towns?municipality=14100",
    "/search/towns?municipality=13224",
    "/search/map",
    "/search/map/13/gas",
    "/search/map/14/water",
    "/search/map/47/electricity",
    "/search/link",
    "/search/link?origin=1020072&destination=1960015&industries=gas&industries=water",
    "/search/about",
    "/search/contract",
    "/search/about?municipality=13224&town=愛宕&industry=gas",
    "/links",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_own_link_leads_somewhere(client: Client, directory: str, path: str) -> None:
    page = Page(client.get(path).text, path)
    assert page.own
    assert set(page.anchors) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    lost = {link: client.get(link).status_code for link in sorted(page.own)[:60]}
    assert {link: code for link, code in lost.items() if code not in (200, 302)} == {}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_external_links_are_web_addresses(client: Client, directory: str, path: str) -> None:
    page = Page(client.get(path).text, path)
    assert page.inline == []
    assert all(link.startswith(("https://", "http://")) for link in page.foreign)


def test_the_script_is_small() -> None:
    found = finders.find("directory/suggest.js")
    assert isinstance(found, str)
    assert Path(found).stat().st_size <= 3000


def test_pages_set_no_cookie(client: Client, directory: str) -> None:
    client.get("/search?postal_code=2060041")
    client.post("/search", {"q": "2060041"})
    assert not client.cookies
