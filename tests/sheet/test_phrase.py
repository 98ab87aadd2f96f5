import pytest

from renrakucho.sheet.phrase import BadPhrase, parse_phrase

NAME = {"person.family_name": "髙﨑", "person.given_name": "神", "person.family_kana": "タカザキ"}
HOME = {"origin.block": "1-2-3", "origin.building": "コーポ昭和", "origin.room": "203"}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("以下のとおり", "以下のとおり"),
        ("{person.family_name}", "髙﨑"),
        ("{person.family_name}　{person.given_name} 様", "髙﨑　神 様"),
        ("{ person.family_kana | hiragana }", "たかざき"),
        ("{person.family_kana|hiragana|katakana|half_kana}", "ﾀｶｻﾞｷ"),
        ("{origin.block}[　{origin.building}][ {origin.room}号室]", "1-2-3　コーポ昭和 203号室"),
    ],
)
def test_a_phrase_says_facts_among_plain_text(source: str, text: str) -> None:
    assert parse_phrase(source).text(NAME | HOME) == text


@pytest.mark.parametrize(
    ("without", "text"),
    [
        ((), "1-2-3　コーポ昭和 203号室"),
        (("origin.room",), "1-2-3　コーポ昭和"),
        (("origin.building",), "1-2-3 203号室"),
        (("origin.building", "origin.room"), "1-2-3"),
    ],
)
def test_a_group_is_left_out_when_a_fact_in_it_is_empty(without: tuple[str, ...], text: str) -> None:
    facts = HOME | dict.fromkeys(without, "")
    assert parse_phrase("{origin.block}[　{origin.building}][ {origin.room}号室]").text(facts) == text


def test_a_group_of_two_facts_needs_both() -> None:
    phrase = parse_phrase("[{origin.building}の{origin.room}]")
    assert phrase.text(HOME) == "コーポ昭和の203"
    assert phrase.text({"origin.building": "コーポ昭和"}) == ""


def test_a_fact_that_the_move_does_not_have_is_empty() -> None:
    assert parse_phrase("<{origin.room}>").text({}) == "<>"


def test_the_facts_of_a_phrase_are_named_once_in_order() -> None:
    phrase = parse_phrase("{origin.room|digits}[{origin.building} {origin.room}]{origin.block}")
    assert phrase.facts() == ("origin.room", "origin.building", "origin.block")


def test_names_can_be_said_in_kana_instead() -> None:
    phrase = parse_phrase("{person.family_name|wide}[　{holder.given_name}]").in_kana()
    assert phrase == parse_phrase("{person.family_kana|wide}[　{holder.given_kana}]")


@pytest.mark.parametrize("source", ["", "様", "{person.family_kana}", "{billing.name}", "[{origin.building}]"])
def test_a_phrase_without_a_kanji_name_has_no_kana_form(source: str) -> None:
    assert parse_phrase(source).in_kana() is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{person.name}", "there is no fact 'person.name'"),
        ("{}", "there is no fact ''"),
        ("{origin.block|loud}", "there is no way 'loud' of saying a fact; there are katakana, hiragana"),
        ("{origin.block|}", "there is no way ''"),
        ("{person.family_name|era}", "'era' says a date, and person.family_name is none"),
        ("{move.leave_on|phone1}", "'phone1' says a phone number, and move.leave_on is none"),
        ("{origin.room|postal}", "'postal' says a postal code, and origin.room is none"),
        ("ab{origin.block", "'{' at character 3 has no partner"),
        ("origin.block}", "'}' at character 13 has no partner"),
        ("[{origin.block}", "'[' at character 1 has no partner"),
        ("{origin.block}]", "']' at character 15 has no partner"),
        ("[号室]", "[号室] holds no fact, so it can never fall away"),
        ("[]", "[] holds no fact"),
        ("[a[{origin.room}]]", "has no partner"),
    ],
)
def test_a_bad_phrase_is_refused_with_the_place_of_the_mistake(source: str, message: str) -> None:
    with pytest.raises(BadPhrase) as error:
        parse_phrase(source)
    assert message in str(error.value)
