"""Shorter names for a blank that cannot hold the whole one: the family name and the first given name stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.browser_encoding import byte_length
from renrakucho.sheet.short_name import shorter_given_names, shorter_texts
from tests.sheet.cast import a_blank

WHOLE = "{person.family_name}　{person.given_name}"


@pytest.mark.parametrize(
    ("whole", "shorter"),
    [
        ("Maria Fernanda", ("Maria F.", "Maria")),
        ("Maria Fernanda de la Luz", ("Maria F. D. L. L.", "Maria")),
        ("ｊｏｓé　Ａngel", ("ｊｏｓé A.", "ｊｏｓé")),
        ("Maria \u0250na", ("Maria",)),  # the first letter of phonetic transcription, behind those of names
        ("マリア・フェルナンダ", ("マリア",)),
        ("マリア フェルナンダ", ("マリア",)),
        ("太郎", ()),
        ("", ()),
        (" ", ()),
    ],
)
def test_further_given_names_become_initials_or_go(whole: str, shorter: tuple[str, ...]) -> None:
    assert shorter_given_names(whole) == shorter


def test_only_what_fits_is_offered_the_longest_first() -> None:
    facts = {"person.family_name": "Garcia Lopez", "person.given_name": "Maria Fernanda"}
    blanks = {longest: a_blank(say=WHOLE, longest=longest) for longest in (21, 18, 9)}
    offered = {longest: list(shorter_texts(blank, facts, "UTF-8")) for longest, blank in blanks.items()}
    assert offered == {21: ["Garcia Lopez　Maria F.", "Garcia Lopez　Maria"], 18: ["Garcia Lopez　Maria"], 9: []}
    wide = a_blank(say="{person.family_name|wide}　{person.given_name|wide}", longest_bytes=38)
    assert list(shorter_texts(wide, facts, "Shift_JIS")) == ["Ｇａｒｃｉａ　Ｌｏｐｅｚ　Ｍａｒｉａ"]


def test_a_blank_of_the_family_name_is_left_to_the_mover() -> None:
    facts = {"person.family_name": "Garcia Lopez", "person.given_name": "Maria Fernanda"}
    assert list(shorter_texts(a_blank(say="{person.family_name}", longest=6), facts, "UTF-8")) == []
    assert list(shorter_texts(a_blank(say="{origin.building}", longest=6), facts, "UTF-8")) == []


@pytest.mark.parametrize(
    ("addressee", "shorter"),
    [("Garcia Lopez　Maria Fernanda", ["Garcia Lopez　Maria F.", "Garcia Lopez　Maria"]), ("Keiko Anna", [])],
)
def test_an_addressee_is_shortened_where_it_is_the_contract_holder(addressee: str, shorter: list[str]) -> None:
    facts = {"billing.name": addressee, "holder.given_name": "Maria Fernanda"}
    assert list(shorter_texts(a_blank(say="{billing.name}", longest=25), facts, "UTF-8")) == shorter


@given(
    family=st.text("ABcdé髙﨑 ", min_size=1, max_size=12),
    names=st.lists(st.text("ABcdマリ太", min_size=1, max_size=9), min_size=1, max_size=4),
    longest=st.integers(1, 40),
)
def test_every_offer_fits_and_keeps_family_and_first_name(family: str, names: list[str], longest: int) -> None:
    facts = {"person.family_name": family, "person.given_name": " ".join(names)}
    blank = a_blank(say=WHOLE, longest_bytes=longest)
    for text in shorter_texts(blank, facts, "UTF-8"):
        assert byte_length(text, "UTF-8") <= longest
        assert text.startswith(f"{family}　{names[0]}".strip())
