"""Notices as rows of a CSV (lib.csv_file), for the provider's own system or Excel."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.desk.list.notice_queue import notice_summary
from renrakucho.lib.browser_encoding import replace_twins, unencodable_characters
from renrakucho.lib.csv_file import spreadsheet_code
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.models import Notice, Procedure, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.models import Industry
from renrakucho.receipt.provider_actions import receipt_number_of
from renrakucho.sheet.assurance import ASSURANCE_TITLE, assurance_text

SHIFT_JIS = "Shift_JIS"


def notices_csv(notices: Sequence[Notice]) -> list[list[str]]:
    """The header, and a row for each notice. Blanks with one name stand in one column, whatever their order."""
    forms = [frozen_form(notice) for notice in notices]
    told = [{(line.name, line.label): line.shown for line in form.visible_lines()} for form in forms]
    columns = list(dict.fromkeys(column for lines in told for column in lines))
    rows = [
        [*_notice_columns(notice), *(lines.get(column, "") for column in columns), assurance_text(form.assurance)]
        for notice, form, lines in zip(notices, forms, told, strict=True)
    ]
    return [[*_notice_labels(), *(label for _name, label in columns), _(ASSURANCE_TITLE)], *rows]


def not_in_shift_jis(notice: Notice) -> tuple[str, ...]:
    """The characters of a notice that Shift_JIS does not have, each once.

    Twins that look alike (〜 and ～) are written.
    """
    text = "".join(line.label + line.shown for line in frozen_form(notice).visible_lines()) + "".join(
        _notice_columns(notice)
    )
    return unencodable_characters(replace_twins(text, SHIFT_JIS), SHIFT_JIS)


def _notice_labels() -> list[str]:
    return [
        _("れんらく番号"),
        _("状態"),
        _("業種"),
        _("手続"),
        _("引越日"),
        _("営業所"),
        _("送信日時"),
        _("差し替えた元の番号"),
        _("受付番号"),
    ]


def _notice_columns(notice: Notice) -> list[str]:
    """In the order of the labels; days as 2026-12-05, which every system reads."""
    summary = notice_summary(notice)
    written_at = notice.written_at or notice.created_at
    return [
        in_fours(notice.number),
        str(Status(notice.status).label),
        str(Industry(notice.industry).label),
        str(Procedure(notice.procedure).label),
        summary.on.isoformat() if summary.on else "",
        summary.office,
        f"{timezone.localtime(written_at):%Y-%m-%d %H:%M}",
        in_fours(notice.replaces.number) if notice.replaces else "",
        spreadsheet_code(receipt_number_of(notice)),
    ]
