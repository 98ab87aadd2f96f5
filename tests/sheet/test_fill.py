"""Nothing is dropped, cut or replaced in silence."""

from datetime import date

import pytest

from renrakucho.sheet.fill import BlankProblem, CannotSay, fill_sheet, possible_texts
from renrakucho.sheet.filled import FilledLine, FilledSheet, TextChange
from renrakucho.sheet.form import Blank, Sheet
from tests.sheet.cast import a_blank, a_sheet

NAME = "{person.family_name}　{person.given_name}"
PERSON = {
    "person.family_name": "吉田",
    "person.given_name": "花",
    "payment.final": "slip",
    "return.url": "https://p.example",
}


def problem_of(sheet: Sheet, facts: dict[str, str], answers: dict[str, str] | None = None) -> BlankProblem:
    with pytest.raises(CannotSay) as error:
        fill_sheet(sheet, facts, answers)
    (problem,) = error.value.problems
    return problem


def test_a_form_is_filled_in_its_own_order_and_frozen() -> None:
    filled = fill_sheet(a_sheet(a_blank("B", say=NAME), a_blank("A", fixed="1")), PERSON)
    assert filled.pairs() == [("B", "吉田　花"), ("A", "1")]
    assert (filled.sheet, filled.title, filled.changes) == ("some-water/stop@3", "水道の使用中止", ())


def test_a_required_blank_without_text_is_a_problem() -> None:
    problem = problem_of(a_sheet(a_blank(say="{origin.building}", required=True)), PERSON)
    assert (problem.kind, problem.text) == ("missing", "")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("マイナンバー 1234-5678-9018", "my_number"), ("4111111111111111", "card_number"), ("暗証番号は1234", "password")],
)
def test_a_secret_in_an_answer_is_a_problem_whoever_asks(typed: str, kind: str) -> None:
    sheet = a_sheet(a_blank("notes", label="連絡事項", ask="lines"), channel="inbox")
    assert problem_of(sheet, PERSON, {"notes": typed}).kind == kind


def test_a_number_of_the_length_asked_for_is_no_secret() -> None:
    number = a_blank("number", label="お客さま番号", ask="text", example="0123-4567-8901-2345")
    for typed in ("4111111111111111", "123456789018"):
        assert fill_sheet(a_sheet(number, channel="inbox"), PERSON, {"number": typed}).pairs() == [("number", typed)]


def test_an_optional_blank_is_sent_empty() -> None:
    assert fill_sheet(a_sheet(a_blank("A", say="{origin.building}", longest=3)), PERSON).pairs() == [("A", "")]


def test_the_separator_of_an_empty_group_is_not_left_at_the_edge() -> None:
    blank = a_blank("A", say="[{origin.building}][　{origin.room}]")
    assert fill_sheet(a_sheet(blank), {"origin.room": "203"}).pairs() == [("A", "203")]


@pytest.mark.parametrize("encoding", ["Shift_JIS", "EUC-JP"])
def test_a_kanji_outside_the_charset_is_never_replaced(encoding: str) -> None:
    sheet = a_sheet(a_blank(say=NAME, longest=1), encoding=encoding)
    problem = problem_of(sheet, PERSON | {"person.family_name": "𠮷𠮷野🏠"})
    assert (problem.kind, problem.characters, problem.text) == ("unsayable", ("𠮷", "🏠"), "𠮷𠮷野🏠　花")


def test_a_kanji_is_sent_where_the_charset_has_it() -> None:
    filled = fill_sheet(a_sheet(a_blank("A", say=NAME)), PERSON | {"person.family_name": "𠮷野"})
    assert filled.pairs() == [("A", "𠮷野　花")]
    assert filled.changes == ()


def test_a_wave_dash_is_replaced_by_its_twin_and_the_change_is_kept() -> None:
    sheet = a_sheet(a_blank("A", say="{origin.building}", label="建物名"), encoding="Shift_JIS")
    filled = fill_sheet(sheet, {"origin.building": "1〜2号館—南"})
    assert filled.pairs() == [("A", "1～2号館―南")]
    assert filled.changes == (TextChange("建物名", "1〜2号館—南", "1～2号館―南"),)


def test_a_length_is_counted_in_characters() -> None:
    sheet = a_sheet(a_blank(say=NAME, longest=3))
    assert problem_of(sheet, PERSON).limit == 3
    assert problem_of(sheet, PERSON).kind == "too_long"
    assert fill_sheet(sheet, PERSON | {"person.family_name": "辻"}).pairs()


@pytest.mark.parametrize(("encoding", "fits"), [("Shift_JIS", 8), ("EUC-JP", 8), ("UTF-8", 12)])
def test_a_length_in_bytes_is_counted_in_the_forms_charset(encoding: str, fits: int) -> None:
    fill_sheet(a_sheet(a_blank(say=NAME, longest_bytes=fits), encoding=encoding), PERSON)
    problem = problem_of(a_sheet(a_blank(say=NAME, longest_bytes=fits - 1), encoding=encoding), PERSON)
    assert (problem.kind, problem.limit, problem.text) == ("too_long", fits - 1, "吉田　花")


PAYMENT = a_blank("SEISAN", say="{payment.final}", required=True, words={"account": "1", "slip": "3"})


def test_a_choice_travels_as_the_providers_code_and_is_shown_as_words() -> None:
    (line,) = fill_sheet(a_sheet(PAYMENT), PERSON).lines
    assert (line.text, line.shown) == ("3", "あとから届く払込票")


def test_a_text_without_codes_is_shown_as_it_travels() -> None:
    blanks = (a_blank("A", say="{payment.final}"), a_blank("B", say="水道"))
    assert [(line.text, line.shown) for line in fill_sheet(a_sheet(*blanks), {"payment.final": "slip"}).lines] == [
        ("slip", "slip"),
        ("水道", "水道"),
    ]


def test_a_place_travels_as_its_code_and_is_shown_as_its_name() -> None:
    blank = a_blank(say="{origin.prefecture}", words={"東京都": "13"})
    (line,) = fill_sheet(a_sheet(blank), {"origin.prefecture": "東京都"}).lines
    assert (line.text, line.shown) == ("13", "東京都")


def test_a_choice_that_the_provider_does_not_have_is_not_sent_as_it_is() -> None:
    problem = problem_of(a_sheet(PAYMENT), {"payment.final": "on_site"})
    assert (problem.kind, problem.text) == ("wrong", "on_site")


@pytest.mark.parametrize("chosen", ["account", "1"])
def test_another_choice_can_replace_it_by_word_or_by_code(chosen: str) -> None:
    (line,) = fill_sheet(a_sheet(PAYMENT), {"payment.final": "on_site"}, instead={"SEISAN": chosen}).lines
    assert (line.text, line.shown) == ("1", "いまと同じ方法（口座振替など）")


def test_a_code_is_not_looked_up_twice() -> None:
    blank = a_blank("A", say="{origin.prefecture}", words={"東京都": "大阪府", "大阪府": "27"})
    assert fill_sheet(a_sheet(blank), {"origin.prefecture": "東京都"}).pairs() == [("A", "大阪府")]


NUMBER = a_blank("N", ask="text", pattern="[0-9]{10}", pattern_help="数字10けた", required=True)


def test_an_answer_typed_in_full_width_is_accepted() -> None:
    filled = fill_sheet(a_sheet(NUMBER), {}, {"N": " １２３４５６７８９０　"})
    assert filled.pairs() == [("N", "1234567890")]
    assert filled.changes == ()
    assert filled.lines[0].own


@pytest.mark.parametrize("typed", ["123456789", "12345678901", "123456789a", "١٢٣٤٥٦٧٨٩٠"])
def test_an_answer_of_another_shape_is_wrong(typed: str) -> None:
    problem = problem_of(a_sheet(NUMBER), {}, {"N": typed})
    assert (problem.kind, problem.text) == ("wrong", typed)


def test_an_answer_without_a_pattern_stays_as_typed() -> None:
    blank = a_blank("N", ask="lines", longest=20)
    assert fill_sheet(a_sheet(blank), {}, {"N": "１２\n裏口へ "}).pairs() == [("N", "１２\n裏口へ")]


VISIT = a_blank("V", ask="choice", choices=(("1", "立ち会う"), ("2", "立ち会わない")))


def test_only_an_offered_choice_is_accepted() -> None:
    assert fill_sheet(a_sheet(VISIT), {}, {"V": "2"}).lines[0].shown == "立ち会わない"
    assert fill_sheet(a_sheet(VISIT), {}, {}).pairs() == [("V", "")]
    assert problem_of(a_sheet(VISIT), {}, {"V": "立ち会う"}).kind == "wrong"


def test_the_movers_replacement_is_sent_and_kept_as_a_change() -> None:
    sheet = a_sheet(a_blank("A", say=NAME), encoding="Shift_JIS")
    facts = PERSON | {"person.family_name": "𠮷田"}
    filled = fill_sheet(sheet, facts, instead={"A": "吉田　花"})
    assert filled.pairs() == [("A", "吉田　花")]
    assert filled.changes == (TextChange("お名前", "𠮷田　花", "吉田　花"),)


def test_a_replacement_has_to_fit_too() -> None:
    sheet = a_sheet(a_blank("A", say=NAME, longest=4, required=True), encoding="Shift_JIS")
    for chosen, kind in (("𠮷", "unsayable"), ("ヨシダ　ハナ", "too_long"), ("", "missing")):
        with pytest.raises(CannotSay) as error:
            fill_sheet(sheet, PERSON, instead={"A": chosen})
        assert [problem.kind for problem in error.value.problems] == [kind]


def test_all_problems_are_raised_at_once_and_the_message_quotes_no_text() -> None:
    sheet = a_sheet(
        a_blank("B", say=NAME), a_blank("A", say="{origin.building}", required=True), NUMBER, encoding="EUC-JP"
    )
    with pytest.raises(CannotSay) as error:
        fill_sheet(sheet, PERSON | {"person.family_name": "𠮷田"}, {"N": "いち"})
    assert [problem.blank.name for problem in error.value.problems] == ["B", "A", "N"]
    assert str(error.value) == "B: unsayable, A: missing, N: wrong"


@pytest.mark.parametrize(
    ("blank", "hidden"),
    [
        (a_blank("C", fixed="1"), True),
        (a_blank("C", say="{return.url}"), True),
        (a_blank("C", say=NAME), False),
        (VISIT, False),
    ],
)
def test_fixed_codes_and_the_return_link_are_hidden_from_people(blank: Blank, hidden: bool) -> None:
    filled = fill_sheet(a_sheet(blank), PERSON)
    assert len(filled.lines) == 1
    assert len(filled.visible_lines()) == (0 if hidden else 1)


def test_a_filled_form_comes_back_from_its_plain_values() -> None:
    sheet = a_sheet(a_blank("A", say=NAME), PAYMENT, VISIT, a_blank("R", say="{return.url}"), encoding="Shift_JIS")
    filled = fill_sheet(sheet, PERSON | {"person.given_name": "〜\ufa19"}, {"V": "1"})
    assert filled.changes
    assert FilledSheet.from_json(filled.as_json()) == filled


def test_blanks_that_a_form_splits_are_shown_as_one_row() -> None:
    lines = (
        FilledLine("T1", "電話番号（市外局番）", "03", "03"),
        FilledLine("T2", "電話番号（市内局番）", "3515", "3515"),
        FilledLine("N", "お名前", "東京", "東京"),
        FilledLine("K", "お名前（カナ）", "トウキョウ", "トウキョウ"),
        FilledLine("X", "住所", "", ""),
    )
    filled = FilledSheet("a/stop@1", "", "weblink", "UTF-8", lines)
    assert [(row.label, row.shown) for row in filled.rows()] == [
        ("電話番号", "03 3515"),
        ("お名前", "東京"),
        ("お名前（カナ）", "トウキョウ"),
        ("住所", ""),
    ]


@pytest.mark.parametrize(
    ("blank", "texts"),
    [
        (a_blank(fixed="1"), ("1",)),
        (a_blank(ask="text"), ()),
        (a_blank(say="{move.leave_on}"), ("2026-12-24", "2027-01-04")),
        (a_blank(say="{person.family_name}"), ("吉田", "髙﨑")),
        (a_blank(say="{move.leave_on} {person.family_name}"), ("2026-11-30 吉田", "2026-11-30 髙﨑")),
        (a_blank(say="{origin.prefecture}{person.family_name}"), ("東京都吉田", "東京都髙﨑")),
        (a_blank(say="{payment.final}", words={"account": "1", "slip": "2", "card": "2"}), ("1", "2")),
    ],
)
def test_every_possible_text_of_a_blank_is_listed_once(blank: Blank, texts: tuple[str, ...]) -> None:
    samples = [
        {"person.family_name": name, "move.leave_on": "2026-11-30", "origin.prefecture": "東京都"}
        for name in ("吉田", "髙﨑", "吉田")
    ]
    assert possible_texts(blank, samples, [date(2026, 12, 24), date(2027, 1, 4)]) == texts


def test_a_prefecture_can_be_each_of_the_47() -> None:
    texts = possible_texts(a_blank(say="{origin.prefecture}"), [{"origin.prefecture": "東京都"}], [])
    assert (len(texts), texts[0], texts[-1]) == (47, "北海道", "沖縄県")


def test_the_facts_that_were_told_are_kept_without_links() -> None:
    filled = fill_sheet(a_sheet(a_blank("A", say=NAME), a_blank("R", say="{return.url}")), PERSON)
    assert filled.facts == {"person.family_name": "吉田", "person.given_name": "花"}


def test_a_problem_has_no_limit_but_where_a_text_is_too_long() -> None:
    assert problem_of(a_sheet(a_blank(say="{origin.building}", required=True)), PERSON).limit == 0


def test_equal_answers_of_blanks_that_are_no_wishes_are_accepted() -> None:
    sheet = a_sheet(a_blank("A", ask="text"), a_blank("B", ask="text"))
    assert fill_sheet(sheet, PERSON, {"A": "x", "B": "x"}).pairs() == [("A", "x"), ("B", "x")]


@pytest.mark.parametrize(
    ("kana", "after"),
    [("みすゞ", "ミスズ"), ("サン＝ポール", "サン・ポール"), ("オ'ニール", "オニール"), ("カナ", "カナ")],
)
def test_a_reading_is_written_in_plain_kana_and_the_change_is_kept(kana: str, after: str) -> None:
    sheet = a_sheet(a_blank("kana", say="{person.family_kana|katakana}"))
    filled = fill_sheet(sheet, {**PERSON, "person.family_kana": kana})
    assert filled.pairs() == [("kana", after)]
    assert [change.after for change in filled.changes] == ([after] if kana != "カナ" else [])


def test_a_variation_selector_is_named_with_its_letter() -> None:
    sheet = a_sheet(a_blank("name", say="{person.family_name}"), encoding="Shift_JIS")
    problem = problem_of(sheet, {**PERSON, "person.family_name": "葛\U000e0100飾𠮷"})
    assert problem.characters == ("葛\U000e0100", "𠮷")


def test_a_mark_is_named_with_its_letter_and_alone_at_the_beginning() -> None:
    sheet = a_sheet(a_blank("name", say="{person.family_name}"), encoding="Shift_JIS")
    problem = problem_of(sheet, {**PERSON, "person.family_name": "\u0301か\u0301"})
    assert problem.characters == ("\u0301", "か\u0301")


def test_only_a_reading_is_written_in_kana_that_forms_take() -> None:
    sheet = a_sheet(a_blank("name", say="{person.family_name}"), a_blank("kana", say="{person.family_kana}"))
    filled = fill_sheet(sheet, {**PERSON, "person.family_name": "みすゞ", "person.family_kana": "ミスヾ"})
    assert filled.pairs() == [("name", "みすゞ"), ("kana", "ミスズ")]


@pytest.mark.parametrize("say", ["{contact.phone|phone2}", "{contact.phone|digits}", "{contact.phone|phone_brackets}"])
def test_a_number_of_another_country_is_not_cut_into_parts(say: str) -> None:
    sheet = a_sheet(a_blank("tel", say=say))
    problem = problem_of(sheet, {**PERSON, "contact.phone": "+1 212-736-5000"})
    assert (problem.kind, problem.text) == ("abroad", "+1 212-736-5000")
    assert fill_sheet(sheet, {**PERSON, "contact.phone": "+1 212-736-5000"}, instead={"tel": "0312345678"})


def test_a_number_of_another_country_is_written_where_there_is_room() -> None:
    sheet = a_sheet(a_blank("tel", say="{contact.phone|phone}"))
    filled = fill_sheet(sheet, {**PERSON, "contact.phone": "+1 212-736-5000"})
    assert filled.pairs() == [("tel", "+1 212-736-5000")]
