"""Sealing under the master key."""

import pytest

from renrakucho.lib.master import open_here, opened_text, seal_here, sealed_text
from renrakucho.lib.seal import Tampered

VALUE = {"name": "髙﨑", "of": ["\ud842", 1, None]}


def test_only_its_own_place_opens_it() -> None:
    sealed = seal_here(VALUE, b"row 1")
    assert open_here(memoryview(sealed), b"row 1") == VALUE
    with pytest.raises(Tampered):
        open_here(sealed, b"row 2")


@pytest.mark.parametrize(
    "text", ["", "!", "zzzz", "髙", pytest.param(sealed_text(VALUE, b"another"), id="another place")]
)
def test_text_that_is_not_ours_is_nothing(text: str) -> None:
    assert opened_text(text, b"session") is None


def test_text_opens_again() -> None:
    assert opened_text(sealed_text(VALUE, b"session"), b"session") == VALUE
