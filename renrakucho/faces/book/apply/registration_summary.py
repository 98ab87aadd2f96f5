"""Summary on the last page: the common items as they will be registered, and those that each provider gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.offer_texts import by_when_note
from renrakucho.faces.book.told_facts import name_with_reading, told_items, whole_address
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.facts import billing_address_of, facts_of, is_holder_mover, told_facts
from renrakucho.notice.offer import Offer
from renrakucho.page.formatting import format_long_day, translated_text

ItemRow = tuple[str, str, str]  # label, value, the field where it is changed


@dataclass(frozen=True)
class HandoverSummary:
    """One chosen offer: `items` names what its provider gets, `more` what it will ask beside that; `by_when` says when
    the mover has to act.
    """

    offer: Offer
    items: str
    more: str
    by_when: str


def item_rows(form: ItemsForm) -> list[ItemRow]:
    """Return the common items of the form, in the order of the page before. Call it when the form is valid."""
    entries = form.entries()
    said = facts_of(entries)
    fields = form.fields
    made: list[ItemRow] = []
    if "person.family_name" in fields and form.is_needed("person.family_name"):
        made.append((_("引っ越す方"), name_with_reading(said, "person"), "person.family_name"))
    if "holder.same" in fields:
        holder = _("引っ越す方と同じ") if is_holder_mover(entries.items) else name_with_reading(said, "holder")
        made.append((_("ご契約者"), holder, "holder.same"))
    for name in ("contact.phone", "contact.email"):
        if name in fields:
            made.append((_(CATALOGUE[name].label), said[name], name))
    for end in ("origin", "destination"):
        first = next((f"{end}.{part}" for part in ("block", "building") if f"{end}.{part}" in fields), "")
        if first:
            made.append((_(CATALOGUE[first].of), whole_address(said, end), first))
    for name in ("move.leave_on", "move.arrive_on"):
        if name in fields:
            made.append((_(CATALOGUE[name].label), format_long_day(date.fromisoformat(said[name])), name))
    if "payment.final" in fields:
        payment = CATALOGUE["payment.final"]
        made.append((_(payment.label), _(dict(payment.choices)[said[payment.name]]), payment.name))
    if "billing.to" in fields:
        made.append((_("最後の請求書の届け先"), _bill(entries, said), "billing.to"))
    return made


def handover_summaries(offers: Iterable[Offer], entries: MoveEntries) -> list[HandoverSummary]:
    """Return for each chosen offer what is handed over, and what is not."""
    said, now = facts_of(entries), timezone.now()
    return [
        HandoverSummary(
            offer,
            told_items(offer.sheet, told_facts(entries, offer.key)) if offer.sheet else "",
            _more(offer),
            by_when_note(offer, said, now),
        )
        for offer in offers
    ]


def _more(offer: Offer) -> str:
    sheet = offer.sheet
    if sheet is None:
        return ""
    return _("、").join(map(translated_text, [*sheet.asked_there, *(blank.label for blank in sheet.own_items())]))


def _bill(entries: MoveEntries, said: Mapping[str, str]) -> str:
    where = {"destination": _("新しい住所"), "origin": _("いまの住所"), "other": whole_address(said, "billing")}
    return _("%(where)s、%(name)s 宛") % {
        "where": where[billing_address_of(entries.items)],
        "name": said["billing.name"],
    }
