"""Summary on the last page: the common items as they will be registered, and those that each provider gets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from renrakucho.faces.book.apply.items_form import ItemsForm
from renrakucho.faces.book.apply.offer_texts import by_when_note
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.lib.kana import plain_kana
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.facts import PLACE_PARTS, billing_address_of, facts_of, is_holder_mover
from renrakucho.notice.offer import Offer
from renrakucho.notice.requested_items import NOT_ASKED
from renrakucho.page.formatting import format_address, format_long_day

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
    if "person.family_name" in fields and (is_holder_mover(entries.items) or form.recipients("person.family_name")):
        made.append((_("引っ越す方"), _name(said, "person"), "person.family_name"))
    if "holder.same" in fields:
        holder = _("引っ越す方と同じ") if is_holder_mover(entries.items) else _name(said, "holder")
        made.append((_("ご契約者"), holder, "holder.same"))
    for name in ("contact.phone", "contact.email"):
        if name in fields:
            made.append((_(CATALOGUE[name].label), said[name], name))
    for end in ("origin", "destination"):
        first = next((f"{end}.{part}" for part in ("block", "building") if f"{end}.{part}" in fields), "")
        if first:
            made.append((_(CATALOGUE[first].of), _address(said, end), first))
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
        HandoverSummary(offer, _items(offer, said), _more(offer), by_when_note(offer, said, now)) for offer in offers
    ]


def _items(offer: Offer, said: Mapping[str, str]) -> str:
    """The facts that its sheet says and that are not empty, grouped by the person or address that they belong to."""
    if offer.sheet is None:
        return ""
    parts: dict[str, list[str]] = {}
    for name in offer.sheet.facts():
        if name != NOT_ASKED and said[name]:
            prefix, part = name.split(".")
            parts.setdefault(prefix if CATALOGUE[name].of else name, []).append(part)
    return _("、").join(_group_label(prefix, named) for prefix, named in parts.items())


def _group_label(prefix: str, parts: list[str]) -> str:
    """The name of a group of facts: 氏名 instead of the family name and the given name."""
    if prefix in CATALOGUE:
        return _(CATALOGUE[prefix].label)
    kinds = {
        _("氏名"): {"family_name", "given_name"},
        _("フリガナ"): {"family_kana", "given_kana"},
        _("郵便番号"): {"postal_code"},
        _("住所"): set(PLACE_PARTS) - {"postal_code"},
        _("宛名"): {"name"},
    }
    said = [word for word, named in kinds.items() if named & set(parts)]
    of = _(CATALOGUE[f"{prefix}.{parts[0]}"].of)
    if _("住所") in said:
        said = [word for word in said if word != _("郵便番号")]
    if said == [_("住所")]:
        return of
    return _("%(of)s（%(items)s）") % {"of": of, "items": _("・").join(said)}


def _more(offer: Offer) -> str:
    sheet = offer.sheet
    return _("、").join([*sheet.asked_there, *(blank.label for blank in sheet.own_items())]) if sheet else ""


def _name(said: Mapping[str, str], prefix: str) -> str:
    name = "　".join(filter(None, (said[f"{prefix}.family_name"], said[f"{prefix}.given_name"])))
    kana = "　".join(filter(None, (said[f"{prefix}.family_kana"], said[f"{prefix}.given_kana"])))
    if (plain := plain_kana(kana)) != kana:
        kana = _("%(kana)s、様式には「%(plain)s」") % {"kana": kana, "plain": plain}
    return pgettext("name with its reading", "%(name)s（%(kana)s）") % {"name": name, "kana": kana} if kana else name


def _address(said: Mapping[str, str], prefix: str) -> str:
    return format_address({part: said[f"{prefix}.{part}"] for part in PLACE_PARTS})


def _bill(entries: MoveEntries, said: Mapping[str, str]) -> str:
    where = {"destination": _("新しい住所"), "origin": _("いまの住所"), "other": _address(said, "billing")}
    return _("%(where)s、%(name)s 宛") % {
        "where": where[billing_address_of(entries.items)],
        "name": said["billing.name"],
    }
