"""②-3: which of the providers found to tell, and the companies that the directory does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply.offer_texts import certainty_note, connection_note, other_company_note, phone_note
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.mover.entries import MoveEntries
from renrakucho.notice.models import Procedure
from renrakucho.notice.offer import OfferFinding, find_offers
from renrakucho.provider.models import Industry

# Certain where they name one provider. Of all that is nationwide, only broadcasting has one for everybody: the only
# bank or insurer that is connected here is not for that reason the mover's own.
_CERTAIN = {"exact", "by_town"}
_ONE_FOR_ALL = {"broadcasting"}
_LONGEST_NAME = 60


@dataclass(frozen=True)
class OtherCompany:
    """«Another company», where the market is free: its tick's value, and the field for its name."""

    key: str
    name: forms.BoundField


class ProvidersForm(forms.Form):
    """`chosen` holds keys of offers. What a registered book has a notice for already (`in_book`) stays chosen."""

    def __init__(
        self,
        entries: MoveEntries,
        findings: tuple[OfferFinding, ...],
        data: Mapping[str, Any] | None = None,
        in_book: frozenset[str] = frozenset(),
    ) -> None:
        self._entries = entries
        self._findings = findings
        self._in_book = in_book
        super().__init__(data, initial={"chosen": _initial(entries, findings) | in_book})
        self.fields["chosen"] = forms.MultipleChoiceField(
            label=_("連絡する事業者"),
            choices=[(key, key) for key in _keys(findings) - in_book],
            required=not in_book,
            error_messages={
                "required": _("連絡する事業者を1つ以上お選びください。"),
                "invalid_choice": _("この中にない事業者が選ばれています。もう一度お選びください。"),
            },
        )
        for finding in findings:
            if finding.other:
                self.fields[_name_of(finding.other)] = forms.CharField(
                    label=_("%(industry)s（%(procedure)s）の会社の名前")
                    % {"industry": Industry(finding.industry).label, "procedure": Procedure(finding.procedure).label},
                    max_length=_LONGEST_NAME,
                    error_messages={"max_length": _("%(limit)s文字までで入れてください。") % {"limit": _LONGEST_NAME}},
                    required=False,
                    initial=entries.others.get(finding.other, ""),
                )

    def ticked(self, key: str) -> bool:
        """Whether this offer is chosen, for the page."""
        return key in (self["chosen"].value() or ())

    def other(self, finding: OfferFinding) -> OtherCompany | None:
        """«Another company» for this finding."""
        return OtherCompany(finding.other, self[_name_of(finding.other)]) if finding.other else None

    def clean(self) -> None:
        """A name without its tick, or a tick without its name, would tell nobody."""
        chosen = self.cleaned_data.get("chosen", [])
        for finding in self._findings:
            if not finding.other:
                continue
            field = _name_of(finding.other)
            name = self.cleaned_data.get(field, "")
            if finding.other in chosen and not name and not self.has_error(field):
                self.add_error(field, _("会社の名前を入れてください。検針票や請求書に書いてあります。"))
            if name and finding.other not in chosen:
                self.add_error(field, _("「ほかの会社」に印をつけるか、名前を消してください。"))

    def entries(self) -> MoveEntries:
        """The entries with this choice."""
        others = {
            finding.other: self.cleaned_data[_name_of(finding.other)]
            for finding in self._findings
            if finding.other and self.cleaned_data[_name_of(finding.other)]
        }
        offered = [key for finding in self._findings for key in _keys_of(finding)]
        chosen = {*self.cleaned_data["chosen"], *self._in_book}
        return replace(self._entries, chosen=tuple(key for key in offered if key in chosen), others=others)


def _initial(entries: MoveEntries, findings: tuple[OfferFinding, ...]) -> set[str]:
    """What was chosen before; else whoever is the only one, where that is certain."""
    ticked = set(entries.chosen)
    for finding in findings:
        # Another address may have another provider for the same wish: then the choice is made anew.
        gone = [key for key in entries.chosen if key.startswith(f"{finding.industry}:{finding.procedure}:")]
        if ticked.isdisjoint(_keys_of(finding)) and (gone or not entries.chosen):
            ticked |= _only_one(finding)
    return ticked


def _only_one(finding: OfferFinding) -> set[str]:
    certain = (finding.status in _CERTAIN or finding.industry in _ONE_FOR_ALL) and len(finding.offers) == 1
    return {finding.offers[0].key} if certain else set()


def _keys(findings: tuple[OfferFinding, ...]) -> set[str]:
    return {key for finding in findings for key in _keys_of(finding)}


def _keys_of(finding: OfferFinding) -> list[str]:
    return [offer.key for offer in finding.offers] + ([finding.other] if finding.other else [])


def _name_of(key: str) -> str:
    return f"name:{key}"


@application_step("providers")
def providers_page(visit: StepRequest) -> HttpResponse:
    """A part for each industry and end, a tick for each provider."""
    found = find_offers(visit.entries)
    data = visit.request.POST if visit.posted else visit.late()
    form = ProvidersForm(visit.entries, found, data, visit.there)
    if visit.posted and form.is_valid():
        visit.save(form.entries())
        return see_other("items")
    context = visit.page(
        form=form,
        parts=[_part(finding, form, visit.there) for finding in found],
        origin=visit.entries.origin,
        destination=visit.entries.destination,
        messages=messages.get_messages(visit.request),
    )
    return render(visit.request, "book/apply/providers.html", context, status=422 if visit.posted else 200)


def _part(finding: OfferFinding, form: ProvidersForm, there: frozenset[str]) -> dict[str, object]:
    now = timezone.now()
    return {
        "finding": finding,
        "lead": certainty_note(finding),
        "offers": [
            (offer, connection_note(offer, now), phone_note(offer), form.ticked(offer.key), offer.key in there)
            for offer in finding.offers
        ],
        "other": form.other(finding),
        "other_words": other_company_note(finding),
        "other_ticked": form.ticked(finding.other),
        "other_there": finding.other in there,
    }
