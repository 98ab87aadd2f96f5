"""Safe redirects to the `next` parameter."""

import pytest
from django.test import RequestFactory

from renrakucho.page.http import safe_next_url


@pytest.mark.parametrize("wanted", ["/desk/", "/desk/notices/1/?tab=todo", "/desk/take?id=1&id=2"])
def test_a_next_url_below_home_is_used(wanted: str) -> None:
    assert safe_next_url(RequestFactory().get("/desk/login", {"next": wanted}), "/desk/") == wanted
    assert safe_next_url(RequestFactory().post("/desk/login", {"next": wanted}), "/desk/") == wanted


@pytest.mark.parametrize(
    "wanted", ["", "/", "/book/", "/desk/../book/", "https://elsewhere.example/desk/", "//elsewhere.example/desk/"]
)
def test_any_other_next_url_is_replaced_by_home(wanted: str) -> None:
    assert safe_next_url(RequestFactory().get("/desk/login", {"next": wanted}), "/desk/") == "/desk/"
