import pytest

from renrakucho.lib.phone import BadPhone, parse_phone


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("0312345678", "03-1234-5678"),
        ("０３ー１２３４ー５６７８", "03-1234-5678"),
        ("（０３）１２３４−５６７８", "03-1234-5678"),
        ("+81 3 1234 5678", "03-1234-5678"),
        ("+81 (0)3-1234-5678", "03-1234-5678"),
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
