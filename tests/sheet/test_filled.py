"""Filled forms: what a person reads of them."""

from renrakucho.sheet.filled import FilledLine, FilledSheet


def line(label: str, shown: str, *, goes_on: bool = False) -> FilledLine:
    return FilledLine(label, label, shown, shown, goes_on=goes_on)


def rows(*lines: FilledLine) -> list[tuple[str, str]]:
    sheet = FilledSheet("some-water/stop@1", "水道の使用中止", "inbox", "UTF-8", lines)
    return [(row.label, row.shown) for row in sheet.rows()]


def test_blanks_that_split_one_thing_are_one_row() -> None:
    assert rows(
        line("お名前", "髙﨑 花子"),
        line("メモ", "なし"),
        line("電話番号（市外局番）", "042"),
        line("電話番号（市内局番）", "123"),
        line("電話番号（加入者番号）", "4567"),
        line("住所（番地）", "昭和町1-2-3"),
        line("住所（続き）", "-404", goes_on=True),
    ) == [
        ("お名前", "髙﨑 花子"),
        ("メモ", "なし"),
        ("電話番号", "042 123 4567"),
        ("住所", "昭和町1-2-3-404"),
    ]


def test_a_blank_of_the_same_name_without_a_part_is_a_row_of_its_own() -> None:
    lines = (line("電話番号（自宅）", "042"), line("電話番号", "090"), line("お名前（漢字）", "髙﨑"))
    assert rows(*lines) == [("電話番号（自宅）", "042"), ("電話番号", "090"), ("お名前（漢字）", "髙﨑")]


def test_a_joined_row_keeps_the_name_of_its_first_blank() -> None:
    lines = (line("お名前", "髙﨑"), line("電話番号（市外局番）", "042"), line("電話番号（市内局番）", "123"))
    sheet = FilledSheet("some-water/stop@1", "水道の使用中止", "inbox", "UTF-8", lines)
    assert [row.name for row in sheet.rows()] == ["お名前", "電話番号（市外局番）"]
