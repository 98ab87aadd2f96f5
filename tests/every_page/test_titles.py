"""Titles tell pages apart (WCAG 2.4.2), every page was looked at, and none gives a secret away by its length."""

import re
from collections import defaultdict
from html import unescape

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.every_page.cast import ShownPage
from tests.every_page.desk_pages import secrets_on

pytestmark = pytest.mark.django_db
FACES = ("book", "directory", "standard", "answer", "desk", "bureau")
# They act and lead on to another page, or send a file.
NO_PAGES = {
    "book:ask_again",
    "book:erase",
    "book:identity_callback",
    "book:language",
    "book:leave",
    "book:logout",
    "book:own_word",
    "book:begin_shared",
    "book:end_shared",
    "desk:logout",
    "desk:logout_everywhere",
}
NO_PAGES |= {
    "book:stay_open",
    "desk:choose",
    "desk:again",
    "desk:accept",
    "desk:return",
    "desk:mail",
    "desk:password",
    "desk:end_factor",
}
NO_PAGES |= {"desk:invite", "desk:require", "desk:end_invitation", "desk:new_password", "desk:role", "desk:close"}
NO_PAGES |= {"desk:reopen", "desk:reset_factor", "answer:accept", "answer:return"}
NO_PAGES |= {"standard:everything", "standard:schema", "standard:example", "standard:version"}
NO_PAGES |= {"bureau:logout", "bureau:logout_everywhere", "bureau:password", "bureau:end_factor", "bureau:record_csv"}
NO_PAGES |= {"bureau:invite", "bureau:end_invitation", "bureau:new_password", "bureau:role", "bureau:close"}
NO_PAGES |= {"bureau:reopen", "bureau:reset_factor", "bureau:mail", "directory:figures_json"}
NO_PAGES |= {"desk:remove_passkey", "bureau:remove_passkey", "bureau:code_passkey"}
NO_PAGES |= {"desk:close_key", "desk:rise_act", "bureau:rise_act", "bureau:postcards_file"}
NO_PAGES |= {"desk:close_key", "desk:unlink", "bureau:unlink", "desk:require_sign_on"}
NO_PAGES |= {"desk:sign_on_ended", "bureau:sign_on_ended"}
NO_PAGES |= {"book:tell_address", "book:mark_task", "book:timeline_calendar", "book:timeline_csv"}
NO_PAGES |= {"book:mark_feed", "book:calendar_feed"}
NO_PAGES |= {"book:disclosure_json", "book:disclosure_pdf", "standard:keys"}
# A form that is shown again under the address that it was sent to: the page is that above.
FORMS_OF_PAGES = re.compile("/(accept|return|unlock|password|mail|recovery|passkey|remove|another|name|callback|act)$")


def title_of(page: ShownPage) -> str:
    found = re.search("<title>(.*?)</title>", page.html, re.DOTALL)
    assert found, page
    return unescape(found[1]).removeprefix("エラー：")


def test_every_page_answers_as_it_should(every_page: list[ShownPage]) -> None:
    assert len(every_page) > 150
    assert [str(page) for page in every_page if page.response.status_code != page.wanted] == []


def test_every_page_that_there_is_was_looked_at(every_page: list[ShownPage]) -> None:
    names = {f"{face.app_name}:{each.name}" for face in get_resolver().url_patterns if isinstance(face, URLResolver)
             for each in face.url_patterns if isinstance(each, URLPattern) and face.app_name in FACES}  # fmt: skip
    assert len(names) > 60
    assert names - NO_PAGES - {page.view for page in every_page} == set()


def test_two_pages_of_one_reader_have_two_titles(every_page: list[ShownPage]) -> None:
    pages = defaultdict(set)
    for page in every_page:
        path = FORMS_OF_PAGES.sub("", page.address.partition("?")[0]).rstrip("/")
        pages[(page.reader, title_of(page))].add("/a" if page.response.status_code == 404 else path)
    same = {title: paths for title, paths in pages.items() if len(paths) > 1}
    assert {title for _reader, title in same} <= {
        "確認コード | 引越れんらく帳"
    }  # /desk/me and its form of recovery codes
    stops = {title_of(page) for page in every_page if page.reader == "mover" and page.view == "book:leaf"}
    assert {"東京ガス | ガス 停止 | 引越れんらく帳", "東京ガス | ガス 開始 | 引越れんらく帳"} <= stops


def test_searches_for_two_places_have_two_titles(every_page: list[ShownPage]) -> None:
    towns = [title_of(page) for page in every_page if page.view == "directory:towns"]
    assert len(set(towns)) == len(towns) == 3


def test_no_page_with_a_secret_is_compressed(every_page: list[ShownPage]) -> None:
    with_secret = {page.view for page in every_page if secrets_on(page)}
    assert with_secret == {
        "book:registered",
        "book:bureau",
        "book:new_key_shown",
        "book:carry",
        "desk:link",
        "desk:factor",
        "desk:recovery",
        "bureau:link",
        "bureau:factor",
        "bureau:recovery",
    }
    told = {page.view for page in every_page if "no-transform" in page.response.headers.get("Cache-Control", "")}
    assert with_secret <= told
