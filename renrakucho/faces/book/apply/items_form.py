"""Form of the common items (③): entered once for all providers, and only those that a chosen sheet needs."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from renrakucho.faces.book.apply.address_items import ADDRESSES, postal_code_warning, split_house, split_town
from renrakucho.faces.book.apply.day_warnings import ItemWarning, day_warnings
from renrakucho.faces.book.apply.item_fields import field_for
from renrakucho.lib.secret_text import find_secret
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.facts import facts_of
from renrakucho.mover.typed_place import (
    EARLIER,
    TOWN_PARTS,
    place_of_fields,
)
from renrakucho.notice.move_days import ARRIVE, LEAVE
from renrakucho.notice.offer import Offer
from renrakucho.notice.requested_items import requested_items
from renrakucho.page.email_question import TICK, EmailQuestion
from renrakucho.page.formatting import join_sentences

# The book itself needs these, or they decide about others. All other items are skipped while no provider gets them.
_ALWAYS = {"contact.email", "holder.same", "billing.to", LEAVE, ARRIVE}
# Another adult who holds the contracts reads on the page that asks them (book/holder-answer) who it is that moves.
_FOR_HOLDER = {"person.family_name", "person.given_name"}
_ONE_NAME = "one_name"  # the tick of a name that has no two parts
_MOST_KEPT = 200  # characters of an unreadable text that no provider gets


@dataclass(frozen=True)
class WarningTick:
    """The tick that confirms a warning or an empty part of a name, below its field."""

    name: str
    value: str
    label: str
    is_set: bool


class ItemsForm(forms.Form):
    """Fields are named like facts. `settled`: keys of offers whose provider was told already, so that their days stand.

    ItemsForm(entries, offers) shows what was entered; with `data` the form is checked, and entries() has the result.
    """

    def __init__(
        self,
        entries: MoveEntries,
        offers: Iterable[Offer],
        data: Mapping[str, Any] | None = None,
        settled: frozenset[str] = frozenset(),
    ) -> None:
        self.email_question = EmailQuestion("contact.email", data, entries.items)
        shown = _days_of_timeline(entries) | {name: text for name, text in entries.items.items() if text}
        super().__init__(self.email_question.data, initial=shown)
        self._entries = entries
        self._offers = tuple(offers)
        self._settled = settled
        self._warnings: list[ItemWarning] = []
        self._single_names: set[str] = set()
        self.requested = requested_items(self._offers)
        for name in self.requested.fields(facts_of(entries)):
            if name.partition(".")[0] not in entries.absent_ends:
                self.fields[name] = field_for(name)
        if "billing.to" in self.fields and entries.absent_ends:
            self.fields["billing.to"] = _bill_to_what_exists(entries)

    @cached_property
    def answers(self) -> dict[str, str]:
        """The answers to the two questions that decide what else is asked."""
        named = ("holder.same", "billing.to")
        return {name: str(self[name].value() or "") for name in named if name in self.fields}

    def recipients(self, name: str) -> tuple[str, ...]:
        """Return the names of the providers that get this item, by the present answers."""
        return self.requested.recipients(name, self.answers)

    def ticks(self, name: str) -> list[WarningTick]:
        """Return the ticks at this field: once the form was sent, and as long as they are set."""
        return [
            WarningTick(TICK + warning.tick, warning.value, warning.label, self._is_confirmed(warning))
            for warning in self._shown_warnings
            if warning.field == name and warning.label
        ] + self._name_ticks(name)

    def _name_ticks(self, name: str) -> list[WarningTick]:
        prefix, _dot, part = name.partition(".")
        tick = f"{TICK}{_ONE_NAME}.{prefix}"
        is_set = bool((self.data if self.is_bound else self._entries.items).get(tick))
        if part != "given_name" or not (is_set or prefix in self._single_names):
            return []
        return [WarningTick(tick, "yes", gettext("姓と名に分かれない、1つだけの名前"), is_set)]

    @cached_property
    def _shown_warnings(self) -> list[ItemWarning]:
        return (
            self._warnings
            if self.is_bound
            else [warning for warning in self._find_warnings() if self._is_confirmed(warning)]
        )

    def earlier(self, name: str) -> str:
        """Return what the item was at an earlier place, to be offered while the field is asked anew; "" otherwise."""
        return self._entries.items.get(EARLIER + name, "")

    def clean(self) -> None:
        """Drop the errors of items that no provider gets; add an error for each warning that is not confirmed."""
        for name in self._unneeded():
            self.errors.pop(name, None)
        self.email_question.ask(self)
        for prefix in ("person", "holder"):
            self._clean_single_name(prefix)
        for of in ADDRESSES:
            self._clean_town(of)
            split = split_house(of, self._place(of), self.cleaned_data)
            if split is None:
                message = gettext("この欄の住所は、上の町の住所ではありません。丁目・番地だけを入れてください。")
                self.add_error(f"{of}.block", message)
            self.cleaned_data |= split or {}
        self._warnings = list(self._find_warnings())
        for warning in self._warnings:
            if not self._is_confirmed(warning):
                self.add_error(None if warning.field not in self.fields else warning.field, warning.message)

    def _clean_town(self, of: str) -> None:
        """Take a block that was typed behind the town."""
        if f"{of}.town" not in self.fields or not self._text(f"{of}.town"):
            return
        split = split_town(of, self.cleaned_data)
        if split is None:
            message = gettext("この欄に、丁目・番地まで入っています。町名だけにして、つづきは下の欄にお書きください。")
            self.add_error(f"{of}.town", message)
        elif split:
            self.cleaned_data |= split
            self.errors.pop(f"{of}.block", None)  # it was empty

    def _clean_single_name(self, prefix: str) -> None:
        """Take a name that has one part only, where its tick says so; else say that there is this tick."""
        parts = [(f"{prefix}.{part}_name", f"{prefix}.{part}_kana") for part in ("family", "given")]
        empty = [pair for pair in parts if self.has_error(pair[0], "required")]
        if len(empty) != 1:
            return
        self._single_names.add(prefix)
        if self.data.get(f"{TICK}{_ONE_NAME}.{prefix}"):
            for name in empty[0]:
                if self.has_error(name, "required"):
                    self.errors.pop(name)
                    self.cleaned_data[name] = ""
        else:
            advice = gettext("お名前が1つだけの方は、「名」の下の印をつけてください。")
            self.errors[empty[0][0]][0] = join_sentences(self.errors[empty[0][0]][0], advice)

    def entries(self) -> MoveEntries:
        """Return the entries with these items. Call it when the form is valid."""
        items = {**self._entries.items, **self._texts()}
        items = {name: text for name, text in items.items() if not name.startswith(EARLIER)}
        items |= {TICK + warning.tick: warning.value for warning in self._warnings}
        items |= {f"{TICK}{_ONE_NAME}.{prefix}": "yes" for prefix in self._single_names}
        if self.email_question.is_confirmed:
            items[self.email_question.tick] = self.email_question.typed
        origin = _with_postal_code(self._entries.origin, items.pop("origin.postal_code", ""))
        destination = _with_postal_code(self._entries.destination, items.pop("destination.postal_code", ""))
        return replace(self._entries, items=items, origin=origin, destination=destination)

    def needed(self) -> MoveEntries:
        """Return the entries that are registered: without the items that no provider gets."""
        entries = self.entries()
        kept = {name for name in self.fields if name not in self._unneeded()}
        kept |= {TICK + warning.tick for warning in self._warnings} | {self.email_question.tick}
        kept |= {f"{TICK}{_ONE_NAME}.{prefix}" for prefix in self._single_names}
        return replace(entries, items={name: text for name, text in entries.items.items() if name in kept})

    def _unneeded(self) -> list[str]:
        return [name for name in self.fields if not self.is_needed(name)]

    def is_needed(self, name: str) -> bool:
        """Whether the book, a provider or the holder of the contracts needs it, by the present answers."""
        return name in _ALWAYS or bool(self.recipients(name)) or self.is_for_holder(name)

    def is_for_holder(self, name: str) -> bool:
        """Whether the holder of the contracts, who is another adult than the mover, reads it."""
        return name in _FOR_HOLDER and self.answers.get("holder.same") == "no"

    def _texts(self) -> dict[str, str]:
        texts = {}
        for name in self.fields:
            value = self.cleaned_data.get(name)
            if value is None:  # no provider gets it, and it could not be read: keep it as typed
                typed = str(self[name].value() or "")[:_MOST_KEPT]
                value = "" if find_secret(typed) else typed
            texts[name] = value.isoformat() if isinstance(value, date) else str(value)
        return texts

    def _find_warnings(self) -> Iterator[ItemWarning]:
        waiting = [offer for offer in self._offers if offer.key not in self._settled]
        yield from day_warnings({name: self._day(name) for name in (LEAVE, ARRIVE)}, waiting, timezone.now())
        for of in ADDRESSES:
            code = self._text(f"{of}.postal_code")
            warning = postal_code_warning(of, code, self._place(of)) if code else None
            if warning:
                yield warning

    def _place(self, of: str) -> MovePlace:
        """The place of an address: an end of the move is known, another one is typed in this form."""
        ends = {"origin": self._entries.origin, "destination": self._entries.destination}
        return ends.get(of) or place_of_fields(*(self._text(f"{of}.{part}") for part in TOWN_PARTS))

    def _text(self, name: str) -> str:
        """The item as far as a provider gets it; "" where it has an error."""
        if name not in self.fields or not self.is_needed(name):
            return ""
        return str((self.cleaned_data if self.is_bound else self._entries.items).get(name) or "")

    def _day(self, name: str) -> date | None:
        if self.is_bound:
            on = self.cleaned_data.get(name)
            return on if isinstance(on, date) else None
        said = self._entries.items.get(name, "")
        return date.fromisoformat(said) if said and name in self.fields else None

    def _is_confirmed(self, warning: ItemWarning) -> bool:
        said = self.data if self.is_bound else self._entries.items
        return bool(warning.label and said.get(TICK + warning.tick) == warning.value)


def _bill_to_what_exists(entries: MoveEntries) -> forms.ChoiceField:
    """The question where the last bill goes, without the address that does not exist."""
    shared = field_for("billing.to")
    assert isinstance(shared, forms.ChoiceField)
    known = cast("list[tuple[str, str]]", shared.choices)
    choices = [(code, label) for code, label in known if code not in entries.absent_ends]
    field = copy(shared)
    field.widget = copy(shared.widget)
    field.choices = choices
    field.initial = choices[-1][0]
    return field


def _days_of_timeline(entries: MoveEntries) -> dict[str, str]:
    """The days as they were told for the to-do list: they are not typed twice."""
    days = entries.timeline
    known = {"move.leave_on": days.leave_on, "move.arrive_on": days.arrive_on} if days else {}
    return {name: on for name, on in known.items() if on}


def _with_postal_code(place: MovePlace, postal_code: str) -> MovePlace:
    return replace(place, postal_code=postal_code) if postal_code else place


def as_typed(entries: MoveEntries) -> MultiValueDict[str, str]:
    """Return the entered items as the form would send them, to check whether they are still valid."""
    items = {"holder.same": "yes", "billing.to": "other" if entries.absent_ends else "destination"} | dict(
        entries.items
    )
    return MultiValueDict({name: [text] for name, text in items.items()})


def without_ticks(items: Mapping[str, str]) -> dict[str, str]:
    """Return the items without the ticks that confirm a day."""
    return {name: text for name, text in items.items() if not name.startswith(TICK)}
