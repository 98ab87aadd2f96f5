import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.master_keyring import open_with_master_key, seal_with_master_key
from renrakucho.lib.period_keyring import open_text, seal_as_text
from renrakucho.lib.sealing import (
    SealBroken,
    keyed_hash,
    new_data_key,
    open_bytes,
    open_json,
    seal_bytes,
    seal_json,
    unwrap_key,
    wrap_key,
)
from renrakucho.lib.signing import is_signature_of

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


@given(plain=st.binary(max_size=200), key=st.binary(min_size=32, max_size=32), aad=st.binary(max_size=40))
def test_a_sealed_blob_opens_with_its_key_and_aad(plain: bytes, key: bytes, aad: bytes) -> None:
    assert open_bytes(seal_bytes(plain, key=key, aad=aad), key=key, aad=aad) == plain


def test_a_sealed_blob_has_version_nonce_and_tag() -> None:
    blob = seal_bytes(b"", key=KEY, aad=b"")
    assert (blob[:1], len(blob), len(new_data_key())) == (b"\x01", 29, 32)


@given(key=st.binary(min_size=32, max_size=32), aad=st.binary(max_size=40))
def test_a_sealed_blob_opens_with_no_other_key_or_aad(key: bytes, aad: bytes) -> None:
    blob = seal_bytes("山田".encode(), key=KEY, aad=b"book 1")
    if (key, aad) != (KEY, b"book 1"):
        with pytest.raises(SealBroken):
            open_bytes(blob, key=key, aad=aad)


@pytest.mark.parametrize(("key", "aad"), [(OTHER_KEY, b"book 1"), (KEY, b"book 2"), (KEY, b"")])
def test_another_key_or_another_aad_is_refused(key: bytes, aad: bytes) -> None:
    blob = seal_bytes(b"secret", key=KEY, aad=b"book 1")
    with pytest.raises(SealBroken):
        open_bytes(blob, key=key, aad=aad)


def test_every_changed_byte_is_noticed() -> None:
    blob = seal_bytes(b"secret", key=KEY, aad=b"")
    for at in range(len(blob)):
        changed = blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :]
        with pytest.raises(SealBroken):
            open_bytes(changed, key=KEY, aad=b"")


def test_every_cut_is_noticed() -> None:
    blob = seal_bytes(b"secret", key=KEY, aad=b"")
    for length in range(len(blob)):
        with pytest.raises(SealBroken):
            open_bytes(blob[:length], key=KEY, aad=b"")


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    blobs = {seal_bytes(b"secret", key=KEY, aad=b"") for _ in range(100)}
    assert len(blobs) == 100
    assert {(blob[0], len(blob)) for blob in blobs} == {(1, 1 + 12 + len(b"secret") + 16)}


def test_a_key_of_another_length_is_an_error_of_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        seal_bytes(b"", key=bytes(16), aad=b"")
    with pytest.raises(ValueError, match="32 bytes"):
        open_bytes(seal_bytes(b"", key=KEY, aad=b""), key=bytes(16), aad=b"")


def test_a_data_key_is_wrapped_for_its_own_book_under_the_master_key() -> None:
    data_key = new_data_key()
    wrapped = wrap_key(data_key, master=KEY, aad=b"book 1")
    assert data_key not in wrapped
    assert unwrap_key(wrapped, master=KEY, aad=b"book 1") == data_key
    with pytest.raises(SealBroken):
        unwrap_key(wrapped, master=OTHER_KEY, aad=b"book 1")
    with pytest.raises(SealBroken):
        unwrap_key(wrapped, master=KEY, aad=b"book 2")


def test_data_keys_differ() -> None:
    assert len({new_data_key() for _ in range(100)}) == 100


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text())))
def test_json_comes_back_as_it_was(value: object) -> None:
    assert open_json(seal_json(value, key=KEY, aad=b"a"), key=KEY, aad=b"a") == value


def test_json_keeps_every_form_of_a_name() -> None:
    # 神 U+FA19 and 塚 U+FA10 would turn into other characters under NFC; a lone surrogate has no UTF-8.
    names = ["\ufa19田", "大\ufa10", "𠮷野家", "か\u3099", "葛\U000e0100", "\ud842"]
    assert open_json(seal_json(names, key=KEY, aad=b""), key=KEY, aad=b"") == names


def test_json_is_stored_as_short_utf8() -> None:
    blob = seal_json({"名": ["山", 1]}, key=KEY, aad=b"")
    assert open_bytes(blob, key=KEY, aad=b"") == '{"名":["山",1]}'.encode()


def test_a_blob_that_is_not_json_is_refused_as_json() -> None:
    for plain in (b"{", b"\xff"):
        with pytest.raises(SealBroken):
            open_json(seal_bytes(plain, key=KEY, aad=b""), key=KEY, aad=b"")


VALUE = {"name": "髙﨑", "of": ["\ud842", 1, None]}


def test_a_value_under_the_master_key_opens_in_its_own_place_only() -> None:
    sealed = seal_with_master_key(VALUE, b"row 1")
    assert open_with_master_key(memoryview(sealed), b"row 1") == VALUE
    with pytest.raises(SealBroken):
        open_with_master_key(sealed, b"row 2")


@pytest.mark.parametrize(
    "text", ["", "!", "zzzz", "髙", pytest.param(seal_as_text(VALUE, b"desk"), id="another place")]
)
def test_a_text_that_was_not_sealed_for_the_place_opens_to_none(text: str) -> None:
    assert open_text(text, b"session") is None


def test_a_sealed_text_opens_in_its_place() -> None:
    assert open_text(seal_as_text(VALUE, b"session"), b"session") == VALUE


def test_a_keyed_hash_depends_on_secret_and_text_and_does_not_show_the_text() -> None:
    hashed = keyed_hash("secret", "hanako@example.jp")
    assert hashed == keyed_hash("secret", "hanako@example.jp")
    assert len({hashed, keyed_hash("other", "hanako@example.jp"), keyed_hash("secret", "taro@example.jp")}) == 3
    assert "hanako" not in hashed
    assert len(hashed) == 64


def test_a_keyed_hash_is_no_signature() -> None:
    assert not is_signature_of("secret", keyed_hash("secret", "ticket"), "ticket")
