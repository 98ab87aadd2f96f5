"""Notices as the rows of one file."""

from collections.abc import Sequence

from renrakucho.channel.parcel import Parcel
from renrakucho.lib.csv_file import written
from renrakucho.lib.translate import N_
from renrakucho.sheet.window import JAPAN

HEAD = (N_("れんらく番号"), N_("種類"), N_("差し替える番号"), N_("手続"), N_("様式"), N_("確認日時"))
NEW, CHANGED, WITHDRAWN = N_("新規"), N_("変更"), N_("取消")
_PROCEDURES = {"stop": N_("停止"), "start": N_("開始"), "change": N_("住所変更")}


def table(parcels: Sequence[Parcel], encoding: str) -> bytes:
    """A header, and a row each. What the forms name alike stands in one column; a withdrawal tells nothing but its
    number. Raises browser_encoding.Unsayable.
    """
    said = [
        {} if parcel.withdrawn else {(line.name, line.label): line.text for line in parcel.filled.told()}
        for parcel in parcels
    ]
    columns = list(dict.fromkeys(column for lines in said for column in lines))
    rows = [
        [*_own(parcel), *(lines.get(column, "") for column in columns)]
        for parcel, lines in zip(parcels, said, strict=True)
    ]
    return written([[*HEAD, *(label for _name, label in columns)], *rows], encoding)


def _own(parcel: Parcel) -> list[str]:
    kind = WITHDRAWN if parcel.withdrawn else CHANGED if parcel.replaces else NEW
    return [
        parcel.number,
        kind,
        parcel.replaces,
        _PROCEDURES[parcel.procedure],
        parcel.filled.sheet,
        f"{parcel.written_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
    ]
