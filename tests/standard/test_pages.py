"""The standard as people and programs find it."""

import io
import json
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from renrakucho.faces.standard.page_texts import VARIANTS, page_texts
from renrakucho.faces.standard.pages import PAGES
from renrakucho.standard.schema_outline import schema_outline
from renrakucho.standard.schemas import FOLDER, load_schema, schema_examples, schema_names

every_page = pytest.mark.parametrize("name", PAGES)
every_address = pytest.mark.parametrize("language", ["ja", "en"])


class Seen(HTMLParser):
    """A page's words, ids and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        self.language = given.get("lang") or "" if tag == "html" else self.language

    def handle_data(self, data: str) -> None:
        self.text += data


def address(name: str, language: str) -> str:
    return f"/standard/v1/{name}" + ("/en" if language == "en" else "")


def seen(client: Client, path: str) -> Seen:
    answer = client.get(path)
    assert answer.status_code == 200
    return Seen(answer.content.decode())


@every_page
@every_address
def test_a_page_explains_every_member_in_its_language(client: Client, name: str, language: str) -> None:
    page = seen(client, address(name, language))
    assert page.language == language
    for member in schema_outline(name):
        said = member.schema["x-en"] if language == "en" else member.schema
        assert member.anchor in page.ids
        assert said["title"] in page.text
        assert said["description"].replace("`", "") in page.text  # names of members are set as code


@every_page
def test_an_english_page_says_its_own_words_in_english(client: Client, name: str) -> None:
    body = client.get(address(name, "en")).content.decode()
    main = body.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<(\w+) [^>]*lang=\"ja\".*?</\1>", "", main, flags=re.DOTALL)
    japanese = set(re.findall(r"[ぁ-んァ-ヶ一-龠]+", Seen(main).text))
    assert japanese <= {"町字", "丁目", "郡", "の", "元", "号", "号室"}  # quoted


@every_page
@every_address
def test_ids_are_told_apart_and_links_lead_somewhere(client: Client, name: str, language: str) -> None:
    page = seen(client, address(name, language))
    assert len(page.ids) == len(set(page.ids))
    for link in set(page.links):
        if link.startswith("#"):
            assert link[1:] in page.ids
        elif link.startswith("/standard"):
            assert client.get(link).status_code == 200, link


@every_address
def test_the_first_page_leads_to_every_document(client: Client, language: str) -> None:
    page = seen(client, "/standard/en" if language == "en" else "/standard/")
    assert {address(name, language) for name in PAGES} <= set(page.links)
    assert page.language == language
    assert {"compatibility", "conformance", "licence", "propose", "history"} <= set(page.ids)
    for link in page.links:
        if link.startswith("/standard"):
            assert client.get(link).status_code == 200, link


def test_every_schema_but_the_shared_parts_has_a_page() -> None:
    assert set(PAGES) == set(schema_names()) - {"parts"}


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_served_as_it_lies_in_the_folder(client: Client, name: str) -> None:
    answer = client.get(f"/standard/v1/{name}.schema.json")
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert answer.content == (FOLDER / f"{name}.schema.json").read_bytes()


def test_all_files_can_be_had_at_once(client: Client) -> None:
    answer = client.get("/standard/v1/moving-notice-v1.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as together:
        held = {name: together.read(name) for name in together.namelist()}
    paths = [*FOLDER.glob("*.schema.json"), *FOLDER.glob("*.example.json")]
    assert held == {path.name: path.read_bytes() for path in paths}


def test_references_between_schemas_lead_somewhere(client: Client) -> None:
    """A program that resolves them against where it found the schema gets the other schema."""

    def references(part: Any) -> set[str]:
        if isinstance(part, list):
            return {found for one in part for found in references(one)}
        if not isinstance(part, dict):
            return set()
        here = {part["$ref"].partition("#")[0]} if isinstance(part.get("$ref"), str) else set()
        return here.union(*(references(one) for one in part.values()))

    files = {file for name in schema_names() for file in references(load_schema(name))} - {""}
    assert files
    for file in files:
        assert client.get(f"/standard/v1/{file}").status_code == 200, file


@every_page
def test_every_example_is_served_and_shown(client: Client, name: str) -> None:
    page = seen(client, address(name, "ja"))
    assert schema_examples(name)
    for special, text in schema_examples(name).items():
        path = f"/standard/v1/{name}.{special}.example.json" if special else f"/standard/v1/{name}.example.json"
        assert path in page.links
        assert client.get(path).json() == json.loads(text)
        assert text in page.text
        assert special in VARIANTS


def test_programs_may_ask_from_any_page_and_are_not_sent_twice_the_same(client: Client) -> None:
    first = client.get("/standard/v1/notice.schema.json")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert first.headers["Cache-Control"] == "public, max-age=3600"
    again = client.get("/standard/v1/notice.schema.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path", ["/standard/v1/parts", "/standard/v1/move", "/standard/v1/move.schema.json", "/standard/v2/notice"]
)
def test_what_is_not_published_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["notice.lost.example.json", "move.example.json", "receipt.example.json"])
def test_there_is_no_other_example(client: Client, path: str) -> None:
    assert client.get(f"/standard/v1/{path}").status_code == 404


def test_what_stands_around_an_english_page_is_marked_as_japanese(client: Client) -> None:
    body = client.get("/standard/en").content.decode()
    assert '<html lang="en">' in body
    assert '<body lang="ja"' in body
    assert re.search(r'<main [^>]*lang="en"', body)


def test_nothing_is_written_here(client: Client) -> None:
    assert client.post("/standard/v1/notice.schema.json").status_code == 405


def test_both_languages_have_all_words() -> None:
    assert set(page_texts("ja")) == set(page_texts("en"))


def test_every_page_of_the_portal_leads_here(client: Client) -> None:
    assert "/standard/" in seen(client, "/standard/").links
