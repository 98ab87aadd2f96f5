"""This machine, by name or address."""

import pytest

from renrakucho.lib.safe_http import is_this_machine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_this_machine(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "localhost.example", "mail.localhost", "10.0.0.1", "128.0.0.1", "::2"])
def test_any_other(host: str) -> None:
    assert not is_this_machine(host)
