"""Copies of notices that leave the desk: as a file for a spreadsheet, or as paper. Each is one way of taking them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.faces.desk.csv_file import SHIFT_JIS, not_in_shift_jis, table
from renrakucho.lib.csv_file import written
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.shelf import provider_name
from renrakucho.notice.writing import told
from renrakucho.page.written import clock, long_day
from renrakucho.paper.draw import pdf
from renrakucho.paper.glyphs import CannotPrint, check
from renrakucho.paper.page import Page, page_of
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_trace import Deed


@dataclass(frozen=True)
class Copy:
    """One way. cannot: the characters of a notice that it has not; made: the file; form: the receipt's word for it."""

    code: str
    label: Promise
    deed: Deed
    form: str
    kind: str
    ending: str
    cannot: Callable[[Notice], tuple[str, ...]]
    made: Callable[[Sequence[Notice], Staff], bytes]


def _nothing(notice: Notice) -> tuple[str, ...]:
    return ()


def _not_printed(notice: Notice) -> tuple[str, ...]:
    """The characters that the fonts have not. Raises NoFont."""
    try:
        check([text for line in told(notice).rows() for text in (line.label, line.shown)])
    except CannotPrint as error:
        return error.characters
    return ()


def _paper(notices: Sequence[Notice], staff: Staff) -> bytes:
    now = timezone.now()
    words = {"who": staff.name, "when": f"{long_day(now)} {clock(now)}"}
    printed = _("%(who)sさんが%(when)sに印刷") % words
    return pdf([_page(notice, printed) for notice in notices])


def _page(notice: Notice, printed: str) -> Page:
    after = getattr(notice, "replaced_by", None)
    # Without the code for answering: whoever finds the paper is not to answer by it, and the desk needs none.
    return page_of(
        replace(told(notice), way_back=""),
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


COPIES = (
    Copy(
        "print",
        gettext_lazy("印刷用のPDF"),
        Deed.PRINTED,
        "pdf",
        "application/pdf",
        "pdf",
        _not_printed,
        _paper,
    ),
    Copy(
        "csv",
        gettext_lazy("CSV(UTF-8)"),
        Deed.TAKEN_CSV,
        "csv",
        "text/csv; charset=utf-8",
        "csv",
        _nothing,
        lambda notices, staff: written(table(notices), "UTF-8"),
    ),
    Copy(
        "shift_jis",
        gettext_lazy("CSV(Shift_JIS)"),
        Deed.TAKEN_SHIFT_JIS,
        "csv",
        "text/csv; charset=shift_jis",
        "csv",
        not_in_shift_jis,
        lambda notices, staff: written(table(notices), SHIFT_JIS),
    ),
)
