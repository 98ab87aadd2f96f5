"""Lines of the to-do list, in the language of the page: tasks of the mover alone, and the notices of the book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.book.notices.notice_display import NoticeDisplay
from renrakucho.faces.book.timeline.timeline_form import planned_days, task_conditions
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book
from renrakucho.notice.models import Procedure, Status
from renrakucho.provider.models import Industry
from renrakucho.receipt.notice_view import NoticeView, in_order_of_deadline, notice_views
from renrakucho.timeline.calendar_file import CalendarEntry, calendar_bytes
from renrakucho.timeline.planned_tasks import PlannedTask, PlannedWay, TaskPhase, TaskUrgency, plan_tasks
from renrakucho.timeline.task_rules import task_rules


@dataclass(frozen=True)
class TaskLine:
    """One task as the page shows it."""

    is_notice: ClassVar[bool] = False

    id: str
    title: str
    where: str
    bring: str
    note: str
    act_by: date | None
    ways: tuple[tuple[str, PlannedWay], ...]  # with the label of each
    urgency: TaskUrgency
    before: bool  # the move
    after: tuple[str, ...]  # titles of tasks that come first and are not done
    done: bool
    law: str
    source: str
    checked_on: date

    @property
    def description(self) -> str:
        """Where, what to bring, what to mind and which rule, a line each."""
        return "\n".join(filter(None, (self.where, self.bring, self.note, self.law)))


@dataclass(frozen=True)
class NoticeLine:
    """One notice of the book as the page shows it. by_when: by when the mover has to act, in a sentence, or how the
    notice stands where nothing is to do. done: the mover has nothing to do with it any more; that is no 受理.
    """

    is_notice: ClassVar[bool] = True
    id: str
    title: str
    url: str
    act_by: date | None
    by_when: str
    is_late: bool
    before: bool  # the move
    done: bool


def task_lines(entries: MoveEntries, today: date) -> list[TaskLine]:
    """The tasks that apply, as the page shows them; empty where the days or the municipalities are not known."""
    days, conditions = planned_days(entries), task_conditions(entries)
    if not days or not conditions:
        return []
    done = set(entries.timeline.done if entries.timeline else ())
    planned = plan_tasks(task_rules(), conditions, *days)
    titles = {one.task.id: _text(one.task.title) for one in planned if one.task.id not in done}
    return [_line(one, today, titles, done) for one in planned]


def _line(planned: PlannedTask, today: date, titles: dict[str, str], done: set[str]) -> TaskLine:
    task = planned.task
    return TaskLine(
        id=task.id,
        title=_text(task.title),
        where=_text(task.where),
        bring=_text(task.bring),
        note=_text(task.note),
        act_by=planned.act_by,
        ways=tuple((_text(way.way.label), way) for way in planned.ways),
        urgency=planned.urgency(today),
        before=planned.phase == TaskPhase.BEFORE,
        after=tuple(titles[earlier] for earlier in task.after if earlier in titles),
        done=task.id in done,
        law=task.law,
        source=task.source,
        checked_on=task.checked_on,
    )


def _text(japanese: str) -> str:
    return _(japanese) if japanese else ""  # gettext answers "" with the catalogue's head


def list_lines(book: Book | None, entries: MoveEntries) -> list[TaskLine | NoticeLine]:
    """Everything on the list, in order; empty where the days or the municipalities are not known."""
    tasks, days = task_lines(entries, timezone.localdate()), planned_days(entries)
    if book is None or book.registered_at is None or days is None:
        return [*tasks]
    return in_order_of_day(tasks, notice_lines(in_order_of_deadline(notice_views(book)), days[0]))


def calendar_bytes_of(book: Book, lines: Sequence[TaskLine | NoticeLine]) -> bytes:
    """These lines as a calendar file, as far as they have a day. Nothing of the mover stands in it."""
    entries = (
        CalendarEntry(
            uid=f"{line.id}-{book.id.hex[-12:]}@renrakucho",
            on=line.act_by,
            title=line.title,
            description=line.by_when if isinstance(line, NoticeLine) else line.description,
            url=f"{settings.BASE_URL}{line.url}" if isinstance(line, NoticeLine) else line.source,
        )
        for line in lines
        if line.act_by
    )
    return calendar_bytes(_("引越しのやること"), entries, timezone.now())


def notice_lines(views: Sequence[NoticeView], leave_on: date) -> list[NoticeLine]:
    """The notices of a book, in the order given. What was withdrawn is left out."""
    return [_notice_line(view, leave_on) for view in views if view.status != Status.WITHDRAWN]


def _notice_line(view: NoticeView, leave_on: date) -> NoticeLine:
    display, notice = NoticeDisplay(view), view.notice
    act_by = display.act_by
    return NoticeLine(
        id=f"notice-{notice.id}",
        title=_("%(provider)sに連絡する（%(industry)s %(procedure)s）")
        % {
            "provider": view.card.name,
            "industry": Industry(notice.industry).label,
            "procedure": Procedure(notice.procedure).label,
        },
        url=reverse("book:leaf", args=[notice.id]),
        act_by=act_by,
        by_when=display.by_when if view.awaits_mover else str(view.status.label),
        is_late=display.is_late,
        before=act_by is None or act_by <= leave_on,
        done=not view.awaits_mover,
    )


def in_order_of_day(tasks: Sequence[TaskLine], notices: Sequence[NoticeLine]) -> list[TaskLine | NoticeLine]:
    """Both kinds in one list: each notice before the first task that is due later. The order of either kind stays."""
    merged: list[TaskLine | NoticeLine] = []
    waiting = list(notices)
    for task in tasks:
        while waiting and (waiting[0].act_by or date.min) <= (task.act_by or date.max):
            merged.append(waiting.pop(0))
        merged.append(task)
    return merged + waiting
