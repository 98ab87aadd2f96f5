"""Small forms to fill."""

from datetime import date

from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.phrase import parse_phrase


def a_blank(name: str = "SHIMEI", *, say: str = "", label: str = "お名前", **rules: object) -> Blank:
    return Blank(name=name, label=label, say=parse_phrase(say) if say else None, **rules)  # type: ignore[arg-type]


def a_sheet(*blanks: Blank, encoding: str = "UTF-8", channel: str = "weblink") -> Sheet:
    return Sheet(
        provider="some-water",
        procedure="stop",
        title="水道の使用中止",
        version=3,
        checked_on=date(2026, 11, 22),
        source="https://water.example/form",
        channel=channel,
        encoding=encoding,
        blanks=blanks,
    )
