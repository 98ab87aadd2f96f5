"""Page of the providers (②-3)."""

import re

import pytest
from django.test import Client

from renrakucho.mover.book import entries_of
from tests.book.opened import open_book_of
from tests.book_apply.flow import USUAL, Applicant, read

pytestmark = pytest.mark.django_db

TEPCO, OTHER = "electricity:stop:tepco-ep", "electricity:stop:other"
BOTH_ENDS, START = "electricity:move:tepco-ep", "electricity:start:tepco-ep"


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="chosen" value="([^"]+)" id="[^"]+" checked', page))


def test_a_certain_provider_is_ticked(applicant: Applicant) -> None:
    applicant.to_providers([*USUAL, "broadcasting", "credit_card", "insurance"])
    page = applicant.get("providers").content.decode()
    found = ticked(page)
    assert {BOTH_ENDS, "water:stop:tokyo-waterworks", "broadcasting:change:nhk"} <= found
    assert not [key for key in found if key.startswith(("credit_card", "insurance"))]  # the mover's own is not known
    assert "gas:start:tokyo-gas" not in found  # one of two candidates


def test_stop_and_start_of_one_provider_are_one_choice_and_each_alone_stands_folded(applicant: Applicant) -> None:
    applicant.to_providers()
    page = applicant.get("providers").content.decode()
    assert page.index(f'value="{BOTH_ENDS}"') < page.index('<details class="one-end">') < page.index(f'value="{TEPCO}"')
    assert page.count('<details class="one-end">') == 2  # the stop and the start of the electricity
    assert "停止と開始を、1回の手続でまとめて頼めます。" in page
    applicant.post("providers", {"chosen": [BOTH_ENDS]})
    assert applicant.entries.chosen == (BOTH_ENDS,)


def test_an_end_with_several_candidates_stays_in_view_beside_one_choice_for_both(applicant: Applicant) -> None:
    applicant.to_providers(["gas:leaving", "gas:arriving"])
    page = applicant.get("providers").content.decode()
    assert 'value="gas:move:tokyo-gas"' in page
    assert page.count('name="chosen" value="gas:start:') == 3  # two candidates and «another company»
    assert '<details class="one-end">' not in page[: page.index('<details class="other-industries">')]


def test_one_end_alone_can_be_chosen_and_stays_unfolded(applicant: Applicant) -> None:
    applicant.to_providers()
    applicant.post("providers", {"chosen": [TEPCO]})
    page = applicant.get("providers").content.decode()
    assert ticked(page) == {TEPCO}
    assert page.count('<details class="one-end">') == 1


def test_whoever_ticks_both_and_each_tells_nobody_twice(applicant: Applicant) -> None:
    applicant.to_providers()
    applicant.post("providers", {"chosen": [BOTH_ENDS, TEPCO, START]})
    assert applicant.entries.chosen == (BOTH_ENDS,)


def test_a_book_that_has_one_end_is_not_offered_both(client: Client) -> None:
    open_book_of(client, [TEPCO])
    page = client.get("/apply/providers").content.decode()
    assert f'value="{BOTH_ENDS}"' not in page
    assert f'value="{START}"' in page


def test_a_book_that_has_both_is_not_offered_an_end(client: Client) -> None:
    open_book_of(client, [BOTH_ENDS])
    page = client.get("/apply/providers").content.decode()
    assert not [key for key in (BOTH_ENDS, TEPCO, START) if f'value="{key}"' in page]


def test_a_provider_shows_office_phone_channel_questions_and_days(applicant: Applicant) -> None:
    applicant.to_providers()
    page = read(applicant.get("providers"))
    assert "東京都水道局の画面へ、入力した内容を引き継ぎます" in page
    assert "この引越れんらく帳から、昭島市水道部へ送ります" in page
    assert "03-5326-1101" in page
    assert "ほかに聞かれること: 現在の営業所名、お客さま番号" in page
    assert "「いまの住まいを出る日」の3日前までに、お手続きください。" in page
    assert "締切はわかりません。引越しの1週間前までに手続することを、おすすめします。" in page
    assert "お客さまからのご連絡になります" in page  # 昭島ガス is only listed
    assert "出典:" in page
    assert "確認日:" in page
    assert "お客さま番号がわからないときは、インターネットでは手続できません。" in page


def test_a_guess_is_called_a_guess(applicant: Applicant) -> None:
    applicant.to_providers()
    page = read(applicant.get("providers"))
    assert "おそらく、この事業者です" in page
    assert "どの事業者か決められません" in page


def test_an_industry_without_connected_providers_says_so(applicant: Applicant) -> None:
    applicant.to_providers(["bank"])
    assert "ここから手続できる会社は、まだありません" in read(applicant.get("providers"))


def test_a_choice_is_saved_and_shown_again(applicant: Applicant) -> None:
    applicant.to_providers()
    response = applicant.post("providers", {"chosen": ["gas:stop:tokyo-gas"]})
    assert (response.status_code, response.headers["Location"]) == (303, "/apply/items")
    assert applicant.entries.chosen == ("gas:stop:tokyo-gas",)
    assert ticked(applicant.get("providers").content.decode()) == {"gas:stop:tokyo-gas"}


@pytest.mark.parametrize("chosen", [[], ["water:stop:osaka-water"], ["water:start:tokyo-waterworks"]])
def test_at_least_one_provider_is_required(applicant: Applicant, chosen: list[str]) -> None:
    applicant.to_providers()
    response = applicant.post("providers", {"chosen": chosen})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert 'href="#id_chosen"' in page
    assert 'id="id_chosen"' in page


def test_another_company_is_named_by_the_mover(applicant: Applicant) -> None:
    applicant.to_providers()
    response = applicant.post("providers", {"chosen": [OTHER], f"name:{OTHER}": "ひかり電力"})
    assert response.status_code == 303
    assert applicant.entries.others == {OTHER: "ひかり電力"}
    assert 'value="ひかり電力"' in applicant.get("providers").content.decode()
    assert "メールアドレス" in read(applicant.get("items"))


@pytest.mark.parametrize(
    ("chosen", "name", "complaint"),
    [([OTHER], "", "会社の名前を入れてください"), ([TEPCO], "ひかり電力", "「ほかの会社」に印をつけるか")],
)
def test_another_company_needs_tick_and_name(
    applicant: Applicant, chosen: list[str], name: str, complaint: str
) -> None:
    applicant.to_providers()
    response = applicant.post("providers", {"chosen": chosen, f"name:{OTHER}": name})
    assert response.status_code == 422
    assert response.content.decode().count(complaint) == 2
    assert f'value="{name}"' in response.content.decode()


def test_another_company_can_be_named_outside_a_free_market_too(applicant: Applicant) -> None:
    applicant.to_providers(["water:leaving", "bank", "insurance", "credit_card"])
    page = applicant.get("providers").content.decode()
    industries = ("water:stop", "bank:change", "insurance:change", "credit_card:change")
    assert all(f'value="{industry}:other"' in page for industry in industries)


def test_a_changed_address_is_looked_up_again(applicant: Applicant) -> None:
    applicant.to_items(["water:start:akishima-water", TEPCO])
    codes = {"origin-postal_code": "102-0084", "destination-postal_code": "238-0004"}  # 横須賀市小川町
    applicant.post("addresses", codes)
    assert ticked(applicant.get("providers").content.decode()) >= {TEPCO}
    assert "water:start:akishima-water" not in applicant.get("providers").content.decode()
    assert applicant.get("items").status_code == 200


def test_providers_of_the_book_stay_chosen(directory: str, client: Client) -> None:
    book = open_book_of(client, [TEPCO])
    page = client.get("/apply/providers").content.decode()
    assert "れんらく帳に入っています" in page
    assert f'value="{TEPCO}"' not in page
    assert client.post("/apply/providers", {"chosen": ["broadcasting:change:nhk"]}).status_code == 303
    book.refresh_from_db()
    assert entries_of(book).chosen == (TEPCO, "broadcasting:change:nhk")


def test_further_contracts_are_named_beside_their_company_and_kept(applicant: Applicant) -> None:
    applicant.to_providers(["credit_card"])
    key = "credit_card:change:jcb"
    response = applicant.post("providers", {f"more:{key}": "2枚め"})
    assert response.status_code == 422
    assert 'value="2枚め"' in response.content.decode()
    applicant.post("providers", {"chosen": [key], f"more:{key}": "2枚め、 家族カード,2枚め"})
    assert applicant.entries.more == {key: ("2枚め", "家族カード")}
    assert 'value="2枚め、家族カード"' in applicant.get("providers").content.decode()


def test_industries_that_were_not_wished_can_be_chosen_too(applicant: Applicant) -> None:
    applicant.to_providers(["water:leaving"])
    page = applicant.get("providers").content.decode()
    others = page.index("ほかの業種にも連絡する（電気、ガス、電話、銀行、保険、インターネット）")
    for key in ("broadcasting:change:nhk", "credit_card:change:jcb"):  # most households have these: in view
        assert page.index(f'value="{key}"') < others
    assert page.index(f'value="{TEPCO}"') > others
    assert not ticked(page) - {"water:stop:tokyo-waterworks"}
    applicant.post("providers", {"chosen": ["credit_card:change:jcb", "gas:stop:tokyo-gas", BOTH_ENDS]})
    assert applicant.entries.wishes == {
        "water": ("leaving",),
        "credit_card": ("leaving", "arriving"),
        "gas": ("leaving",),
        "electricity": ("leaving", "arriving"),
    }
    assert applicant.entries.chosen == (BOTH_ENDS, "gas:stop:tokyo-gas", "credit_card:change:jcb")
    assert ticked(applicant.get("providers").content.decode()) == set(applicant.entries.chosen)


def test_an_error_among_the_other_industries_unfolds_them(applicant: Applicant) -> None:
    applicant.to_providers(["water:leaving"])
    applicant.post("providers", {"chosen": ["water:stop:tokyo-waterworks"], "name:bank:change:other": "町の銀行"})
    page = applicant.get("providers").content.decode()
    folded = page[: page.index("ほかの業種にも連絡する")].rpartition("<details")[2]
    assert folded.startswith(' class="other-industries" open>')
    assert 'value="町の銀行"' in page
