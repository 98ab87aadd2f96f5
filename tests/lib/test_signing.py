import pytest

from renrakucho.lib.signing import is_signature_of, sign_parts

# openssl: printf 'ticket\n123\n1767225600' | openssl dgst -sha256 -hmac secret
KNOWN = "b5467fea1a375ae0d9112a8e4c91a90625effa33f9ca5d9ba8a74cf5cb4de6c2"


def test_a_signature_is_hmac_sha256_over_lines() -> None:
    assert sign_parts("secret", "ticket", "123", "1767225600") == KNOWN


def test_a_signature_agrees_with_its_own_parts_only() -> None:
    given = sign_parts("secret", "ticket", "123")
    assert is_signature_of("secret", given, "ticket", "123")
    assert not is_signature_of("secret", given, "ticket", "124")
    assert not is_signature_of("secret", given, "ticket")
    assert not is_signature_of("other", given, "ticket", "123")
    assert not is_signature_of("secret", given[:-1], "ticket", "123")


def test_parts_cannot_be_moved_across_their_border() -> None:
    given = sign_parts("secret", "a", "b", "c")
    assert not is_signature_of("secret", given, "a\nb", "c")
    with pytest.raises(ValueError, match="newline"):
        sign_parts("secret", "a\nb", "c")


@pytest.mark.parametrize("given", ["", "é", "\ud842", "0" * 64])
def test_a_wrong_signature_of_any_form_is_refused(given: str) -> None:
    assert not is_signature_of("secret", given, "ticket")


def test_parts_that_cannot_be_signed_are_refused() -> None:
    assert not is_signature_of("secret", KNOWN, "\ud842")
