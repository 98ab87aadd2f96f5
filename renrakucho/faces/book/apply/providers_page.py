"""Page of the providers (②-3): which of the found providers to tell, and companies that the directory does not have."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply.offer_texts import (
    by_when_note,
    certainty_note,
    connection_note,
    not_known_sentences,
    other_company_note,
    phone_note,
)
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.fact.catalogue import Facts
from renrakucho.lib.text_fields import TextLineField
from renrakucho.mover.entries import ENDS, INDUSTRIES, MoveEntries
from renrakucho.mover.facts import facts_of
from renrakucho.notice.models import Procedure
from renrakucho.notice.offer import OfferFinding, find_offers, findings_beside, preselected_keys, without_parts
from renrakucho.provider.models import Industry
from renrakucho.sheet.procedure import BOTH_ENDS

_LONGEST_NAME = 60
# Most households have these beside what every home has; so they are in view, and not ticked.
WIDESPREAD: tuple[str, ...] = (Industry.BROADCASTING, Industry.CREDIT_CARD)


@dataclass(frozen=True)
class OtherCompany:
    """«Another company», in a free market: the value of its tick, and the field for its name."""

    key: str
    name: forms.BoundField


@dataclass(frozen=True)
class FoundOffers:
    """Findings of the industries that are `wished`, and of all `further` ones, of which nothing is preselected."""

    wished: tuple[OfferFinding, ...]
    further: tuple[OfferFinding, ...]

    @property
    def shown_at_once(self) -> tuple[OfferFinding, ...]:
        """Those of the further ones that most households have."""
        return tuple(finding for finding in self.further if finding.industry in WIDESPREAD)

    @property
    def folded(self) -> tuple[OfferFinding, ...]:
        """All other further ones."""
        return tuple(finding for finding in self.further if finding.industry not in WIDESPREAD)


class ProvidersForm(forms.Form):
    """`chosen` has keys of offers. Those that a registered book has a notice for (`in_book`) stay chosen; `withdrawn`
    ones can be chosen once more. Nothing is preselected of the industries that were not wished.
    """

    def __init__(
        self,
        entries: MoveEntries,
        found: FoundOffers,
        data: Mapping[str, Any] | None = None,
        in_book: frozenset[str] = frozenset(),
        withdrawn: frozenset[str] = frozenset(),
    ) -> None:
        self._entries = entries
        self._further = found.further
        self._findings = findings = (*found.wished, *found.further)
        self._in_book = in_book
        # What was withdrawn is told once more only where the mover ticks it.
        preselected = preselected_keys(entries, found.wished) - (withdrawn - set(entries.chosen))
        super().__init__(data, initial={"chosen": preselected | in_book})
        self.fields["chosen"] = forms.MultipleChoiceField(
            label=_("連絡する事業者"),
            choices=[(key, key) for finding in findings for key in finding.choice_keys() if key not in in_book],
            required=not (in_book or withdrawn),  # of a book whose notices were all withdrawn, nobody need be told
            error_messages={
                "required": _("連絡する事業者を1つ以上お選びください。"),
                "invalid_choice": _("この中にない事業者が選ばれています。もう一度お選びください。"),
            },
        )
        for finding in findings:
            if finding.other:
                self.fields[_name_field(finding.other)] = TextLineField(
                    label=_("%(industry)s（%(procedure)s）の会社の名前")
                    % {"industry": Industry(finding.industry).label, "procedure": Procedure(finding.procedure).label},
                    max_length=_LONGEST_NAME,
                    error_messages={"max_length": _("%(limit)s文字までで入れてください。") % {"limit": _LONGEST_NAME}},
                    required=False,
                    initial=entries.others.get(finding.other, ""),
                )

        for key in (key for finding in findings for key in finding.choice_keys() if key not in in_book):
            self.fields[_more_field(key)] = TextLineField(
                label=_("ほかの契約の呼び名"),
                max_length=_LONGEST_NAME,
                error_messages={"max_length": _("%(limit)s文字までで入れてください。") % {"limit": _LONGEST_NAME}},
                required=False,
                initial=_("、").join(entries.more.get(key, ())),
            )

    def more(self, key: str) -> forms.BoundField | None:
        """The field for further contracts of this offer; None where the book has it."""
        return self[_more_field(key)] if _more_field(key) in self.fields else None

    def ticked(self, key: str) -> bool:
        """Whether the offer of this key is chosen."""
        return key in (self["chosen"].value() or ())

    def is_touched(self, finding: OfferFinding) -> bool:
        """Whether anything of this finding is chosen, or has an error."""
        keys = finding.choice_keys()
        fields = [*map(_more_field, keys), *([_name_field(finding.other)] if finding.other else [])]
        return any(map(self.ticked, keys)) or any(map(self.has_error, fields))

    def other(self, finding: OfferFinding) -> OtherCompany | None:
        """Return «another company» of this finding."""
        return OtherCompany(finding.other, self[_name_field(finding.other)]) if finding.other else None

    def clean(self) -> None:
        """Refuse a name without its tick, and a tick without its name."""
        chosen = self.cleaned_data.get("chosen", [])
        for key in (key for finding in self._findings for key in finding.choice_keys()):
            if self.cleaned_data.get(_more_field(key)) and key not in chosen:
                self.add_error(_more_field(key), _("この会社に印をつけるか、呼び名を消してください。"))
        for finding in self._findings:
            if not finding.other:
                continue
            field = _name_field(finding.other)
            name = self.cleaned_data.get(field, "")
            if finding.other in chosen and not name and not self.has_error(field):
                self.add_error(field, _("会社の名前を入れてください。検針票や請求書に書いてあります。"))
            if name and finding.other not in chosen:
                self.add_error(field, _("「ほかの会社」に印をつけるか、名前を消してください。"))

    def entries(self) -> MoveEntries:
        """Return the entries with this choice."""
        others = {
            finding.other: self.cleaned_data[_name_field(finding.other)]
            for finding in self._findings
            if finding.other and self.cleaned_data[_name_field(finding.other)]
        }
        offered = [key for finding in self._findings for key in finding.choice_keys()]
        further = {key: _names(self.cleaned_data.get(_more_field(key), "")) for key in offered}
        more = {key: names for key, names in self._entries.more.items() if key in self._in_book}
        more |= {key: names for key, names in further.items() if names}
        chosen = without_parts({*self.cleaned_data["chosen"], *self._in_book}, self._findings)
        return replace(
            self._entries,
            wishes=self._wishes(chosen),
            chosen=tuple(key for key in offered if key in chosen),
            others=others,
            more=more,
        )

    def _wishes(self, chosen: frozenset[str]) -> dict[str, tuple[str, ...]]:
        """Return the wishes, with the industries and ends of what is chosen beside them."""
        ends: dict[str, set[str]] = {}
        for finding in self._further:
            if not chosen.isdisjoint(finding.choice_keys()):
                ends.setdefault(finding.industry, set()).update(finding.ends)
        added = {industry: tuple(end for end in ENDS if end in named) for industry, named in ends.items()}
        return {**self._entries.wishes, **added}


def _more_field(key: str) -> str:
    return f"more:{key}"


def _names(typed: str) -> tuple[str, ...]:
    """The names in a line: 2枚め、家族カード."""
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in re.split("[、,，]", typed)))))


def _name_field(key: str) -> str:
    return f"name:{key}"


@application_step("providers")
def providers_page(step: StepRequest) -> HttpResponse:
    """Show a section for each industry and end, with a tick for each provider."""
    found = _found_offers(step)
    data = step.request.POST if step.is_post else step.saved_form()
    form = ProvidersForm(step.entries, found, data, step.offers_in_book, step.withdrawn_offers)
    if step.is_post and form.is_valid():
        step.save(form.entries())
        return see_other("items")
    hide_errors(step.request, form)
    said = facts_of(step.entries)
    context = step.page_context(
        form=form,
        withdrawn=step.withdrawn_offers,
        not_known=not_known_sentences((*found.wished, *found.shown_at_once), step.entries),
        parts=list(_sections(found.wished, form, step.offers_in_book, said)),
        further=list(_sections(found.shown_at_once, form, step.offers_in_book, said)),
        others=list(_sections(found.folded, form, step.offers_in_book, said)),
        other_industries=_("、").join(dict.fromkeys(str(Industry(one.industry).label) for one in found.folded)),
        others_open=any(form.is_touched(finding) for finding in found.folded),
        origin=step.entries.origin,
        destination=step.entries.destination,
        messages=messages.get_messages(step.request),
    )
    return render(step.request, "book/apply/providers.html", context, status=422 if step.is_post else 200)


def _found_offers(step: StepRequest) -> FoundOffers:
    """Return the offers of the industries that are wished, and those of all others; of a confidential move nobody is
    suggested by where it leads.
    """
    beside = () if step.entries.confidential else INDUSTRIES
    others = {industry: ENDS for industry in beside if industry not in step.entries.wishes}
    wished, further = (
        findings_beside(find_offers(entries), step.offers_in_book)
        for entries in (step.entries, replace(step.entries, wishes=others))
    )
    return FoundOffers(wished, further)


def _sections(
    findings: tuple[OfferFinding, ...], form: ProvidersForm, in_book: frozenset[str], said: Facts
) -> Iterator[dict[str, object]]:
    """A section for each finding. Where one notice does for both ends, what is for one end only stands folded, until
    something in it is chosen; with several candidates at an end, both ends stay in view.
    """
    joint = {finding.industry for finding in findings if finding.procedure == BOTH_ENDS}
    joint -= {finding.industry for finding in findings if len(finding.offers) > 1}
    for finding in findings:
        untouched = not form.is_touched(finding) and in_book.isdisjoint(finding.choice_keys())
        folded = untouched and finding.industry in joint and finding.procedure != BOTH_ENDS
        yield {**_section(finding, form, in_book, said), "folded": folded}


def _section(finding: OfferFinding, form: ProvidersForm, in_book: frozenset[str], said: Facts) -> dict[str, object]:
    now = timezone.now()
    return {
        "finding": finding,
        "lead": certainty_note(finding),
        "links_to_sites": not finding.offers and finding.status != "none_here",
        "offers": [
            (
                offer,
                connection_note(offer),
                phone_note(offer),
                by_when_note(offer, said, now),
                form.ticked(offer.key),
                offer.key in in_book,
            )
            for offer in finding.offers
        ],
        "other": form.other(finding),
        "other_words": other_company_note(finding),
        "other_ticked": form.ticked(finding.other),
        "other_there": finding.other in in_book,
    }
