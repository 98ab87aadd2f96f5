import pytest

from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code


@pytest.mark.parametrize(
    "typed",
    ["2060041", "206-0041", "〒206-0041", " 〒２０６－００４１ ", "206ー0041", "206−0041", "206 0041", "206‐0041"],
)
def test_a_postal_code_is_read_in_any_form(typed: str) -> None:
    assert parse_postal_code(typed) == "2060041"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "length"),
        ("〒", "length"),
        ("206004", "length"),
        ("20600411", "length"),
        ("206-004l", "letters"),
        ("東京都多摩市", "letters"),
        ("二〇六〇〇四一", "letters"),
        ("206.0041", "letters"),
        ("1; DROP TABLE", "letters"),
        ("206\x000041", "letters"),
        ("9" * 10_000, "length"),
        ("٢٠٦٠٠٤١", "letters"),
    ],
)
def test_a_wrong_postal_code_has_its_reason(typed: str, reason: str) -> None:
    with pytest.raises(BadPostalCode) as refused:
        parse_postal_code(typed)
    assert refused.value.reason == reason
