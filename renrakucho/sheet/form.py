"""Sheet: a provider's own form as data.

One TOML file a procedure, `providers/<slug>/<procedure>.toml`:

    title = "水道の使用中止"                 # as the provider calls it
    version = 1                              # counts up when anything below changes
    checked_on = 2026-11-22                  # when somebody last compared it with the provider's own form
    source = "https://…"                     # where; or what it was modelled on
    channel = "weblink"                      # the mover's browser carries it; or "inbox": the portal delivers it, by
                                             # the channel that this installation has to the provider
    encoding = "Shift_JIS"                   # web link: the charset of the provider's page
    asked_there = ["お客さま番号"]           # web link: what the provider will ask the mover itself
    by_phone = "…"                           # channel = "phone": how it is done by phone, and what to say
    change = "until_accepted"                # inbox: the mover may change until 受理; web link: "by_phone"; or "never"

    [workdays]                               # what it counts as 営業日. Left out: Monday to Friday without holidays
    weekdays = ["mon", "tue", "wed", "thu", "fri", "sat"]
    closed_on = [2026-11-04]                 # its own closed days
    closed_each_year = ["10-01"]             # those of every year
    open_on_holidays = true
    open_at_year_end = true                  # from 12/29 to 1/3

    [window]                                 # which days the provider takes through this form, counted from today
    fact = "move.leave_on"
    earliest_days = 3                        # also earliest_business_days; 0 is today, -14 two weeks back (back-dating)
    latest_days = 30                         # also latest_business_days, latest_months
    cut_off = 17:00:00                       # from then on, today counts as tomorrow
    workdays_only = true                     # the day itself has to be a working day
    source = "https://…"
    checked_on = 2026-11-22

    [arriving_window]                        # move.toml alone, whose form takes stop and start together: the days of
                                             # arriving that it takes, as [window] has the days of leaving

    [rules]                                  # rules.py explains each; a rule that is left out is not known
    source = "https://…"
    checked_on = 2026-11-22
    attendance = { needed = "when", words = "オートロックの建物", minutes = 30 }    # never, always, when
    slots = { choices = ["午前", "午後"], wishes = 2 }
    fee = { yen = 300, words = "開栓の手数料" }
    change_until = { business_days = 3, before = ["move.leave_on", "move.arrive_on"] }    # the first of them; or days
    withdraw_until = { days = 1, before = ["move.leave_on"] }    # where it is another day than for a change
    without_number = { number = "お客さま番号", way = "phone_only", words = "…" }  # may_be_blank, other_way, phone_only
    answer_within = { business_days = 5 }    # when a notice is answered (受理) at the latest; left out: 3 are expected
    notes = ["当日に現金で精算します。"]

    [assurance]                              # how the provider can tell that the notice comes from its customer
    number = "customer_number"               # the blank of the customer number; left out: the one of this name
    check = "without_number"                 # when whoever accepts has to say how they made sure: without_number,
                                             # always, never. Left out: without_number where something is stopped
    login = ["name", "address"]              # an identity login has to prove these before it leaves; left out: none

    [[case]]                                 # where other rules hold: the first case that fits
    municipalities = ["東京都八王子市"]       # at the end of the move that the procedure belongs to; left out: in all.
                                             # Not in move.toml, which is for two municipalities at once
    channel = "fax"                          # by which this installation sends; left out: by any
    by_phone = "…"                           # there it is done by phone only: how, and what to say
    [case.window]                            # instead of [window]
    [case.rules]                             # instead of [rules]

    [[blank]]                                # in the order of the form
    name = "SHIMEI"                          # the field's name on the wire
    label = "お名前"                         # as the provider words it
    say = "{person.family_name}　{person.given_name}"     # phrase.py; or `fixed = "1"`, or `ask = "text"`
    required = true                          # may not be sent empty
    longest = 20                             # characters; `longest_bytes` counts in the form's encoding
    words = { account = "1", slip = "2" }    # the provider's code for each text that can be said; no other is sent.
                                             # Or the name of a table of tables.py: words = "prefecture_code"

    [[blank]]
    name = "SHIMEI2"
    label = "お名前（続き）"
    rest_of = "SHIMEI"                       # what did not fit into that blank goes on here: 住所1, 住所2 …
    longest = 20

    [[blank]]                                # an own item, asked in the book (inbox only)
    name = "customer_number"
    label = "お客さま番号"
    ask = "text"                             # text, lines (several lines), choice
    help = "検針票の左上にある10けたの番号です。"
    example = "0123456789"                   # an answer that is right
    pattern = "[0-9]{10}"                    # of the answer in half width; `pattern_help` says it in words
    pattern_help = "数字10けたでご入力ください。"
    choices = [["1", "立ち会う"], ["2", "立ち会わない"]]    # or "slots": those of the rules, one blank a wish
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from renrakucho.lib.secret_text import Secret, find_secret
from renrakucho.lib.width import ascii_digits
from renrakucho.sheet.assurance import NO_RULE, AssuranceRule
from renrakucho.sheet.phrase import Phrase
from renrakucho.sheet.procedure import PROCEDURES as PROCEDURES
from renrakucho.sheet.procedure import Procedure as Procedure
from renrakucho.sheet.rules import ProcedureRules
from renrakucho.sheet.window import ReceptionWindow

Ask = Literal["text", "lines", "choice"]
Changing = Literal["until_accepted", "by_phone", "never"]
CARRIED = "weblink"
_NUMBER = re.compile("番号")  # in the label of a blank that asks for one
BY_PHONE = "phone"  # no channel: the mover calls


def names_number(label: str) -> bool:
    """Whether a label names a number that the mover has to look up, such as お客さま番号."""
    return bool(_NUMBER.search(label))


@dataclass(frozen=True)
class Blank:
    """One field. Exactly one of `say`, `ask`, `fixed` and `rest_of` is set."""

    name: str
    label: str
    say: Phrase | None = None
    ask: Ask | None = None
    fixed: str | None = None
    rest_of: str = ""
    required: bool = False
    longest: int | None = None
    longest_bytes: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    help: str = ""
    example: str = ""
    pattern: str = ""
    pattern_help: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def facts(self) -> tuple[str, ...]:
        """The facts that it uses."""
        return self.say.facts() if self.say else ()

    @property
    def asks_number(self) -> bool:
        """Whether it asks the mover for a number, such as the customer number."""
        return self.ask == "text" and bool(self.pattern or names_number(self.label))

    @property
    def digits_expected(self) -> int:
        """How many digits the example of the number has that it asks for; 0 where it asks for none."""
        return len(ascii_digits(self.example)) if self.asks_number else 0

    def secret_in(self, text: str) -> Secret | None:
        """The kind of secret in an answer that no provider needs to be told, or None."""
        if self.ask not in ("text", "lines"):
            return None
        return find_secret(text, number_asked=self.asks_number, digits_expected=self.digits_expected)


@dataclass(frozen=True)
class RuleCase:
    """Exception to the rules for some municipalities (東京都八王子市), for one channel, or both.

    Empty municipalities or channel: for all of them. A rule that is None or empty is the sheet's own.
    """

    municipalities: tuple[str, ...] = ()
    channel: str = ""
    by_phone: str = ""
    window: ReceptionWindow | None = None
    rules: ProcedureRules | None = None

    def fits(self, municipality: str, channel: str) -> bool:
        """Whether it applies to a municipality and a channel."""
        here = not self.municipalities or municipality in self.municipalities
        return here and self.channel in ("", channel)


@dataclass(frozen=True)
class Sheet:
    """One procedure's form at one provider. by_phone: what to say, where the procedure is done by phone only.

    arriving_window: the second window of a form that takes stop and start together.
    """

    provider: str
    procedure: Procedure
    title: str
    version: int
    checked_on: date
    source: str
    channel: str
    encoding: str
    blanks: tuple[Blank, ...]
    asked_there: tuple[str, ...] = ()
    change: Changing = "by_phone"
    window: ReceptionWindow | None = None
    arriving_window: ReceptionWindow | None = None
    rules: ProcedureRules | None = None
    by_phone: str = ""
    cases: tuple[RuleCase, ...] = ()
    assurance: AssuranceRule = NO_RULE

    @property
    def windows(self) -> tuple[ReceptionWindow, ...]:
        """The days that it takes, one window for each day of the move that it limits."""
        return tuple(window for window in (self.window, self.arriving_window) if window)

    def where(self, municipality: str, channel: str) -> "Sheet":
        """The form with the rules for a municipality (prefecture and name) and a channel."""
        case = next((case for case in self.cases if case.fits(municipality, channel)), None)
        if case is None:
            return self
        return replace(
            self,
            blanks=tuple(_with_slots(blank, self, case.rules) for blank in self.blanks),
            window=case.window or self.window,
            rules=case.rules or self.rules,
            by_phone=case.by_phone or self.by_phone,
            cases=(),
        )

    def is_wish(self, blank: Blank) -> bool:
        """Whether the blank asks for one of the visit's slots; several wishes must differ."""
        slots = self.rules.slots if self.rules else None
        return bool(slots and blank.ask == "choice" and tuple(word for _, word in blank.choices) == slots.choices)

    @property
    def key(self) -> str:
        """Permanent name of this version of the form: tokyo-waterworks/stop@1."""
        return f"{self.provider}/{self.procedure}@{self.version}"

    @property
    def carried(self) -> bool:
        """Whether the mover's own browser carries it into the provider's web form."""
        return self.channel == CARRIED

    @property
    def changeable(self) -> bool:
        """Whether the mover may change a notice here until it is accepted (受理)."""
        return self.change == "until_accepted"

    def facts(self) -> tuple[str, ...]:
        """The facts of the move that the provider gets, in the form's order, each once."""
        return tuple(dict.fromkeys(name for blank in self.blanks for name in blank.facts()))

    def own_items(self) -> tuple[Blank, ...]:
        """Own items: the blanks that the mover answers for this provider only."""
        return tuple(blank for blank in self.blanks if blank.ask)


def _with_slots(blank: Blank, sheet: Sheet, there: ProcedureRules | None) -> Blank:
    if there is None or there.slots is None or not sheet.is_wish(blank):
        return blank
    return replace(blank, choices=tuple((slot, slot) for slot in there.slots.choices))
