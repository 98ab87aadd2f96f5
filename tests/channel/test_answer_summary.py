"""What an operator reads of another system's answer: words from a list, and nothing that may be a mover's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.channel.answer_summary import summarize_answer

PERSONAL = (
    "髙﨑",
    "太郎",
    "タカサキ",
    "Taro",
    "TAKASAKI",
    "3515",
    "6989",
    "taro",
    "example",
    "二番町",
    "A-301",
    "1020084",
)


@pytest.mark.parametrize(
    ("evidence", "summary"),
    [
        ("", ""),
        ("422 application/json\n", "422 … application json"),
        (
            '422 application/json\n{"error": "invalid field", "given": "髙﨑 太郎 03-3515-6989"}',
            "422 … application json / error invalid field given …",
        ),
        ("404 text/html\n<h1>見つかりません 二番町5-6</h1>", "404 … text html / … 見つかりません …"),
        ("503 text/plain\nメンテナンス中（太郎さま）", "503 … text plain / メンテナンス …"),
        ("not sent: gas.example: Connection refused", "not sent … Connection refused"),
        ("no answer: timed out", "no answer timed out"),
        ("smtp: SMTPRecipientsRefused {'taro@example.jp': (550, b'Taro')}", "SMTPRecipientsRefused smtp …"),
        ("smtp: SMTPDataError (552, b'message too large')", "552 SMTPDataError smtp … message too large"),
        ("hfaxd: error_perm 550 Failed", "550 hfaxd error … Failed"),
        ("ConnectionResetError", "ConnectionResetError …"),
        ("200 text/html\n301 髙﨑 TaroError", "200 … text html / …"),
        ("\x00\x1b[31m500", "…"),
    ],
)
def test_a_summary_has_the_status_and_safe_words(evidence: str, summary: str) -> None:
    assert summarize_answer(evidence) == summary


@given(st.lists(st.sampled_from([*PERSONAL, "error", "\n", " ", '{"', ":", "<b>", "@", "invalid"]), max_size=30))
def test_no_order_of_words_brings_anything_personal_through(parts: list[str]) -> None:
    summary = summarize_answer("422 application/json\n" + "".join(parts)).removeprefix("422")
    assert not [word for word in PERSONAL if word in summary]
    assert not any(character.isdigit() for character in summary)


def test_a_summary_fits_its_column() -> None:
    assert len(summarize_answer("500\n" + "error " * 1000)) <= 160
