"""Page of the addresses (②-2): each end of the move by postal code with its town, or typed by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.address_parts import AddressParts
from renrakucho.address.place import TownAt
from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code, towns_at
from renrakucho.address.place_query import is_code_typed
from renrakucho.address.written.parse import LONGEST, MOST_ALTERNATIVES
from renrakucho.address.written.prefectures import PREFECTURES
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.faces.book.text_fields import postal_code_message, unread_address_message
from renrakucho.lib.text_fields import TextLineField
from renrakucho.lib.typed_text import clean_line
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.typed_place import (
    TypedPlace,
    contradicts_code,
    has_named_towns,
    place_of,
    place_typed_in,
    with_place,
    with_postal_code,
)
from renrakucho.page.formatting import format_postal_code, join_sentences

BY_HAND = "by_hand"  # choice among the towns of a code: none of these
CODE_LABELS = {
    "origin": gettext_lazy("いまの住まいの郵便番号"),
    "destination": gettext_lazy("新しい住まいの郵便番号"),
}
_BY_HAND_FIELDS = ("prefecture", "municipality", "town")


class EndForm(forms.Form):
    """A form of one end. A submit results in a known place, in a question that the page shows next (`asks`), or in an
    error.

    The hidden field `asked` says for which code or name the page showed the choice already.
    """

    postal_code = TextLineField(label=gettext_lazy("郵便番号"), max_length=LONGEST, required=False)
    pick = forms.CharField(label=gettext_lazy("町"), max_length=120, required=False)
    prefecture = forms.ChoiceField(
        label=gettext_lazy("都道府県"),
        choices=[("", gettext_lazy("選んでください")), *((name, name) for name in PREFECTURES)],
        required=False,
    )
    municipality = TextLineField(label=gettext_lazy("市区町村"), max_length=LONGEST, required=False)
    town = TextLineField(label=gettext_lazy("町名"), max_length=LONGEST, required=False)
    no_town = forms.BooleanField(label=gettext_lazy("住所に町名がない"), required=False)
    as_typed = forms.BooleanField(label=gettext_lazy("この町名のまま進む"), required=False)
    absent = forms.BooleanField(label=gettext_lazy("日本の中には、まだない（海外、未定）"), required=False)
    asked = forms.CharField(max_length=2 * LONGEST, required=False)

    def __init__(
        self, now: MovePlace, prefix: str, data: Mapping[str, Any] | None = None, *, optional: bool = False
    ) -> None:
        super().__init__(data, prefix=prefix, initial=_initial(now))
        self.fields["postal_code"].label = CODE_LABELS[prefix]
        self.place = now
        self._optional = optional
        self.asks = False
        self.parts = AddressParts()
        self._towns: tuple[TownAt, ...] = ()
        self._typed: TypedPlace | None = None
        self._contradiction: tuple[TownAt, ...] = ()
        self._read_choices()

    @property
    def towns(self) -> list[tuple[str, str]]:
        """The towns to choose from, where code or address have several, or do not belong together."""
        if self._contradiction or self._typed_by_hand():
            several = self._contradiction or self._places_typed()
            return [(one.town_id, one.prefecture + one.municipality + one.town) for one in several]
        if len(self._towns) < 2:
            return []
        several_there = len({town.municipality_code for town in self._towns}) > 1
        chosen = [
            (town.town_id, (town.municipality if several_there else "") + (town.town or _("（町名なし）")))
            for town in self._towns
        ]
        return [*chosen, (BY_HAND, _("この中にない（住所から入れる）"))]

    @property
    def towns_legend(self) -> str:
        """The question above the towns."""
        if self._typed_by_hand():
            return _("入れた住所に当てはまる場所をお選びください")
        return _("この郵便番号の町をお選びください")

    def _places_typed(self) -> tuple[TownAt, ...]:
        """The places to choose from: several of one name, or those of a town that has no municipality before it."""
        if self._typed is None:
            return ()
        towns = self._typed.found.towns
        if self._typed.names_municipality:
            return towns if len(towns) > 1 else ()
        return towns if len(towns) < MOST_ALTERNATIVES and all(town.town for town in towns) else ()

    @property
    def asking_for(self) -> str:
        """The value of `asked` on the page with this question."""
        return "|".join([self._code_asked(), self._name() if self._places_typed() or self._contradiction else ""])

    @property
    def found(self) -> str:
        """The single place of the code, to be shown at once; "" where there are several."""
        if len(self._towns) != 1 or self._typed_by_hand():
            return ""
        return self._towns[0].prefecture + self._towns[0].municipality + self._towns[0].town

    @property
    def by_hand_open(self) -> bool:
        """Whether the fields for typing an address are shown at once."""
        wrong = self.errors.keys() - {"pick"}
        by_hand = any(self._value(name) for name in _BY_HAND_FIELDS)
        return bool(by_hand or wrong or self._value("pick") == BY_HAND)

    @property
    def asks_for_no_town(self) -> bool:
        """Whether to offer «no town»: only where it can matter."""
        return self.has_error("town") or bool(self._value("no_town"))

    @property
    def asks_as_typed(self) -> bool:
        """Whether to offer going on with a town as it is typed: only where it was not understood."""
        doubts = self._typed and (self._typed.doubtful or self._typed.found.town_unread)
        return bool((doubts and self.has_error("town")) or self._value("as_typed"))

    def clean(self) -> None:
        """Read the place from the code or from the typed address."""
        code = self._code()
        if self.errors:
            return
        if self._value("absent") or (self._optional and not code and not self._typed_by_hand()):
            self._nowhere(bool(code or self._typed_by_hand()))
            return
        if self._typed_by_hand() or self._value("pick") == BY_HAND:
            self._by_hand(code)
        elif not code:
            self.add_error("postal_code", _("郵便番号を入れてください。わからないときは、すぐ下で住所を入れられます。"))
        elif not self._towns:
            advice = _("まちがいがないときや、わからないときは、すぐ下で住所を入れてください。")
            self.add_error("postal_code", join_sentences(postal_code_message(BadPostalCode("unknown")), advice))
        else:
            self._by_code(code)

    def _nowhere(self, typed: bool) -> None:
        if typed:
            self.add_error("absent", _("住所を入れたときは、この印をはずしてください。"))
        else:
            self.place = MovePlace(absent=True)

    def _by_code(self, code: str) -> None:
        picked = self._value("pick")
        found = self._towns if len(self._towns) == 1 else [one for one in self._towns if one.town_id == picked]
        if found:
            self.place = place_of(found[0], code)
        elif self._was_asked(self._code_asked()):
            self.add_error("pick", _("町をお選びください。"))
        else:
            self.place, self.asks = MovePlace(postal_code=code), True

    def _by_hand(self, code: str) -> None:
        typed = self._typed
        if typed is None or not (typed.names_municipality or self._places_typed()):
            self._say_what_is_missing()
        elif typed.other:
            message = _("町名の欄の住所は%(place)sで、市区町村と合いません。正しいほうだけを残してください。")
            self.add_error("town", message % {"place": typed.other.prefecture + typed.other.municipality})
        elif typed.names_municipality and len(typed.found.towns) == 1:
            self._at(typed.found.towns[0], typed, code)
        else:
            picked = [one for one in typed.found.towns if one.town_id == self._value("pick")]
            if picked:
                self._at_picked(picked[0], typed, code)
            elif self._was_asked(self._name()):
                self.add_error("pick", _("場所をお選びください。"))
            else:
                prefecture, name, town = self._typed_fields()
                self.place, self.asks = MovePlace(code, "", prefecture, name, town), True

    def _say_what_is_missing(self) -> None:
        prefecture, name, town = self._typed_fields()
        in_code = bool(self._value("postal_code")) and not is_code_typed(self._value("postal_code"))
        if self._typed and any(place.town for place in self._typed.found.towns):
            message = _("「%(town)s」に当てはまる町が、たくさんあります。市区町村から入れてください。") % {"town": town}
            self.add_error("postal_code" if in_code else "municipality", message)
            return
        if in_code:
            self.add_error("postal_code", unread_address_message(self._value("postal_code")))
            return
        if not prefecture:
            self.add_error("prefecture", _("都道府県をお選びください。"))
        if not name:
            self.add_error("municipality", _("市区町村を入れてください（例: 千代田区、横浜市中区）。"))
        elif prefecture:
            message = _("%(prefecture)sに「%(name)s」は見つかりません。市・区・町・村まで、略さずに入れてください。")
            self.add_error("municipality", message % {"prefecture": prefecture, "name": name})

    def _at_picked(self, there: TownAt, typed: TypedPlace, code: str) -> None:
        """A municipality that was picked is asked for the town again: 横浜市中区 has no みなとみらい."""
        again = None if there.town else place_typed_in(there.prefecture, there.municipality, self._value("town"))
        self._at(there, again if again and len(again.found.towns) == 1 else typed, code)

    def _at(self, there: TownAt, typed: TypedPlace, code: str) -> None:
        known = replace(typed.found, towns=(there,)).single
        assert known is not None
        parts, kept = typed.found.parts, bool(self._value("as_typed"))
        listed = known.town or typed.found.unlisted
        town = "" if listed or not typed.found.town_unread else parts.block
        place = replace(place_of(known, code, parts.street), town=listed or town)
        if not place.town and not self._value("no_town") and has_named_towns(known.municipality_code):
            self.add_error("town", _("町名を入れてください。町名のない住所のときは、下に印をつけてください。"))
        elif town and not kept:
            message = _("%(place)sに「%(town)s」という町は見つかりません。まちがいがなければ、下に印をつけてください。")
            self.add_error("town", message % {"place": known.municipality, "town": town})
        elif typed.doubtful and not kept:
            message = _("町名を「%(town)s」、その先を「%(rest)s」と読みました。よろしければ、下に印をつけてください。")
            self.add_error("town", message % {"town": known.town, "rest": parts.block})
        elif self._towns and contradicts_code(place, self._towns):
            self._ask_which(known, place, parts)
        else:
            self.place, self.parts = with_postal_code(place), parts._replace(block="") if town else parts

    def _ask_which(self, typed: TownAt, place: MovePlace, parts: AddressParts) -> None:
        """The postal code's town or the typed one, never a mixture of both."""
        self._contradiction = (typed, *self._towns)
        picked = [one for one in self._contradiction if one.town_id == self._value("pick")]
        if not picked:
            self.add_error("postal_code", _("郵便番号と、下に入れた住所が合いません。正しいほうだけを残してください。"))
        elif picked[0] == typed:
            self.place, self.parts = with_postal_code(replace(place, postal_code="")), parts
        else:
            self.place = place_of(picked[0], place.postal_code)

    def _code(self) -> str:
        """The typed code as seven digits; "" where there is none, a wrong one, or an address in its place."""
        typed = self._value("postal_code")
        try:
            return parse_postal_code(typed) if typed and is_code_typed(typed) else ""
        except BadPostalCode as error:
            self.add_error("postal_code", postal_code_message(error))
            return ""

    def _read_choices(self) -> None:
        """Look up the towns of the code and the places of the address, to choose from."""
        try:
            self._towns = towns_at(self._value("postal_code"))
        except BadPostalCode:
            self._towns = ()
        if self._typed_by_hand():
            self._typed = place_typed_in(*self._typed_fields())

    def _typed_fields(self) -> tuple[str, str, str]:
        """Prefecture, municipality and town as typed; an address in the code's field is the town's text."""
        prefecture, municipality, town = (self._value(name) for name in _BY_HAND_FIELDS)
        code = self._value("postal_code")
        if not (prefecture or municipality or town) and not is_code_typed(code):
            return "", "", code
        return prefecture, municipality, town

    def _typed_by_hand(self) -> bool:
        return any(self._typed_fields())

    def _was_asked(self, what: str) -> bool:
        return what in self._value("asked").split("|")

    def _code_asked(self) -> str:
        return parse_postal_code(self._value("postal_code")) if len(self._towns) > 1 else ""

    def _name(self) -> str:
        return "".join(self._typed_fields()).replace("|", "")

    def _value(self, name: str) -> str:
        return clean_line(str(self[name].value() or ""))


def _initial(now: MovePlace) -> dict[str, Any]:
    if now.absent:
        return {"absent": True}
    said = {"postal_code": format_postal_code(now.postal_code)}
    if now.municipality_code and not now.street and _in_directory(now):
        return said | {"pick": f"{now.municipality_code}:{now.town}"}
    return said | {"prefecture": now.prefecture, "municipality": now.municipality, "town": now.street + now.town}


def _in_directory(now: MovePlace) -> bool:
    """Whether its postal code leads to it; else it was typed by hand."""
    try:
        towns = towns_at(now.postal_code)
        return any((one.municipality_code, one.town) == (now.municipality_code, now.town) for one in towns)
    except BadPostalCode:
        return False


ENDS = ("origin", "destination")


@application_step("addresses")
def addresses_page(step: StepRequest) -> HttpResponse:
    """Show both ends. A question about a code is shown on the same page, with all input kept."""
    data = step.request.POST if step.is_post else step.saved_form()
    places = {"origin": step.entries.origin, "destination": step.entries.destination}
    forms = {end: EndForm(places[end], end, data, optional=end not in step.entries.needed_ends) for end in ENDS}
    valid = [form.is_valid() for form in forms.values()]  # each says its own errors
    if all(valid) and all(form.place.absent for form in forms.values()):
        forms["origin"].add_error("absent", _("どちらかの住所を入れてください。"))
        valid = [False]
    if step.is_post and all(valid):
        step.save(_entries(step.entries, forms))
        asking = next((end for end in ENDS if forms[end].asks), "")
        return see_other("addresses", f"#{asking}") if asking else see_other("providers")
    hide_errors(step.request, *forms.values())
    context = step.page_context(ends=forms, messages=messages.get_messages(step.request))
    return render(step.request, "book/apply/addresses.html", context, status=422 if step.is_post else 200)


def _entries(before: MoveEntries, forms: dict[str, EndForm]) -> MoveEntries:
    for end, form in forms.items():
        before = with_place(before, end, form.place, form.parts)
    return before
