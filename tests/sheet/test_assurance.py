"""Assurance: what was proved, what was not, and which notices need an identity check."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from renrakucho.sheet.assurance import Assurance, AssuranceRule, assurance_text
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.sheet_loader import build_sheet
from renrakucho.sheet.toml_keys import BadSheet
from tests.providers.cast import SHEETS

PROVED_AT = datetime(2026, 11, 28, 5, 4, 59, tzinfo=UTC)


def source(**tables: Any) -> dict[str, Any]:
    blanks = [
        {"name": "policy", "label": "証券番号", "ask": "text"},
        {"name": "visit", "label": "立会い", "ask": "choice", "choices": [["1", "はい"]]},
    ]
    day = datetime(2026, 11, 22, tzinfo=UTC).date()
    head = {"title": "中止", "version": 1, "checked_on": day, "source": "紙", "channel": "inbox", "change": "never"}
    return {**head, "blank": blanks, **tables}


def test_every_part_says_whether_it_was_proved() -> None:
    proved = Assurance(PROVED_AT, "in_format", 2, "デジタル認証アプリ")
    assert [line.proved for line in proved.lines()] == [True] * 4
    assert proved.lines()[0].text == "届いた番号で確かめました（2026-11-28 14:04）"
    assert [line.proved for line in Assurance().lines()] == [False] * 4
    assert Assurance().lines()[0].text == "確かめていません"


def test_a_number_in_the_right_format_is_not_said_to_be_the_contracts() -> None:
    text = Assurance(customer_number="in_format").lines()[1].text
    assert "ご契約と合うかは確かめていません" in text


def test_it_comes_back_from_json_with_the_portal_that_said_it() -> None:
    for one in (Assurance(), Assurance(PROVED_AT.replace(second=0), "given", 3, "login", "関西", True)):
        form = FilledSheet("a/stop@1", "中止", "inbox", "UTF-8", (), assurance=one)
        assert FilledSheet.from_json(form.as_json()) == form
    assert FilledSheet.from_json(form.as_json() | {"assurance": None}).assurance is None


def test_the_lines_say_the_login_by_its_name_and_one_notice_that_was_accepted_before() -> None:
    _mailbox, _number, before, login = Assurance(accepted_before=1, login="デジタル認証アプリ").lines()
    assert (before.text, before.proved) == ("1件が事業者に受理されています", True)
    assert (login.text, login.proved) == ("デジタル認証アプリ", True)
    assert [line.text for line in Assurance().lines()[2:]] == ["受理されたものはまだありません", "使っていません"]


def test_what_a_peer_leaves_out_was_not_proved() -> None:
    assert Assurance.from_json({}) == Assurance(None, "not_asked", 0, "", "", check_needed=False)


def test_a_state_that_is_not_known_here_counts_as_not_given() -> None:
    assert Assurance.from_json({"customer_number": "seen_on_paper"}).customer_number == "not_given"


def test_a_notice_without_any_record_says_so() -> None:
    assert assurance_text(None) == "確かめたことの記録はありません。"
    assert assurance_text(Assurance(told_by="関西")).startswith("確かめたのは、連携先のポータルです: 関西")


@pytest.mark.parametrize(
    ("check", "needed"),
    [("without_number", ["not_given", "not_asked"]), ("always", ["in_format", "given", "not_given", "not_asked"])],
)
def test_the_sheet_decides_which_notices_need_a_check(check: Any, needed: list[str]) -> None:
    states = ("in_format", "given", "not_given", "not_asked")
    assert [state for state in states if AssuranceRule("n", check).needs_check(state)] == needed
    assert not any(AssuranceRule("n", "never").needs_check(state) for state in states)


def test_a_stop_needs_a_check_without_the_number_unless_its_sheet_says_otherwise() -> None:
    assert build_sheet(source(), "x", "stop").assurance == AssuranceRule("", "without_number")
    assert build_sheet(source(), "x", "change").assurance == AssuranceRule("", "never")
    said = {"assurance": {"number": "policy", "check": "always"}}
    assert build_sheet(source(**said), "x", "stop").assurance == AssuranceRule("policy", "always")
    found = {sheet.key: sheet.assurance for sheet in SHEETS if sheet.channel == "inbox" and sheet.procedure == "stop"}
    assert len(found) == 3
    assert set(found.values()) == {AssuranceRule("customer_number", "without_number")}


@pytest.mark.parametrize("number", ["polcy", "visit"])
def test_the_number_has_to_be_a_blank_that_the_mover_writes_in(number: str) -> None:
    with pytest.raises(BadSheet, match='no blank with ask = "text"'):
        build_sheet(source(assurance={"number": number}), "x", "stop")


NAME = {"name": "holder", "label": "お名前", "say": "{holder.family_name}{holder.given_name}"}
HOME = {"name": "left", "label": "住所"}
HOME |= {"say": "{origin.prefecture}{origin.municipality}{origin.town}{origin.block}"}


def test_a_sheet_may_ask_for_an_identity_login() -> None:
    said = {"assurance": {"login": ["address", "name"]}, "blank": [NAME, HOME]}
    rule = build_sheet(source(**said), "x", "change").assurance
    assert rule.login == ("name", "address")
    assert build_sheet(source(), "x", "change").assurance.login == ()
    assert [rule.needs_check("in_format", proved) for proved in ((), ("name",), ("name", "address"))] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"assurance": {"login": ["nmae", "name"]}}, "no login proves 'nmae'; did you mean 'name'"),
        ({"assurance": {"login": ["address"]}}, 'login needs "name"'),
        ({"assurance": {"login": []}}, 'login needs "name"'),
        ({"assurance": {"login": "name"}}, "login is not a list"),
        ({"assurance": {"login": ["name"]}, "channel": "weblink"}, "login is for what the portal delivers"),
        ({"assurance": {"login": ["name"]}}, "cannot prove 'name': the form does not say holder.family_name, holder"),
        ({"assurance": {"login": ["name", "address"]}, "blank": [NAME]}, "cannot prove 'address': the form does not"),
    ],
)
def test_a_login_that_cannot_be_asked_for_is_named_by_its_place(more: dict[str, Any], words: str) -> None:
    with pytest.raises(BadSheet, match=re.escape(words)) as found:
        build_sheet(source(**more), "x", "stop")
    assert found.value.place == ("assurance", "login")


def test_a_login_says_when_and_what_it_proved() -> None:
    proved = Assurance(login="カード", login_at=PROVED_AT.replace(second=0), login_matched=("name", "address"))
    line = proved.lines()[3]
    assert line.proved
    assert line.text.endswith(" — 入力とログインの内容が合いました: ご契約者のお名前・引越元の住所")
    assert Assurance.from_json(proved.as_json()) == proved
    missing = Assurance(login_asked=("name",)).lines()[3]
    assert (missing.text, missing.proved) == ("使っていません（この手続では求めています）", False)


def test_a_claim_that_this_version_does_not_know_was_not_matched() -> None:
    told = Assurance.from_json({"login": "カード", "login_matched": ["name", "shoe_size"]})
    assert told.login_matched == ("name",)
    assert Assurance.from_json({"login_matched": ["name"]}).login_matched == ()
