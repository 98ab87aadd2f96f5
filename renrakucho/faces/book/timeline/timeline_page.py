"""To-do list (やることリスト): what else a move brings with it, by when and where. Nobody has to register for it."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renrakucho.faces.book.apply.steps import see_other
from renrakucho.faces.book.book_session import (
    current_draft,
    draft_or_new,
    is_meant_for,
    page_owner,
    restart_idle_timeout,
    resumed_draft,
)
from renrakucho.faces.book.saved_forms import drop_saved_form, hide_errors, redirect_to_saved_form, saved_form
from renrakucho.faces.book.timeline.calendar_feed_page import feed_addresses
from renrakucho.faces.book.timeline.timeline_form import TimelineForm, planned_days
from renrakucho.faces.book.timeline.timeline_lines import NoticeLine, TaskLine, calendar_bytes_of, list_lines
from renrakucho.lib.csv_file import csv_bytes
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.entries import MoveEntries, TimelineAnswers
from renrakucho.page.errors import too_many
from renrakucho.page.formatting import format_long_day
from renrakucho.page.http import refused_session
from renrakucho.timeline.task_rules import task_rules


@require_http_methods(["GET", "HEAD", "POST"])
def timeline_page(request: HttpRequest) -> HttpResponse:
    """Ask for the days and the household; show what is to do, in the order of the days."""
    posted = request.method == "POST"
    book = current_draft(request) or (resumed_draft(request) if posted else None)
    if posted and not is_meant_for(request, book):
        return _refuse_other_form(request)
    restart_idle_timeout(request)
    drop_saved_form(request)
    entries = entries_of(book) if book else MoveEntries()
    form = TimelineForm(entries, request.POST if posted else saved_form(request))
    hide_errors(request, form)
    if posted and form.is_valid():
        refused = refused_session(request) if book is None else None
        if refused:
            return too_many(request, refused)
        save_entries(book or draft_or_new(request), form.entries())
        return see_other("timeline")
    lines = list_lines(book, entries)
    in_book = bool(book and book.registered_at)
    context = {
        "section": "timeline",
        "form": form,
        "belongs": page_owner(book),
        "in_book": in_book,
        "subscribable": in_book and not entries.confidential,
        "days": planned_days(entries),
        "before": [line for line in lines if line.before],
        "after": [line for line in lines if not line.before],
        "feed": feed_addresses(book) if book and in_book else None,
        "left": sum(not line.done for line in lines),
        "messages": messages.get_messages(request),
    }
    response = render(request, "book/timeline/timeline.html", context, status=422 if posted else 200)
    response = redirect_to_saved_form(request, response, book.id if book else None)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def mark_task_page(request: HttpRequest) -> HttpResponse:
    """Mark one task as done, or as not done. Pressing again changes nothing."""
    book = current_draft(request) or resumed_draft(request)
    if book is None or not is_meant_for(request, book):
        return _refuse_other_form(request)
    task, done = request.POST.get("task", ""), request.POST.get("done") == "yes"
    if task in {rule.id for rule in task_rules().tasks}:
        entries = entries_of(book)
        answers = entries.timeline or TimelineAnswers()
        others = tuple(other for other in answers.done if other != task)
        save_entries(book, replace(entries, timeline=replace(answers, done=(*others, task) if done else others)))
        return see_other("timeline", f"#{task}")
    return see_other("timeline")


@require_safe
def timeline_calendar(request: HttpRequest) -> HttpResponse:
    """The tasks that are not done as an iCalendar file; one of them with ?task=."""
    book = current_draft(request)
    lines = list_lines(book, entries_of(book)) if book else []
    wanted = request.GET.get("task", "")
    lines = [line for line in lines if line.act_by and not line.done and wanted in ("", line.id)]
    if not book or not lines:
        return see_other("timeline")
    return _download(calendar_bytes_of(book, lines), "text/calendar", "todo.ics")


@require_safe
def timeline_csv(request: HttpRequest) -> HttpResponse:
    """The tasks as a CSV file."""
    book = current_draft(request)
    lines = list_lines(book, entries_of(book)) if book else []
    if not lines:
        return see_other("timeline")
    header = [_("いつまで"), _("やること"), _("場所"), _("持ち物"), _("注意"), _("決まり"), _("出典"), _("済み")]
    rows = [_csv_row(line) for line in lines]
    return _download(csv_bytes([header, *rows], "UTF-8"), "text/csv", "todo.csv")


def _csv_row(line: TaskLine | NoticeLine) -> list[str]:
    by = format_long_day(line.act_by) if line.act_by else ""
    done = _("済み") if line.done else ""
    if isinstance(line, NoticeLine):
        return [by, line.title, "", "", line.by_when, "", "", done]
    return [by, line.title, line.where, line.bring, line.note, line.law, line.source, done]


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _refuse_other_form(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("いま開いているものとは別の引越しの画面から送られたため、その内容は使いませんでした。"))
    return see_other("timeline")
