"""Static files as an installation serves them: collected, named by their content, compressed, kept."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from renrakucho.page.compression import StaticFilesMiddleware

# As in renrakucho/config/settings.py; tests/conftest.py lets the other tests do without collected files.
COLLECTED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture
def static_file(settings: Settings, tmp_path: Path, one_connection: None) -> Any:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": COLLECTED}}
    call_command("collectstatic", interactive=False, verbosity=0)
    middleware = StaticFilesMiddleware(lambda request: HttpResponse(status=404))

    def headers_of(address: str, **headers: str) -> Any:
        response = middleware(RequestFactory().get(address, headers=headers))
        response.close()
        return response.headers

    return headers_of


@pytest.mark.parametrize("name", ["page/base.css", "page/enhance.js", "book/carry.js", "desk/desk.css"])
def test_a_file_named_by_its_content_is_kept_for_a_year(static_file: Any, name: str) -> None:
    address = staticfiles_storage.url(name)
    assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", address)
    assert static_file(address)["Cache-Control"] == "max-age=31536000, public, immutable"


def test_a_file_under_its_plain_name_is_asked_for_again(static_file: Any) -> None:
    assert static_file("/static/page/base.css")["Cache-Control"] == "max-age=60, public"


def test_a_style_sheet_travels_compressed(static_file: Any) -> None:
    address = staticfiles_storage.url("page/base.css")
    plain = static_file(address, **{"Accept-Encoding": "identity"})
    small = static_file(address, **{"Accept-Encoding": "gzip, br"})
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) * 3 < int(plain["Content-Length"])
