"""Compression of answers: what is compressed, what caches are told, and what gives nothing away by its length."""

import gzip
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from renrakucho.page.compression import CompressionMiddleware, keep_uncompressed
from renrakucho.page.http import cacheable_response

TEXT = "引越れんらく帳のページです。" * 200
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def answer(response: HttpResponseBase, *, cookie: str = "sessionid", **headers: str) -> Any:
    """The response as it leaves the portal, to a browser with a session."""
    factory = RequestFactory(headers={**GZIP, **{name.replace("_", "-"): text for name, text in headers.items()}})
    factory.cookies[cookie] = "0123456789"
    return CompressionMiddleware(lambda request: response)(factory.get("/book/"))


def personal(**headers: str) -> HttpResponse:
    return HttpResponse(TEXT, headers={"Cache-Control": "no-store", **headers})


def is_compressed(response: Mapping[str, str]) -> bool:
    return response.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv", "application/json", "text/css"])
def test_an_answer_is_compressed(kind: str) -> None:
    sent = answer(HttpResponse(TEXT, content_type=kind))
    assert is_compressed(sent.headers)
    assert len(sent.content) < len(TEXT.encode()) / 5
    assert sent.headers["Content-Length"] == str(len(sent.content))
    assert "Accept-Encoding" in sent.headers["Vary"]
    assert gzip.decompress(sent.content).decode() == TEXT


def test_who_takes_no_gzip_gets_plain_text() -> None:
    sent = answer(HttpResponse(TEXT), Accept_Encoding="identity")
    assert not is_compressed(sent.headers)
    assert sent.content.decode() == TEXT
    assert "Accept-Encoding" in sent.headers["Vary"]


def test_a_file_sent_in_pieces_is_compressed_in_pieces() -> None:
    def lines() -> Iterator[bytes]:
        yield from (f"{number},髙﨑,太郎\r\n".encode() for number in range(1000))

    sent = answer(StreamingHttpResponse(lines(), content_type="text/csv"))
    assert is_compressed(sent.headers)
    assert gzip.decompress(b"".join(sent.streaming_content)) == b"".join(lines())


def test_an_etag_still_gets_a_304() -> None:
    def cached(**headers: str) -> Any:
        request = RequestFactory(headers={**GZIP, **headers}).get("/standard/v1/notice.schema.json")
        response = cacheable_response(request, HttpResponse(TEXT), max_age=60)
        return CompressionMiddleware(lambda _request: response)(request)

    first = cached()
    assert is_compressed(first.headers)
    assert first.headers["ETag"].startswith('W/"')
    again = cached(**{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Encoding" in again.headers["Vary"]
    assert again.headers["ETag"].removeprefix("W/") == first.headers["ETag"].removeprefix("W/")
    assert cached(**{"If-None-Match": 'W/"another"'}).status_code == 200


def test_a_page_with_a_secret_is_never_compressed() -> None:
    response = personal()
    keep_uncompressed(response)
    sent = answer(response, Sec_Fetch_Site="same-origin")
    assert not is_compressed(sent.headers)
    assert {"no-store", "no-transform"} <= set(sent.headers["Cache-Control"].split(", "))  # proxies are told too


@pytest.mark.parametrize(
    ("site", "compressed"), [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)]
)
def test_another_site_cannot_measure_a_persons_page(site: str, compressed: bool) -> None:
    assert is_compressed(answer(personal(), Sec_Fetch_Site=site).headers) is compressed


def test_a_link_from_another_site_to_a_page_about_nobody_is_compressed() -> None:
    assert is_compressed(answer(personal(), cookie="language", Sec_Fetch_Site="cross-site").headers)
    assert is_compressed(answer(HttpResponse(TEXT), Sec_Fetch_Site="cross-site").headers)


def test_the_length_of_a_compressed_page_is_random() -> None:
    lengths = {len(answer(personal()).content) for _time in range(40)}
    assert len(lengths) > 10
    assert max(lengths) - min(lengths) > 30
