"""Page of the common items (③): which are asked for, who gets them, and which input is refused."""

import re
from typing import Any

import pytest
from django.http import HttpResponse

from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from tests import cast
from tests.book_apply.flow import Applicant, field, read, typed

pytestmark = pytest.mark.django_db

NHK, JCB, AKISHIMA = "broadcasting:change:nhk", "credit_card:change:jcb", "water:start:akishima-water"
GAS, OTHER = "gas:stop:tokyo-gas", "electricity:stop:other"


def fields(response: HttpResponse) -> set[str]:
    names = re.findall(
        r'name="((?:person|holder|contact|origin|destination|move|payment|billing)\.[a-z_]+)', response.content.decode()
    )
    return {name.rstrip("_") for name in names}


def recipients(page: str, name: str) -> str:
    """Return the words that say who gets a field: its own, or those of its group."""
    own = field(page, name)
    group = page.split(f'id="asked-{name.partition(".")[0]}"')[1].split("</section>")[0]
    return own if "届け先" in own else group.split('class="field')[0]


def test_an_item_of_several_providers_is_asked_for_once(applicant: Applicant) -> None:
    applicant.to_items()
    asked = fields(applicant.get("items"))
    assert {"person.family_name", "holder.same", "payment.final", "billing.to", "move.leave_on"} <= asked
    assert not {"origin.prefecture", "origin.postal_code", "destination.town"} & asked  # known from the addresses


def test_nhk_alone_needs_no_payment_and_no_day_of_leaving(applicant: Applicant) -> None:
    applicant.to_items([NHK])
    asked = fields(applicant.get("items"))
    assert not {"payment.final", "billing.to", "move.leave_on"} & asked
    assert {"contact.email", "move.arrive_on", "origin.block", "destination.block"} <= asked
    minimal = {name: text for name, text in typed().items() if name.rstrip("_012") in asked}
    assert applicant.post("items", minimal | {"holder.same": "yes"}).headers["Location"] == "/apply/check"


def test_a_card_needs_no_contract_holder(applicant: Applicant) -> None:
    applicant.to_items([JCB])
    assert "holder.same" not in fields(applicant.get("items"))


def test_without_connected_providers_only_mail_and_day_are_asked_for(applicant: Applicant) -> None:
    applicant.to_providers()
    applicant.post("providers", {"chosen": [OTHER], f"name:{OTHER}": "ひかり電力"})
    assert fields(applicant.get("items")) == {"contact.email", "move.leave_on"}


def test_each_item_names_its_recipients(applicant: Applicant) -> None:
    applicant.to_items([GAS, NHK, JCB])
    page = applicant.get("items").content.decode()
    assert "届け先: 東京ガス、JCB" not in recipients(page, "origin.block")
    assert "届け先: 東京ガス、NHK" in recipients(page, "origin.block")
    assert "届け先: 東京ガス" in recipients(page, "payment.final")
    assert "NHK" not in recipients(page, "payment.final")
    assert "JCB" in recipients(page, "person.family_name")
    assert "NHK" in recipients(page, "person.family_name")  # as the contract holder's name


def test_recipients_are_named_once_for_a_group_and_at_the_field_where_they_differ(applicant: Applicant) -> None:
    applicant.to_items([GAS])
    page = applicant.get("items").content.decode()
    section = page.split('id="asked-origin"')[1].split("</section>")[0]
    assert section.count("届け先: 東京ガス") == 1
    assert "届け先" not in field(page, "origin.block")
    applicant.post("providers", {"chosen": [GAS, JCB]})
    page = applicant.get("items").content.decode()
    assert "届け先" in field(page, "contact.phone")  # another provider gets it than gets the mail address
    section = page.split('id="asked-person"')[1].split("</section>")[0]
    assert section.count("届け先") == 1  # whichever of the two asks for it first


def test_correcting_a_registered_book_says_that_it_is_saved(applicant: Applicant) -> None:
    applicant.to_items([GAS])
    applicant.post("items", typed())
    applicant.post("check", {})
    page = applicant.get("items").content.decode()
    assert "登録した内容を直す" in page
    assert "2/3" not in page
    response = applicant.post("items", typed(person__given_name="次郎") | {"in_book": "1"})
    assert response.status_code == 303
    assert "直した内容を保存しました" in read(applicant.get("check"))
    assert "保存しました" not in read(applicant.get("check"))


def test_recipients_of_the_name_depend_on_the_contract_holder(applicant: Applicant) -> None:
    applicant.to_items([NHK, JCB])
    page = applicant.post("items", typed(holder__same="no")).content.decode()
    assert "届け先: JCB" in recipients(page, "person.family_name")
    assert "届け先: NHK" in recipients(page, "holder.family_name")


def test_entries_are_saved_as_typed(applicant: Applicant) -> None:
    names = {"person__family_name": "\ufa19", "person__given_name": "𠮷右衛門", "person__given_kana": "きちえもん"}
    applicant.to_check(**names)
    items = applicant.entries.items
    assert items["person.family_name"] == "\ufa19"  # 神 of a name; normalising would make it U+795E
    assert items["person.given_name"] == "𠮷右衛門"
    assert items["person.given_kana"] == "きちえもん"
    assert 'value="𠮷右衛門"' in applicant.get("items").content.decode()
    assert "𠮷右衛門" in read(applicant.get("check"))


def test_any_character_width_is_accepted(applicant: Applicant) -> None:
    applicant.to_check(contact__phone="０３ー３５１５ー６９８９", contact__email="ｔａｒｏ＠example.jp")
    assert applicant.entries.items["contact.phone"] == "03-3515-6989"
    assert applicant.entries.items["contact.email"] == "taro@example.jp"


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("person.family_kana", "オカ－サン", "オカーサン"),
        ("person.family_kana", "か\u3099とう", "がとう"),
        ("person.family_kana", "みすゞ", "みすゞ"),
        ("person.family_kana", "サン＝ポール", "サン＝ポール"),
        ("person.family_kana", "オ'ニール", "オ'ニール"),
        ("person.family_name", "髙\u200b﨑", "髙﨑"),
        ("person.given_name", "葛\U000e0100", "葛\U000e0100"),
        ("origin.building", "コーホ\u309a\xa0二番町", "コーポ 二番町"),
        ("contact.email", "\u200btaro@exam\u2060ple.jp", "taro@example.jp"),
        ("contact.phone", "\u202a+81 90-1234-5678\u202c", "090-1234-5678"),
        ("contact.phone", "+1 212 736 5000", "+1 212-736-5000"),
    ],
)
def test_harmless_characters_are_cleaned_and_names_stay(applicant: Applicant, name: str, text: str, kept: str) -> None:
    applicant.to_items()
    assert applicant.post("items", typed() | {name: text}).headers["Location"] == "/apply/check"
    assert applicant.entries.items[name] == kept


@pytest.mark.parametrize(
    "address", ["a..b@docomo.ne.jp", "taro.@ezweb.ne.jp", "t+a@xn--wgv71a.jp", f"{'a' * 64}@example.co.jp"]
)
def test_unusual_mail_addresses_are_accepted(applicant: Applicant, address: str) -> None:
    applicant.to_check(contact__email=address)
    assert applicant.entries.items["contact.email"] == address


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("person.family_name", "", "引っ越す方の姓を入れてください"),
        ("person.family_name", "あ" * 101, "100文字までで入れてください"),
        ("person.family_name", "髙\u202e﨑", "目に見えない文字"),
        ("person.family_name", "髙\ue000﨑", "外字"),
        ("person.family_name", "髙\ufffd﨑", "文字化け"),
        ("origin.room", "3\x0001", "目に見えない文字"),
        ("person.family_name", "髙\n﨑", "「髙■﨑」の■のところに、改行"),
        ("person.family_kana", "高崎", "「高崎」は使えません。ひらがなかカタカナで"),
        ("person.family_kana", "Takasaki", "ひらがなかカタカナで"),
        ("person.family_kana", "タカ3", "「3」は使えません"),
        ("contact.phone", "12345", "市外局番から"),
        ("contact.phone", "ありません", "市外局番から"),
        ("contact.email", "taro", "「@」が1つだけ"),
        ("contact.email", "ta@ro@example.jp", "「@」が1つだけ"),
        ("contact.email", "太郎@example.jp", "英数字と記号"),
        ("contact.email", "taro@example", "形ではありません"),
        ("contact.email", "a@b.jp, c.jp", "形ではありません"),
        ("contact.email", "taro@example.jp\nBcc: all", "改行"),
        ("contact.email", "a" * 250 + "@example.jp", "254文字まで"),
        ("origin.block", "", "いまの住所の丁目・番地を入れてください"),
        ("destination.room", "あ" * 21, "20文字まで"),
        ("payment.final", "gold", "この中からお選びください"),
        ("payment.final", "", "1つお選びください"),
        ("billing.to", "moon", "この中からお選びください"),
        ("holder.same", "", "1つお選びください"),
    ],
)
def test_wrong_input_is_explained_at_its_field_and_kept(
    applicant: Applicant, name: str, text: str, complaint: str
) -> None:
    applicant.to_items()
    response = applicant.post("items", typed() | {name: text})
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert complaint in field(page, name)
    assert f'href="#id_{name}"' in page
    assert page.count(complaint) == 2
    kept = {"person.given_name": "太郎", "origin.building": "あいおい二番町ビル"} | (
        {name: text} if text.isprintable() else {}
    )
    for other, said in kept.items():
        if other in ("payment.final", "billing.to", "holder.same"):
            continue
        assert f'value="{said}"' in field(page, other)
    assert applicant.entries.items == {}


def test_another_contract_holder_needs_a_full_name(applicant: Applicant) -> None:
    applicant.to_items()
    response = applicant.post("items", typed(holder__same="no", holder__family_name="髙﨑"))
    page = response.content.decode()
    assert "ご契約者の名を入れてください" in field(page, "holder.given_name")
    whole: dict[str, Any] = {
        "holder__given_name": "花子",
        "holder__family_kana": "タカサキ",
        "holder__given_kana": "ハナコ",
    }
    assert applicant.post("items", typed(holder__same="no", holder__family_name="髙﨑", **whole)).status_code == 303
    assert "髙﨑 花子" in read(applicant.get("check"))


def test_another_contract_holder_is_told_who_moves(applicant: Applicant) -> None:
    """The mover's name goes to no provider then, and all the same it is asked and kept."""
    applicant.to_items()
    holder: dict[str, Any] = {"holder__same": "no", "holder__family_name": "山田", "holder__given_name": "花子"}
    holder |= {"holder__family_kana": "ヤマダ", "holder__given_kana": "ハナコ"}
    response = applicant.post("items", typed(**holder, person__family_name=""))
    assert response.status_code == 422
    assert "ご契約者が見ます" in field(response.content.decode(), "person.family_name")
    assert applicant.post("items", typed(**holder)).status_code == 303
    applicant.client.post("/apply/check")
    facts = facts_of(entries_of(Book.objects.get()))
    assert (facts["person.family_name"], facts["person.family_kana"]) == ("髙﨑", "")


def test_the_holders_name_is_not_validated_while_the_mover_is_the_holder(applicant: Applicant) -> None:
    applicant.to_items()
    assert applicant.post("items", typed(holder__family_kana="漢字")).status_code == 303


def test_the_bill_may_go_elsewhere(applicant: Applicant) -> None:
    applicant.to_items()
    response = applicant.post("items", typed(billing__to="other", billing__postal_code="100"))
    page = response.content.decode()
    assert "数字7けたです" in field(page, "billing.postal_code")
    assert "市区町村を入れてください" in field(page, "billing.municipality")
    there = {
        "postal_code": "５３０−０００１",
        "prefecture": "大阪府",
        "municipality": "大阪市北区",
        "block": "1-1",
        "name": "母",
    }
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    assert applicant.post("items", typed(billing__to="other", **bill)).status_code == 303
    assert "〒530-0001 大阪府大阪市北区1-1、母 宛" in read(applicant.get("check"))


def test_an_address_for_the_bill_alone_is_required_while_the_bill_goes_there(applicant: Applicant) -> None:
    applicant.to_items([GAS])  # its sheet says where the bill goes, and nothing else of the new home
    assert "届け先: 東京ガス" in recipients(applicant.get("items").content.decode(), "destination.block")
    there = {"postal_code": "5300001", "prefecture": "大阪府", "municipality": "大阪市北区", "block": "1-1"}
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    without: dict[str, Any] = {"destination__block": "", "destination__building": ""}
    assert applicant.post("items", typed(**without)).status_code == 422
    assert applicant.post("items", typed(**without, billing__to="other", **bill)).status_code == 303


def test_a_missing_postal_code_is_asked_for(applicant: Applicant) -> None:
    applicant.to_addresses(["broadcasting"])
    by_hand = {"prefecture": "東京都", "municipality": "千代田区", "town": "霞が関"}  # one of many codes
    applicant.post(
        "addresses", {f"origin-{n}": t for n, t in by_hand.items()} | {"destination-postal_code": "196-0015"}
    )
    applicant.post("providers", {"chosen": [NHK]})
    assert "origin.postal_code" in fields(applicant.get("items"))
    assert applicant.post("items", typed()).status_code == 422
    assert applicant.post("items", typed(origin__postal_code="100-0013")).status_code == 303
    assert applicant.entries.origin.postal_code == "1000013"


def test_a_postal_code_of_another_town_is_asked_about_beside_its_field(applicant: Applicant) -> None:
    applicant.to_addresses(["broadcasting"])
    by_hand = {"origin-prefecture": "東京都", "origin-municipality": "千代田区", "origin-town": "霞が関"}
    applicant.post("addresses", by_hand | {"destination-postal_code": "196-0015"})
    applicant.post("providers", {"chosen": [NHK]})
    page = applicant.post("items", typed(origin__postal_code="196-0015")).content.decode()
    asked = "〒196-0015は昭島市昭和町の郵便番号で、住所の千代田区霞が関と合いません。"
    assert asked in field(page, "origin.postal_code")
    assert applicant.entries.origin.postal_code == ""
    (tick,) = re.findall(r'name="sure.code:origin" id="[^"]+" value="([^"]+)"', page)
    other = typed(origin__postal_code="196-0014") | {"sure.code:origin": tick}
    assert applicant.post("items", other).status_code == 422  # the tick holds for one code
    sure = typed(origin__postal_code="196-0015") | {"sure.code:origin": tick}
    assert applicant.post("items", sure).headers["Location"] == "/apply/check"
    assert applicant.entries.origin.postal_code == "1960015"


@pytest.mark.parametrize(
    ("place", "is_asked"),
    [
        (("東京都", "千代田区", "二番町"), False),
        (("東京都", "千代田区", ""), False),
        (("東京都", "千代田区", "一番町"), True),
        (("大阪府", "大阪市北区", "梅田"), True),
        (("東京都", "読めない市", "二番町"), False),
    ],
)
def test_the_code_of_the_bills_address_is_asked_about_too(
    applicant: Applicant, place: tuple[str, str, str], is_asked: bool
) -> None:
    applicant.to_items()
    parts = ("prefecture", "municipality", "town")
    there: dict[str, Any] = {f"billing__{part}": text for part, text in zip(parts, place, strict=True)}
    bill = typed(billing__to="other", billing__postal_code="1020084", billing__block="5-6", **there)
    page = applicant.post("items", bill).content.decode()
    assert ("〒102-0084は千代田区二番町の郵便番号で" in page) == is_asked
    elsewhere = applicant.post("items", bill | {"billing.to": "destination"})
    assert elsewhere.headers["Location"] == "/apply/check"  # nobody gets it


@pytest.mark.parametrize(
    ("typed_block", "parts"),
    [
        ("5-6 あいおいビル301", ("5-6", "あいおいビル", "301")),
        ("二番町5-6", ("5-6", "", "")),
        ("東京都千代田区二番町5-6 あいおいビル301", ("5-6", "あいおいビル", "301")),
        ("5-6", ("5-6", "", "")),
    ],
)
@pytest.mark.parametrize("of", ["origin", "billing"])
def test_building_and_room_are_split_from_the_block_of_every_address(
    applicant: Applicant, of: str, typed_block: str, parts: tuple[str, str, str]
) -> None:
    applicant.to_items()
    there = {"postal_code": "1020084", "prefecture": "東京都", "municipality": "千代田区", "town": "二番町"}
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()} if of == "billing" else {}
    house: dict[str, Any] = {f"{of}__building": "", f"{of}__room": "", f"{of}__block": typed_block}
    to = "other" if of == "billing" else "destination"
    response = applicant.post("items", typed(**({"billing__block": "1"} | bill | house), billing__to=to))
    assert response.headers["Location"] == "/apply/check"
    assert tuple(applicant.entries.items[f"{of}.{part}"] for part in ("block", "building", "room")) == parts


def test_an_address_of_another_town_in_the_bills_block_is_asked_about(applicant: Applicant) -> None:
    applicant.to_items()
    there = {"postal_code": "1020084", "prefecture": "東京都", "municipality": "千代田区", "town": "二番町"}
    bill: dict[str, Any] = {f"billing__{part}": text for part, text in there.items()}
    page = applicant.post("items", typed(billing__to="other", billing__block="港区芝1-2-3", **bill)).content.decode()
    assert "上の町の住所ではありません" in field(page, "billing.block")


def test_input_is_kept_when_another_provider_is_added(applicant: Applicant) -> None:
    applicant.to_check([NHK])
    applicant.post("providers", {"chosen": [NHK, AKISHIMA]})
    page = applicant.get("items").content.decode()
    assert 'value="髙﨑"' in field(page, "person.family_name")
    assert cast.EMAIL in field(page, "contact.email")


def test_a_name_with_one_part_is_taken_where_its_tick_says_so(applicant: Applicant) -> None:
    applicant.to_items()
    single = typed(person__family_name="", person__family_kana="", person__given_name="スカルノ")
    response = applicant.post("items", single)
    page = response.content.decode()
    assert response.status_code == 422
    assert "お名前が1つだけの方は" in field(page, "person.family_name")
    assert 'name="sure.one_name.person"' in page
    assert 'name="sure.one_name.holder"' not in page
    response = applicant.post("items", single | {"sure.one_name.person": "yes"})
    assert response.headers["Location"] == "/apply/check"
    assert "スカルノ" in read(applicant.get("check"))
    assert re.search(r'name="sure.one_name.person"[^>]* checked', applicant.get("items").content.decode())


def test_a_name_without_any_part_is_refused_whatever_is_ticked(applicant: Applicant) -> None:
    applicant.to_items()
    nobody = typed(person__family_name="", person__given_name="") | {"sure.one_name.person": "yes"}
    assert applicant.post("items", nobody).status_code == 422


def test_the_last_page_shows_the_reading_that_forms_get(applicant: Applicant) -> None:
    applicant.to_check(person__given_kana="みすゞ")
    assert "様式には" in read(applicant.get("check"))
    assert "みすず" in read(applicant.get("check"))
