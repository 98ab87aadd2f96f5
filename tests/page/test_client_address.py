import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from renrakucho.page.http import client_address


@pytest.mark.parametrize(("behind_proxy", "address"), [(True, "203.0.113.9"), (False, "198.51.100.7")])
def test_only_the_own_proxys_header_is_trusted(settings: Settings, behind_proxy: bool, address: str) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR="10.0.0.1, 203.0.113.9")
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:7:a:b:c:d", "2001:db8:0:7::/64"),
        ("2001:db8:0:7:1:2:3:4", "2001:db8:0:7::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_all_addresses_of_an_ipv6_line_are_one_client(settings: Settings, address: str, line: str) -> None:
    """Otherwise a client with IPv6 could avoid every rate limit."""
    settings.BEHIND_PROXY = False
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=address)) == line
