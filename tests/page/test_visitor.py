import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from renrakucho.page.visitor import address_of


@pytest.mark.parametrize(("behind_proxy", "address"), [(True, "203.0.113.9"), (False, "198.51.100.7")])
def test_only_the_own_proxy_is_believed(settings: Settings, behind_proxy: bool, address: str) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.9")
    assert address_of(request) == address
