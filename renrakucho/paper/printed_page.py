"""Printed page: the texts of a notice on paper. It goes to an office in Japan, so it is in Japanese."""

from dataclasses import asdict, dataclass
from datetime import datetime

from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.message_text import N_
from renrakucho.sheet.code_tables import WEEKDAYS
from renrakucho.sheet.filled import FilledSheet

_LABELS = {
    "to": N_("御中"),
    "number": N_("れんらく番号"),
    "written": N_("お客さまが送信された日時:"),
    "nothing": N_("（なし）"),
    "withdrawn": N_("取消 — お客さまがこの連絡を取り消しました。手続は要りません。"),
    "replaces": N_("差し替え — 連絡 %s の代わりです。前の連絡では手続をしないでください。"),
    "replaced": N_("変更済 — お客さまが内容を変更しました。この連絡では手続をしないでください。新しい連絡:"),
    "answer": N_("受付番号の回答（ログインは要りません）"),
    "how": N_("QRコードか次のアドレスから、受付番号か、差し戻す理由を入れてください。"),
    "code": N_("回答コード"),
    "office": N_("受付番号・メモ（貴所でお使いください）"),
    "stamp": N_("受付印"),
    "document": N_("引越しの連絡"),
    "trial": N_("送信テスト"),
    "trial_what": N_("このページは、引越しの連絡をFAXで送る前のテストです。お客さまの情報は載っていません。"),
    "trial_why": N_("ちがう番号へお客さまの情報を送らないために、番号を確かめています。"),
    "trial_do": N_("次のコードを、下の連絡先へお電話でお伝えください。伝えていただくまで、連絡は送りません。"),
    "trial_code": N_("確認コード"),
    "trial_number": N_("送り先の番号"),
    "trial_wrong": N_("お心当たりのないときも、お手数ですがお知らせください。この番号へは送らないようにします。"),
}


_MOMENT = N_("{0.year}年{0.month}月{0.day}日({weekday}) {0:%H:%M}")


@dataclass(frozen=True)
class PrintedPage:
    """The content of a page.

    lines: label and text, as a person reads them. written: the moment of the mover's confirmation, as it is printed.
    way_back: the URL where the provider can answer without an account, or empty. replaces: the number of the notice
    that this one replaces, or empty; replaced_by: of the one that replaces it. withdrawn: the mover has withdrawn or
    changed it. printed: who printed a desk's copy, and when.
    """

    number: str
    provider: str
    title: str
    lines: tuple[tuple[str, str], ...]
    written: str
    portal: str
    portal_url: str
    contact: str = ""
    way_back: str = ""
    replaces: str = ""
    replaced_by: str = ""
    withdrawn: bool = False
    printed: str = ""

    def texts(self) -> dict[str, object]:
        """The values for the typesetter, with numbers in groups of four."""
        return {
            **asdict(self),
            "number": in_fours(self.number),
            "digits": self.number,
            "replaces": in_fours(self.replaces),
            "replaced_by": in_fours(self.replaced_by),
            "code": self.way_back.rpartition("/")[2],
        }


def page_labels(page: PrintedPage | None = None) -> dict[str, str]:
    """The page's fixed texts by name, with the replaced notice's number filled in."""
    number = in_fours(page.replaces) if page else ""
    return {name: text.replace("%s", number) for name, text in _LABELS.items()}


def printed_page(
    filled: FilledSheet,
    *,
    number: str,
    provider: str,
    written_at: datetime,
    portal: str,
    portal_url: str,
    contact: str = "",
    replaces: str = "",
    replaced_by: str = "",
    withdrawn: bool = False,
    printed: str = "",
) -> PrintedPage:
    """The page of a filled form. `written_at` is printed in its own time zone."""
    return PrintedPage(
        number=number,
        provider=provider,
        title=filled.title,
        lines=tuple((line.label, line.shown) for line in filled.rows()),
        written=_moment(written_at),
        portal=portal,
        portal_url=portal_url,
        contact=contact,
        way_back=filled.way_back,
        replaces=replaces,
        replaced_by=replaced_by,
        withdrawn=withdrawn,
        printed=printed,
    )


def _moment(at: datetime) -> str:
    """2026年12月5日(土) 14:05."""
    return _MOMENT.format(at, weekday=WEEKDAYS[at.weekday()])
