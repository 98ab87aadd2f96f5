"""Identity login: whose name and whose address are the same, however they are written."""

import pytest

from renrakucho.lib.oidc.oidc_login import VerifiedLogin
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.identity_login import compare_and_keep, login_proof
from renrakucho.mover.models import Book
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
ISSUER = "https://id.example"


def compared(book: Book, names: tuple[str, ...] = ("name",), **claims: object) -> str:
    login = VerifiedLogin(ISSUER, "sub-1", has_factor=False, claims=claims)
    return compare_and_keep(book, "card", "カード", login, {"name": names})["name"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("髙﨑", "太郎"), "高崎 太郎"),
        (("髙﨑", "太郎"), "髙﨑　太郎"),
        (("𠮷田", "さくら"), "吉田 サクラ"),
        (("佐々木", "ｴﾘ"), "佐佐木エリ"),
        (("Smith", "Ann Marie"), "SMITH ANN MARIE"),
        (("Smith", "Ann"), "Ann Smith"),
        (("神谷", "弥生"), "神谷 彌生"),
    ],
)
def test_one_name_in_two_writings_is_the_same(typed: tuple[str, str], said: str) -> None:
    book = cast.draft(person__family_name=typed[0], person__given_name=typed[1])
    assert compared(book, name=said) == "same"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("髙﨑", "太郎"), "髙﨑 花子"),
        (("髙﨑", "太郎"), "髙﨑"),
        (("髙﨑", "太郎"), "髙﨑 太郎丸"),
        (("山田", "和之"), "山田 和乃"),
        (("山田", "かおり"), "山田 がおり"),
        (("", ""), "髙﨑 太郎"),
    ],
)
def test_two_names_are_two(typed: tuple[str, str], said: str) -> None:
    """The mutant of the last but two: the folding of addresses, in which 之 and 乃 are one."""
    book = cast.draft(person__family_name=typed[0], person__given_name=typed[1])
    assert compared(book, name=said) == "different"


def test_a_name_may_come_in_two_claims() -> None:
    book = cast.draft()
    assert compared(book, ("family_name", "given_name"), family_name="髙﨑", given_name="太郎") == "same"
    assert compared(book, ("family_name", "given_name"), family_name="髙﨑") == "not_said"
    assert compared(book, name=17) == "not_said"


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("東京都千代田区二番町５番地６", "same"),
        ({"formatted": "東京都千代田区二番町5-6 あいおい二番町ビル A-301"}, "same"),
        ({"region": "東京都", "locality": "千代田区", "street_address": "二番町5番6号"}, "same"),
        ("東京都千代田区二番町5-7", "different"),
        ("東京都千代田区", "different"),
        ("東京都昭島市昭和町1-2-3", "different"),
        ({"formatted": ""}, "not_said"),
    ],
)
def test_an_address_is_compared_down_to_the_house(said: object, result: str) -> None:
    book = cast.draft()
    login = VerifiedLogin(ISSUER, "sub-1", has_factor=False, claims={"name": "髙﨑太郎", "address": said})
    found = compare_and_keep(book, "card", "カード", login, {"name": ["name"], "address": ["address"]})
    assert found == {"name": "same", "address": result}
    proof = login_proof(book, facts_of(entries_of(book)))
    assert proof
    assert ("address" in proof.matched) == (result == "same")


def test_a_later_login_of_somebody_else_takes_nothing_away() -> None:
    book = cast.draft()
    compared(book, name="髙﨑 太郎")
    compared(book, name="別人")
    facts = facts_of(entries_of(book))
    assert login_proof(book, facts)
    assert login_proof(book, facts | {"holder.given_name": "次郎"}) is None
    assert login_proof(book, facts, ["name", "address"]) is None
