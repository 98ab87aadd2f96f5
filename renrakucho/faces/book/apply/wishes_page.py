"""Page of the wishes (②-1): which industries to tell, and at which end of the move."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from renrakucho.address.place_query import PlaceError
from renrakucho.faces.book.apply.offer_texts import not_known_sentences
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.book_session import is_draft_kept, keep_draft_on_device
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.faces.book.text_fields import LONGEST_POSTAL_CODE
from renrakucho.mover.entries import ENDS, INDUSTRIES, PLACE_BOUND, USUAL_INDUSTRIES, MoveEntries
from renrakucho.mover.typed_place import place_at, with_place
from renrakucho.notice.offer import find_offers

USUAL = tuple(f"{industry}:{end}" for industry in USUAL_INDUSTRIES for end in ENDS)
BOUND = tuple(industry for industry in INDUSTRIES if industry in PLACE_BOUND)
OTHERS = tuple(industry for industry in INDUSTRIES if industry not in PLACE_BOUND)


class WishesForm(forms.Form):
    """`wishes` has «water:leaving» for an industry that is bound to a place, «bank» for the others.

    `origin` and `destination` are postal codes from a link; a wrong one is ignored.
    """

    wishes = forms.MultipleChoiceField(
        label=gettext_lazy("連絡する業種"),
        choices=[(f"{industry}:{end}", industry) for industry in BOUND for end in ENDS]
        + [(industry, industry) for industry in OTHERS],
        error_messages={
            "required": gettext_lazy("1つ以上お選びください。迷うときは、電気・ガス・水道の両方に印をつけてください。"),
            "invalid_choice": gettext_lazy("このページの中からお選びください。"),
        },
    )
    keep_on_device = forms.BooleanField(label=gettext_lazy("書きかけを、この端末に7日間のこす"), required=False)
    origin = forms.CharField(required=False, max_length=LONGEST_POSTAL_CODE)
    destination = forms.CharField(required=False, max_length=LONGEST_POSTAL_CODE)

    def entries(self, before: MoveEntries) -> MoveEntries:
        """Return the entries with these wishes, and with the places of the link."""
        chosen = self.cleaned_data["wishes"]
        wishes = {industry: tuple(end for end in ENDS if f"{industry}:{end}" in chosen) for industry in BOUND}
        wishes |= {industry: ENDS if industry in chosen else () for industry in OTHERS}
        entries = replace(before, wishes={industry: ends for industry, ends in wishes.items() if ends})
        for end in ("origin", "destination"):
            entries = _with_place_of_link(entries, end, self.cleaned_data[end])
        return entries


@application_step("wishes")
def wishes_page(step: StepRequest) -> HttpResponse:
    """Show the wishes. A link may preselect them: ?industries=gas,water&origin=1020084&destination=1960015."""
    saved = step.saved_form()
    if step.is_post or saved is not None:
        form = WishesForm(step.request.POST if step.is_post else saved)
        hide_errors(step.request, form)
    else:
        initial = _initial(step.entries, step.request.GET)
        form = WishesForm(initial=initial | {"keep_on_device": is_draft_kept(step.request)})
    if step.is_post and form.is_valid():
        entries = form.entries(step.entries)
        step.save(entries)
        keep = form.cleaned_data["keep_on_device"] and not entries.confidential
        keep_draft_on_device(step.request, keep=keep)
        # Where the first page, a link or this draft knows both places, they are not asked again.
        return see_other("providers" if entries.origin.known and entries.destination.known else "addresses")
    wished = form["wishes"].value() or ()
    context = step.page_context(
        form=form,
        wished=wished,
        usual=wished == USUAL,
        bound=BOUND,
        others=OTHERS,
        not_known=_not_known(step.entries),
        messages=messages.get_messages(step.request),
    )
    return render(step.request, "book/apply/wishes.html", context, status=422 if step.is_post else 200)


def _not_known(entries: MoveEntries) -> list[str]:
    """Say what cannot be found at the addresses that are known already, whatever will be wished."""
    ends = tuple(end for end in ENDS if entries.place(end).municipality_code)
    anything = replace(entries, wishes=dict.fromkeys(BOUND, ends))
    return not_known_sentences(find_offers(anything), entries) if ends else []


def _initial(entries: MoveEntries, link: Mapping[str, Any]) -> dict[str, object]:
    linked = _wishes_of_link(str(link.get("industries", "")).split(","))
    return {
        "wishes": linked or _wishes_of_entries(entries) or USUAL,
        "origin": str(link.get("origin", ""))[:LONGEST_POSTAL_CODE],
        "destination": str(link.get("destination", ""))[:LONGEST_POSTAL_CODE],
    }


def _wishes_of_link(named: Iterable[str]) -> list[str]:
    given = set(named)
    bound = [f"{industry}:{end}" for industry in BOUND if industry in given for end in ENDS]
    return bound + [industry for industry in OTHERS if industry in given]


def _wishes_of_entries(entries: MoveEntries) -> list[str]:
    chosen = [f"{industry}:{end}" for industry in BOUND for end in entries.wishes.get(industry, ())]
    return chosen + [industry for industry in OTHERS if industry in entries.wishes]


def _with_place_of_link(entries: MoveEntries, end: str, typed: str) -> MoveEntries:
    try:
        now = entries.origin if end == "origin" else entries.destination
        return with_place(entries, end, *place_at(typed, now)) if typed else entries
    except PlaceError:
        return entries
