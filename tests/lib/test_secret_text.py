"""Secrets in typed text: which are found, and which honest numbers are let pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib import secret_text
from renrakucho.lib.secret_text import find_secret, is_card_number, is_my_number

MY_NUMBER = "123456789018"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (MY_NUMBER, "my_number"),
        ("1234-5678-9018", "my_number"),
        ("１２３４　５６７８　９０１８です", "my_number"),
        ("12\u200b34567890\u200b18", "my_number"),
        ("マイナンバーは１２３４５６７８９０１２です", "my_number"),  # mistyped, and still called so
        ("個人番号: 1234 5678 9012", "my_number"),
        ("4111111111111111", "card_number"),
        ("支払いは 4111-1111-1111-1111 で", "card_number"),
        ("3782 822463 10005", "card_number"),
        ("３５３０１１１３３３３０００００", "card_number"),
        ("6200000000000005", "card_number"),
        ("2223003122003222", "card_number"),
        ("4222222222222", "card_number"),
        ("30569309025904", "card_number"),
        ("クレジットカードの番号は1234567890123456", "card_number"),
        ("お客さま番号 4111111111111111", "card_number"),
        ("オートロックの暗証番号は1234です", "password"),
        ("パスワード：Sakura-2026", "password"),
        ("パスワードはsesameです", "password"),
        ("password is hunter2", "password"),
        ("PIN 0123", "password"),
        ("アクセスキー ABCD-EFGH-JKMN-PQRS-TVWX-YZ12", "password"),
        ("CVV: 123", "password"),
    ],
)
def test_a_secret_is_found_however_it_is_written(text: str, secret: str) -> None:
    assert find_secret(f"ご連絡 {text}") == secret


@pytest.mark.parametrize(
    "text",
    [
        "",
        "お客さま番号 123456789018",
        "供給地点特定番号 0312345678901234567890",
        "0312 3456 7890 1234 5678 90",
        "03-1234-5678 または 090-1234-5678",
        "+819012345678",
        "1234567890",
        "123456789012",  # no check digit of a My Number
        "4111111111111112",
        "お客さま番号 4222222222222",
        "法人番号は4222222222222です",
        "2026-12-05 10:00",
        "暗証番号を忘れました",
        "パスワードはWebで変えました",
        "マイナンバーカードを持っています",
        "カードの支払いは5日です",
        "pin1234@example.jp",
        "4111111111111111@example.jp",
        "spinning 1234",
        "東京都千代田区二番町5-6 あいおい二番町ビル 301",
    ],
)
def test_an_honest_text_passes(text: str) -> None:
    assert find_secret(text) is None


def test_where_a_number_is_asked_for_twelve_digits_are_that_number() -> None:
    assert find_secret(MY_NUMBER, number_asked=True) is None
    assert find_secret(f"マイナンバー {MY_NUMBER}", number_asked=True) == "my_number"
    assert find_secret("4222222222222", number_asked=True) is None


def test_a_card_is_refused_as_a_customer_number_unless_that_has_as_many_digits() -> None:
    assert find_secret("4111111111111111", number_asked=True, digits_expected=10) == "card_number"
    assert find_secret("4111111111111111", number_asked=True, digits_expected=16) is None


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_check_digit_of_ten_makes_a_my_number(digits: str) -> None:
    assert sum(is_my_number(digits + last) for last in "0123456789") == 1


@given(st.text("0123456789", min_size=14, max_size=14))
def test_one_check_digit_of_ten_makes_a_card_number(digits: str) -> None:
    assert sum(is_card_number(f"4{digits}{last}") for last in "0123456789") == 1


def test_no_check_digit_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: without Luhn's digit, an honest number of sixteen digits is refused."""
    assert find_secret("4111111111111112") is None
    monkeypatch.setattr(secret_text, "_has_luhn_digit", lambda digits: True)
    assert find_secret("4111111111111112") == "card_number"


# First digits from, to, and how many digits there are: as the schemes publish them.
CARDS = (
    (400_000, 499_999, {13, 16, 19}),  # Visa
    (510_000, 559_999, {16}),  # Mastercard
    (222_100, 272_099, {16}),
    (340_000, 349_999, {15}),  # American Express
    (370_000, 379_999, {15}),
    (352_800, 358_999, {16, 17, 18, 19}),  # JCB
    (300_000, 305_999, {14, 16}),  # Diners Club
    (360_000, 369_999, {14, 16}),
    (380_000, 399_999, {14, 16}),
    (601_100, 601_199, {16, 19}),  # Discover
    (620_000, 629_999, {16, 17, 18, 19}),  # UnionPay
    (644_000, 659_999, {16, 19}),  # Discover
)


@pytest.mark.parametrize(("first", "last", "_lengths"), CARDS)
def test_a_scheme_begins_and_ends_where_it_is_published(first: int, last: int, _lengths: set[int]) -> None:
    for begin in (first - 1, first, last, last + 1):
        there = {length for low, high, lengths in CARDS if low <= begin <= high for length in lengths}
        numbers = {length: [f"{begin}{'0' * (length - 7)}{digit}" for digit in range(10)] for length in range(12, 21)}
        assert {length for length, each in numbers.items() if any(map(is_card_number, each))} == there


@pytest.mark.parametrize(
    "digits", [MY_NUMBER, "111111111118", "110000000000", "200000000000", "000000000019", "999999999996"]
)
def test_each_digit_of_a_my_number_has_its_weight(digits: str) -> None:
    """Among them rests of 0, 1 and 2: of the first two the check digit is 0."""
    assert [last for last in "0123456789" if is_my_number(digits[:-1] + last)] == [digits[-1]]


@pytest.mark.parametrize(("digits", "secret"), [("1234567890123", "card_number"), ("123456789012", None)])
def test_what_is_called_a_card_is_one_from_thirteen_digits_on(digits: str, secret: str | None) -> None:
    assert find_secret(f"クレジットカードの番号は{digits}") == secret


@pytest.mark.parametrize(("between", "secret"), [(18, "my_number"), (19, None)])
def test_a_label_is_looked_for_in_twenty_four_characters(between: int, secret: str | None) -> None:
    assert find_secret("マイナンバー" + "は" * between + "123456789012") == secret
