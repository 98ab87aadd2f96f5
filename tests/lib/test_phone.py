import pytest

from renrakucho.lib.phone import BadPhone, is_abroad, parse_phone, phone_text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("0312345678", "03-1234-5678"),
        ("０３ー１２３４ー５６７８", "03-1234-5678"),
        ("（０３）１２３４−５６７８", "03-1234-5678"),
        ("+81 3 1234 5678", "03-1234-5678"),
        ("+81 (0)3-1234-5678", "03-1234-5678"),
        ("0081-3-1234-5678", "03-1234-5678"),
        ("010-81-90-1234-5678", "090-1234-5678"),
        ("０１０－８１－３－１２３４－５６７８", "03-1234-5678"),
        ("011-81-90-1234-5678", "090-1234-5678"),
        ("81-90-1234-5678", "090-1234-5678"),
        ("tel:+81-3-1234-5678", "03-1234-5678"),
        ("\u202a+81 90-1234-5678\u202c", "090-1234-5678"),
        ("03\xa01234\u200b5678", "03-1234-5678"),
        ("011-231-1234", "011-231-1234"),  # Sapporo, not America's way out
        ("042.544.5111", "042-544-5111"),
        ("0467881111", "0467-88-1111"),
        ("046-211-1111", "046-211-1111"),
        ("0991234567", "09912-3-4567"),
        ("09012345678", "090-1234-5678"),
        ("05012345678", "050-1234-5678"),
        ("0120123456", "0120-123-456"),
        ("0570012345", "0570-012-345"),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str, text: str) -> None:
    phone = parse_phone(typed)
    assert phone.text == text
    assert phone.parts == tuple(text.split("-"))
    assert phone.digits == text.replace("-", "")


@pytest.mark.parametrize(
    "typed",
    ["", "117", "110", "1234567890", "031234567", "031234567890", "03-1234-567a", "電話", "+1 212 555 0100",
     "03-1234-5678 内線12", "0000000000",
     "03123456789", "02414489268", "-"],
)  # fmt: skip
def test_a_number_that_cannot_be_called_from_everywhere_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        parse_phone(typed)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("+1 (212) 736-5000", "+1 212-736-5000"),
        ("＋１　２１２　７３６　５０００", "+1 212-736-5000"),
        ("001-1-212-736-5000", "+1 212-736-5000"),
        ("010-1-212-736-5000", "+1 212-736-5000"),
        ("0033-010-1-212-736-5000", "+1 212-736-5000"),
        ("00 86 138 0013 8000", "+86 138 0013 8000"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("03-3515-6989", "03-3515-6989"),
    ],
)
def test_a_number_of_another_country_keeps_its_country_code(typed: str, text: str) -> None:
    assert phone_text(typed) == text
    assert phone_text(text) == text
    assert is_abroad(typed) == text.startswith("+")


@pytest.mark.parametrize("typed", ["+1 212", "+999 12345678", "+", "0012 1"])
def test_a_country_code_with_a_number_of_wrong_length_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        phone_text(typed)
