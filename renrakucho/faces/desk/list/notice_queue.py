"""Notice queue of a desk: its tabs, filters and cursor pagination. What waits longest comes first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from renrakucho.account.account_forms import field_messages
from renrakucho.notice.connected_providers import local_folders
from renrakucho.notice.models import Notice, Procedure, Status
from renrakucho.notice.notice_form import draft_of, frozen_form
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.models import Office
from renrakucho.provider.staff import Staff, StaffPermission, StaffRole, role_permits
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_actions import notices_on_desk
from renrakucho.sheet.procedure import procedure_day

PAGE = 50
MOST_COUNTED = 999  # of what is done nobody needs the number, and years of it would be slow to count
_RECALLED_DAYS = timedelta(days=120)  # two months ahead, and as long again
LOOKED_ACTIONS = (AuditAction.SEEN, AuditAction.PRINTED, AuditAction.TAKEN_CSV, AuditAction.TAKEN_SHIFT_JIS)


@dataclass(frozen=True)
class NoticeSummary:
    """on: the day; None where the form does not say it. office: as the directory named it, or empty."""

    on: date | None
    office: str


def notice_summary(notice: Notice, *, office: bool = True) -> NoticeSummary:
    """Open the notice and read its summary. office: whether it is wanted; it is sealed apart."""
    on = procedure_day(notice.procedure, frozen_form(notice).facts)
    return NoticeSummary(on, draft_of(notice).card.office if office else "")


@dataclass(frozen=True)
class QueueTab:
    """One tab of the list: the notices of one status. To do: oldest first. Done: newest first."""

    code: str
    label: Promise
    status: Status

    @property
    def newest_first(self) -> bool:
        """Whether the newest comes first."""
        return not self.to_do

    @property
    def to_do(self) -> bool:
        """Whether its notices wait for an answer."""
        return self.status == Status.SENT

    @property
    def accepted(self) -> bool:
        """Whether its notices have a receipt number."""
        return self.status == Status.ACCEPTED

    @property
    def returned(self) -> bool:
        """Whether its notices have a reason."""
        return self.status == Status.RETURNED

    @property
    def answered(self) -> bool:
        """Whether the provider's own words stand in its rows."""
        return self.accepted or self.returned


TO_DO = QueueTab("todo", pgettext_lazy("desk", "未処理"), Status.SENT)
TABS = (
    TO_DO,
    QueueTab("accepted", pgettext_lazy("desk", "受理済"), Status.ACCEPTED),
    QueueTab("returned", pgettext_lazy("desk", "差戻し"), Status.RETURNED),
    QueueTab("withdrawn", pgettext_lazy("desk", "取消"), Status.WITHDRAWN),
)


def desk_notice_or_404(staff: Staff, notice_id: UUID) -> Notice:
    """The notice on this clerk's desk. Another provider's is as unknown as none: 404."""
    found = notices_on_desk(staff.provider).select_related("book", "replaces", "replaced_by").filter(id=notice_id)
    notice = found.first()
    if notice is None:
        raise Http404
    return notice


def tab_of(code: str) -> QueueTab:
    """The tab with this code; what is to do, where there is none."""
    return next((tab for tab in TABS if tab.code == code), TO_DO)


def tab_queryset(provider: str, tab: QueueTab) -> QuerySet[Notice]:
    """The notices of a tab in its order, with their books."""
    order = ("-written_at", "-id") if tab.newest_first else ("written_at", "id")
    return notices_on_desk(provider).filter(status=tab.status).order_by(*order).select_related("book")


def after_cursor(notices: QuerySet[Notice], tab: QueueTab, notice: Notice) -> QuerySet[Notice]:
    """Cursor: the notices that follow this one in its tab, also when it has left the tab meanwhile."""
    side = "lt" if tab.newest_first else "gt"
    same_moment = Q(**{"written_at": notice.written_at, f"id__{side}": notice.id})
    return notices.filter(Q(**{f"written_at__{side}": notice.written_at}) | same_moment)


def tab_count(provider: str, tab: QueueTab) -> str:
    """How many notices a tab has; 999+ where there are more."""
    counted = tab_queryset(provider, tab).order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if counted > MOST_COUNTED else str(counted)


def not_exported(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Keep the notices that nobody has exported yet."""
    return notices.exclude(Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=ReceiptKind.TAKEN)))


def recalled_unseen(provider: str) -> QuerySet[Notice]:
    """Withdrawn or replaced by the mover after the provider had opened or exported it, or accepted and then disavowed
    by the owner of the mailbox, and since then looked at by nobody who could act on it.
    """
    gone = Receipt.objects.filter(notice=OuterRef("pk"), kind__in=(ReceiptKind.WITHDRAWN, ReceiptKind.REPLACED))
    known = Receipt.objects.filter(notice=OuterRef("pk"), kind__in=(ReceiptKind.OPENED, ReceiptKind.TAKEN))
    looked = AuditEntry.objects.filter(
        provider=provider,
        number=OuterRef("number"),
        deed__in=LOOKED_ACTIONS,
        staff__role__in=[role for role in StaffRole if role_permits(role, StaffPermission.ANSWER)],
        done_at__gte=OuterRef("gone_at"),
    )
    withdrawn = Q(Exists(known), status=Status.WITHDRAWN)
    disavowed = Q(book__disavowed_at__isnull=False, status=Status.ACCEPTED)
    gone_at = Subquery(gone.order_by("-id").values("recorded_at")[:1])
    return (
        notices_on_desk(provider)
        .filter(withdrawn | disavowed, written_at__gt=timezone.now() - _RECALLED_DAYS)
        .annotate(gone_at=Coalesce(gone_at, F("book__disavowed_at")))
        .exclude(Exists(looked))
        .order_by("gone_at")
    )


MOST_OPENED = 2_000  # notices for one page of a filter, at 0.1 ms each


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        error_messages=field_messages(invalid=_("日付の形がちがいます。例: 2026-12-05")),
    )


class FilterForm(forms.Form):
    """The filters of the list."""

    since = _day(_("引越日 から"))
    until = _day(_("引越日 まで"))
    procedure = forms.ChoiceField(label=_("手続"), required=False, choices=[("", _("すべて")), *Procedure.choices])
    office = forms.ChoiceField(label=_("営業所"), required=False)

    def __init__(self, *args: Any, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices_of(provider)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("すべて")), *((name, name) for name in self.offices)]

    def list_filter(self) -> "ListFilter":
        """The filter that was understood; the rest is said at its field."""
        self.is_valid()
        said = self.cleaned_data
        return ListFilter(said.get("since"), said.get("until"), said.get("procedure", ""), said.get("office", ""))


@dataclass(frozen=True)
class ListFilter:
    """A filter of the list; an empty field lets everything through."""

    since: date | None = None
    until: date | None = None
    procedure: str = ""
    office: str = ""

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.procedure or self.office)

    @property
    def reads_forms(self) -> bool:
        """Whether sealed notices have to be opened for it."""
        return bool(self.since or self.until or self.office)

    def query(self, **more: str) -> str:
        """As the query of an address, with a question mark; empty where there is nothing to say."""
        said = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "procedure": self.procedure,
            "office": self.office,
            **more,
        }
        encoded = urlencode({name: text for name, text in said.items() if text})
        return f"?{encoded}" if encoded else ""

    def matches(self, summary: NoticeSummary) -> bool:
        """Whether the notice passes. One whose day is not known passes no filter by day."""
        if self.office and summary.office != self.office:
            return False
        if not (self.since or self.until):
            return True
        return summary.on is not None and (self.since or summary.on) <= summary.on <= (self.until or summary.on)


@dataclass(frozen=True)
class FilteredPage:
    """One page. after: the cursor, the notice after which the next page begins; None: that was all. cut: the limit of
    opened notices came before the page was full.
    """

    notices: list[Notice]
    after: Notice | None = None
    cut: bool = False


def filter_from_query(query: Mapping[str, str], provider: str) -> ListFilter:
    """The filter in the query of an address."""
    return FilterForm(query, provider=provider).list_filter() if query else ListFilter()


def offices_of(provider: str) -> list[str]:
    """The names of the provider's offices in the directory; none where it has only one."""
    folder = local_folders().get(provider)
    names = Office.objects.filter(provider__in=folder.directory_ids if folder else ()).exclude(name="")
    found = sorted(set(names.values_list("name", flat=True)))
    return found if len(found) > 1 else []


def find_notices(notices: QuerySet[Notice], list_filter: ListFilter, most: int) -> FilteredPage:
    """Up to `most` of the notices that pass, in their order."""
    if list_filter.procedure:
        notices = notices.filter(procedure=list_filter.procedure)
    if not list_filter.reads_forms:
        page = list(notices[: most + 1])
        return FilteredPage(page[:most], page[most - 1] if len(page) > most else None)
    wanted: list[Notice] = []
    last = None
    # The limit is for PostgreSQL: outside of a transaction it copies all that a cursor could return, before any row.
    for opened, notice in enumerate(notices[: MOST_OPENED + 1].iterator(chunk_size=200)):
        if opened >= MOST_OPENED:
            return FilteredPage(wanted, last, cut=True)
        if list_filter.matches(notice_summary(notice, office=bool(list_filter.office))):
            if len(wanted) == most:
                return FilteredPage(wanted, wanted[-1])
            wanted.append(notice)
        last = notice
    return FilteredPage(wanted)


def next_to_do(provider: str, notice: Notice, list_filter: ListFilter) -> Notice | None:
    """The notice to do after this one: the next that passes the filter, or one that was left before it."""
    waiting = tab_queryset(provider, TO_DO).exclude(id=notice.id)
    found = (
        find_notices(after_cursor(waiting, TO_DO, notice), list_filter, 1).notices
        or find_notices(waiting, list_filter, 1).notices
    )
    return found[0] if found else None
