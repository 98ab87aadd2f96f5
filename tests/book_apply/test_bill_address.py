"""The address that the last bill goes to, where it is neither the old nor the new one."""

from typing import Any

import pytest

from tests.book_apply.flow import Applicant, field, read, typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("town", "others", "shown"),
    [
        ("二番町5-6 あいおいビル301", {}, "東京都千代田区二番町5-6 あいおいビル 301"),
        ("東京都千代田区二番町5-6", {}, "東京都千代田区二番町5-6"),
        ("二番町5-6", {"block": "５−６"}, "東京都千代田区二番町5-6"),
        ("二番町", {"block": "5-6"}, "東京都千代田区二番町5-6"),
    ],
)
def test_a_block_behind_the_town_of_the_bill_is_split(
    applicant: Applicant, town: str, others: dict[str, str], shown: str
) -> None:
    applicant.to_items()
    there = {"postal_code": "1020084", "prefecture": "東京都", "municipality": "千代田区", "town": town} | others
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    assert applicant.post("items", typed(billing__to="other", **bill)).status_code == 303
    assert applicant.entries.items["billing.town"] == "二番町"
    assert f"〒102-0084 {shown}" in read(applicant.get("check"))


def test_what_stands_before_the_town_of_the_bill_is_kept(applicant: Applicant) -> None:
    applicant.to_items()
    there = {"postal_code": "6040925", "prefecture": "京都府", "municipality": "京都市中京区"}
    there["town"] = "寺町通御池上る上本能寺前町488"
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    assert applicant.post("items", typed(billing__to="other", **bill)).status_code == 303
    items = applicant.entries.items
    assert items["billing.town"] + items["billing.block"] == "寺町通御池上る上本能寺前町488"


def test_two_blocks_of_the_bill_that_differ_are_asked_about(applicant: Applicant) -> None:
    applicant.to_items()
    there = {"postal_code": "1020084", "prefecture": "東京都", "municipality": "千代田区"}
    there |= {"town": "二番町5-6", "block": "7-8"}
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    page = applicant.post("items", typed(billing__to="other", **bill)).content.decode()
    assert "この欄に、丁目・番地まで入っています。" in field(page, "billing.town")
    assert 'value="二番町5-6"' in page
    assert 'value="7-8"' in page
