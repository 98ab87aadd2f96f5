"""②-1: whom to tell, by industry, and at which end of the move."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from renrakucho.address.place_lookup import BadPostalCode
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.mover.entries import PLACE_BOUND, MoveEntries, MovePlace
from renrakucho.mover.typed_place import LONGEST, place_at
from renrakucho.provider.models import Industry

ENDS = ("leaving", "arriving")
# Every home has these at both ends, and has to tell them: whoever changes nothing is right.
USUAL = tuple(f"{industry}:{end}" for industry in ("electricity", "gas", "water") for end in ENDS)
BOUND = tuple(industry for industry in Industry.values if industry in PLACE_BOUND)
OTHERS = tuple(industry for industry in Industry.values if industry not in PLACE_BOUND)


class WishesForm(forms.Form):
    """`wishes` holds «water:leaving» for what is bound to a place, «bank» for the rest.

    `origin` and `destination` are postal codes that came with a link; a bad one is ignored.
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
    origin = forms.CharField(required=False, max_length=LONGEST)
    destination = forms.CharField(required=False, max_length=LONGEST)

    def entries(self, before: MoveEntries) -> MoveEntries:
        """The entries with these wishes, and with the places of the link."""
        chosen = self.cleaned_data["wishes"]
        wishes = {industry: tuple(end for end in ENDS if f"{industry}:{end}" in chosen) for industry in BOUND}
        wishes |= {industry: ENDS if industry in chosen else () for industry in OTHERS}
        return replace(
            before,
            wishes={industry: ends for industry, ends in wishes.items() if ends},
            origin=_linked(self.cleaned_data["origin"], before.origin),
            destination=_linked(self.cleaned_data["destination"], before.destination),
        )


@application_step("wishes")
def wishes_page(visit: StepRequest) -> HttpResponse:
    """The page; another site's link may choose for it: ?industries=gas,water&origin=1020084&destination=1960015."""
    late = visit.late()
    if visit.posted or late is not None:
        form = WishesForm(visit.request.POST if visit.posted else late)
    else:
        form = WishesForm(initial=_initial(visit.entries, visit.request.GET))
    if visit.posted and form.is_valid():
        visit.save(form.entries(visit.entries))
        return see_other("addresses")
    wished = form["wishes"].value() or ()
    context = visit.page(
        form=form,
        wished=wished,
        usual=wished == USUAL,
        bound=BOUND,
        others=OTHERS,
        messages=messages.get_messages(visit.request),
    )
    return render(visit.request, "book/apply/wishes.html", context, status=422 if visit.posted else 200)


def _initial(entries: MoveEntries, link: Mapping[str, Any]) -> dict[str, object]:
    linked = _of_industries(str(link.get("industries", "")).split(","))
    return {
        "wishes": linked or _of_entries(entries) or USUAL,
        "origin": str(link.get("origin", ""))[:LONGEST],
        "destination": str(link.get("destination", ""))[:LONGEST],
    }


def _of_industries(named: Iterable[str]) -> list[str]:
    given = set(named)
    bound = [f"{industry}:{end}" for industry in BOUND if industry in given for end in ENDS]
    return bound + [industry for industry in OTHERS if industry in given]


def _of_entries(entries: MoveEntries) -> list[str]:
    chosen = [f"{industry}:{end}" for industry in BOUND for end in entries.wishes.get(industry, ())]
    return chosen + [industry for industry in OTHERS if industry in entries.wishes]


def _linked(typed: str, now: MovePlace) -> MovePlace:
    try:
        return place_at(typed, now) if typed else now
    except BadPostalCode:
        return now
