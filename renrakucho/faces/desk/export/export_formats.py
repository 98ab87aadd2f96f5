"""Export formats: notices as CSV for a spreadsheet or a system, or as PDF for paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.faces.desk.export.notices_csv import SHIFT_JIS, not_in_shift_jis, notices_csv
from renrakucho.lib.csv_file import csv_bytes
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.page.formatting import format_clock, format_long_day
from renrakucho.paper.printed_page import CannotPrint, PrintedPage, check_glyphs, draw_pdf, printed_page
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.staff import Staff


@dataclass(frozen=True)
class ExportFormat:
    """One format. unwritable: the characters of a notice that it cannot write; build: makes the file."""

    code: str
    label: Promise
    action: AuditAction
    content_type: str
    extension: str
    unwritable: Callable[[Notice], tuple[str, ...]]
    build: Callable[[Sequence[Notice], Staff], bytes]


def _nothing(notice: Notice) -> tuple[str, ...]:
    return ()


def _unprintable(notice: Notice) -> tuple[str, ...]:
    """The characters that the fonts do not have. Raises NoFont."""
    try:
        check_glyphs([text for line in frozen_form(notice).rows() for text in (line.label, line.shown)])
    except CannotPrint as error:
        return error.characters
    return ()


def _pdf(notices: Sequence[Notice], staff: Staff) -> bytes:
    now = timezone.now()
    values = {"who": staff.name, "when": f"{format_long_day(now)} {format_clock(now)}"}
    printed = _("%(who)sさんが%(when)sに印刷") % values
    return draw_pdf([_page(notice, printed) for notice in notices])


def _page(notice: Notice, printed: str) -> PrintedPage:
    after = getattr(notice, "replaced_by", None)
    # Without the code for answering: whoever finds the paper is not to answer by it, and the desk needs none.
    return printed_page(
        replace(frozen_form(notice), way_back=""),
        number=notice.number,
        provider=provider_name(notice.provider),
        written_at=timezone.localtime(notice.written_at or notice.created_at),
        portal=settings.PORTAL_NAME,
        portal_url=settings.BASE_URL,
        contact=settings.CONTACT,
        replaces=notice.replaces.number if notice.replaces else "",
        replaced_by=after.number if after else "",
        withdrawn=notice.status == Status.WITHDRAWN,
        printed=printed,
    )


EXPORT_FORMATS = (
    ExportFormat(
        "print",
        gettext_lazy("印刷用のPDF"),
        AuditAction.PRINTED,
        "application/pdf",
        "pdf",
        _unprintable,
        _pdf,
    ),
    ExportFormat(
        "csv",
        gettext_lazy("CSV(UTF-8)"),
        AuditAction.TAKEN_CSV,
        "text/csv; charset=utf-8",
        "csv",
        _nothing,
        lambda notices, staff: csv_bytes(notices_csv(notices), "UTF-8"),
    ),
    ExportFormat(
        "shift_jis",
        gettext_lazy("CSV(Shift_JIS)"),
        AuditAction.TAKEN_SHIFT_JIS,
        "text/csv; charset=shift_jis",
        "csv",
        not_in_shift_jis,
        lambda notices, staff: csv_bytes(notices_csv(notices), SHIFT_JIS),
    ),
)
