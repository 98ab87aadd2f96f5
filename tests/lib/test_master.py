"""Sealing under the master key."""

import pytest

from renrakucho.lib.sealing import SealBroken, open_text, open_with_master_key, seal_as_text, seal_with_master_key

VALUE = {"name": "髙﨑", "of": ["\ud842", 1, None]}


def test_only_its_own_place_opens_it() -> None:
    sealed = seal_with_master_key(VALUE, b"row 1")
    assert open_with_master_key(memoryview(sealed), b"row 1") == VALUE
    with pytest.raises(SealBroken):
        open_with_master_key(sealed, b"row 2")


@pytest.mark.parametrize(
    "text", ["", "!", "zzzz", "髙", pytest.param(seal_as_text(VALUE, b"another"), id="another place")]
)
def test_text_that_is_not_ours_is_nothing(text: str) -> None:
    assert open_text(text, b"session") is None


def test_text_opens_again() -> None:
    assert open_text(seal_as_text(VALUE, b"session"), b"session") == VALUE
