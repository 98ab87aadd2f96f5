"""Form of the to-do list: the two days and a few ticks about the household, as far as the application has not asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply.item_fields import field_for
from renrakucho.mover.entries import MoveEntries, TimelineAnswers
from renrakucho.notice.move_days import ARRIVE, LEAVE
from renrakucho.timeline.planned_tasks import municipality_condition
from renrakucho.timeline.task_rules import OTHER, SAME, task_rules


class TimelineForm(forms.Form):
    """Fields `leave_on` and `arrive_on`, `municipality` and `household`. What the entries have is left out."""

    def __init__(self, entries: MoveEntries, data: Mapping[str, Any] | None = None) -> None:
        self._entries, answers = entries, entries.timeline or TimelineAnswers()
        initial = {
            "leave_on": answers.leave_on or None,
            "arrive_on": answers.arrive_on or None,
            "municipality": answers.municipality,
            "household": list(answers.household),
        }
        super().__init__(data, initial={name: said for name, said in initial.items() if said})
        for name, fact in (("leave_on", LEAVE), ("arrive_on", ARRIVE)):
            if not entries.items.get(fact):
                self.fields[name] = field_for(fact)
        if not (entries.origin.municipality and entries.destination.municipality):
            self.fields["municipality"] = forms.ChoiceField(
                label=_("新しい住所は"),
                choices=[(OTHER, _("別の市区町村")), (SAME, _("いまと同じ市区町村"))],
                error_messages={
                    "required": _("1つお選びください。"),
                    "invalid_choice": _("この中からお選びください。"),
                },
            )
        self.fields["household"] = forms.MultipleChoiceField(
            label=_("当てはまるものに印をつけてください"),
            required=False,
            choices=[(question.id, _(question.label)) for question in task_rules().questions],
            error_messages={"invalid_choice": _("このページの中からお選びください。")},
        )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where the day of arriving lies more than a year behind that of leaving."""
        said = super().clean() or {}
        leave_on, arrive_on = said.get("leave_on"), said.get("arrive_on")
        if leave_on and arrive_on and abs((arrive_on - leave_on).days) > _FARTHEST:
            raise ValidationError(_("2つの日が、1年より離れています。年と月をお確かめください。"))
        return said

    def entries(self) -> MoveEntries:
        """Return the entries with these answers; which tasks are done stays."""
        said, before = self.cleaned_data, self._entries.timeline or TimelineAnswers()
        answers = replace(
            before,
            leave_on=_iso(said.get("leave_on")),
            arrive_on=_iso(said.get("arrive_on")),
            municipality=said.get("municipality", ""),
            household=tuple(said["household"]),
        )
        return replace(self._entries, timeline=answers)


_FARTHEST = 366  # days


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def planned_days(entries: MoveEntries) -> tuple[date, date] | None:
    """The last day in the old home and the first in the new one; None where one of them is not known."""
    answers = entries.timeline or TimelineAnswers()
    leave_on = entries.items.get(LEAVE) or answers.leave_on
    arrive_on = entries.items.get(ARRIVE) or answers.arrive_on
    return (date.fromisoformat(leave_on), date.fromisoformat(arrive_on)) if leave_on and arrive_on else None


def task_conditions(entries: MoveEntries) -> frozenset[str]:
    """The conditions of the rules that hold for this household; empty where the municipalities are not known."""
    answers = entries.timeline or TimelineAnswers()
    where = answers.municipality
    if entries.origin.municipality and entries.destination.municipality:
        where = municipality_condition(
            *(place.prefecture + place.municipality for place in (entries.origin, entries.destination))
        )
    return frozenset({where, *answers.household}) if where else frozenset()
