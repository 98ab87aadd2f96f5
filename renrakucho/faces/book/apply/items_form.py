"""③: the common items, once for everyone, and only those that a chosen provider's sheet says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from renrakucho.faces.book.apply.day_warnings import ARRIVE, LEAVE, DayWarning, day_warnings
from renrakucho.faces.book.apply.item_fields import field_for
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.facts import facts_of
from renrakucho.notice.offer import Offer
from renrakucho.notice.requested_items import requested_items

# Needed by the book itself, or by no sheet of its own: the rest is skipped while nobody gets it.
_ALWAYS = {"contact.email", "holder.same", "billing.to", LEAVE, ARRIVE}
_SURE = "sure."  # before the name of a tick, in the form and among the items
_MOST_KEPT = 200  # characters of a text that nobody asked for in the end


@dataclass(frozen=True)
class WarningTick:
    """A question about a day, as it stands below the day's field."""

    name: str
    value: str
    label: str
    given: bool


class ItemsForm(forms.Form):
    """Fields are named as facts are. `told`: keys of offers that were told already, whose days are settled.

    ItemsForm(entries, offers) shows what was entered; with `data` it is checked, and entries() has the result.
    """

    def __init__(
        self,
        entries: MoveEntries,
        offers: Iterable[Offer],
        data: Mapping[str, Any] | None = None,
        told: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(data, initial=dict(entries.items))
        self._entries = entries
        self._offers = tuple(offers)
        self._told = told
        self._doubts: list[DayWarning] = []
        self.asked = requested_items(self._offers)
        for name in self.asked.fields(facts_of(entries)):
            self.fields[name] = field_for(name)

    @cached_property
    def answers(self) -> dict[str, str]:
        """The two questions that decide what else is asked, as they are answered now."""
        named = ("holder.same", "billing.to")
        return {name: str(self[name].value() or "") for name in named if name in self.fields}

    def gets(self, name: str) -> tuple[str, ...]:
        """The names of the providers that get this item, as things stand."""
        return self.asked.gets(name, self.answers)

    def ticks(self, name: str) -> list[WarningTick]:
        """The questions about the day in this field: after the first try, and as long as they are confirmed."""
        return [
            WarningTick(_SURE + doubt.sure, doubt.value, doubt.label, self._given(doubt))
            for doubt in self._asked_about
            if doubt.field == name
        ]

    @cached_property
    def _asked_about(self) -> list[DayWarning]:
        return self._doubts if self.is_bound else [doubt for doubt in self._ask() if self._given(doubt)]

    def clean(self) -> None:
        """Forget the errors of what nobody gets; ask about the days."""
        for name in self._unneeded():
            self.errors.pop(name, None)
        self._doubts = list(self._ask())
        for doubt in self._doubts:
            if not self._given(doubt):
                self.add_error(None if doubt.field not in self.fields else doubt.field, doubt.message)

    def entries(self) -> MoveEntries:
        """The entries with these items. Call it when the form is valid."""
        items = {**self._entries.items, **self._texts()}
        items |= {_SURE + doubt.sure: doubt.value for doubt in self._doubts}
        origin = _with_code(self._entries.origin, items.pop("origin.postal_code", ""))
        destination = _with_code(self._entries.destination, items.pop("destination.postal_code", ""))
        return replace(self._entries, items=items, origin=origin, destination=destination)

    def needed(self) -> MoveEntries:
        """The same without what nobody gets: what is registered."""
        entries = self.entries()
        kept = {name for name in self.fields if name not in self._unneeded()}
        kept |= {_SURE + doubt.sure for doubt in self._doubts}
        return replace(entries, items={name: text for name, text in entries.items.items() if name in kept})

    def _unneeded(self) -> list[str]:
        return [name for name in self.fields if name not in _ALWAYS and not self.gets(name)]

    def _texts(self) -> dict[str, str]:
        texts = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if value is None:  # nobody gets it, and it could not be read: keep it as it was typed
                value = str(self[name].value() or "")[:_MOST_KEPT]
            texts[name] = value.isoformat() if isinstance(value, date) else str(value)
        return texts

    def _ask(self) -> Iterable[DayWarning]:
        waiting = [offer for offer in self._offers if offer.key not in self._told]
        return day_warnings({name: self._day(name) for name in (LEAVE, ARRIVE)}, waiting, timezone.now())

    def _day(self, name: str) -> date | None:
        if self.is_bound:
            on = self.cleaned_data.get(name)
            return on if isinstance(on, date) else None
        said = self._entries.items.get(name, "")
        return date.fromisoformat(said) if said and name in self.fields else None

    def _given(self, doubt: DayWarning) -> bool:
        said = self.data if self.is_bound else self._entries.items
        return bool(said.get(_SURE + doubt.sure) == doubt.value)


def _with_code(place: MovePlace, postal_code: str) -> MovePlace:
    return replace(place, postal_code=postal_code) if postal_code else place


def as_typed(entries: MoveEntries) -> MultiValueDict[str, str]:
    """What was entered, as the form would send it: to see whether it still holds."""
    items = {"holder.same": "yes", "billing.to": "destination"} | dict(entries.items)
    return MultiValueDict({name: [text] for name, text in items.items()})
