"""Rule texts: a provider's rules in sentences, for the mover to read before typing anything."""

from collections.abc import Iterator
from itertools import chain

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from renrakucho.fact.catalogue import fact_named
from renrakucho.page.formatting import (
    day_of_any_year,
    format_clock,
    format_day,
    format_long_day,
    join_sentences,
    translated_text,
)
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.rules import AttendanceRule, FeeRule, ProcedureRules, VisitSlots, WithoutNumber
from renrakucho.sheet.window import ProcedureDeadline, ReceptionWindow
from renrakucho.sheet.workdays import Workdays


def rule_sentences(sheet: Sheet) -> list[str]:
    """Return a sentence for each known rule, and the day on which the rules were checked."""
    window = chain.from_iterable(_window(each) for each in sheet.windows)
    rules = _rules(sheet, sheet.rules) if sheet.rules else ()
    never = [_("送ったあとは、変更も取消もできません。")] if sheet.change == "never" else []
    return list(chain(window, rules, never, _business_days(sheet), _checked(sheet)))


def closed_days(workdays: Workdays) -> str:
    """List the days on which the provider does not work (土、日、祝日、12月29日から1月3日、…); "" for none."""
    names = [str(name) for number, name in WEEKDAYS_ABBR.items() if number not in workdays.weekdays]
    if not workdays.open_on_holidays:
        names.append(_("祝日"))
    if not workdays.open_at_year_end:
        names.append(_("12月29日から1月3日"))
    yearly = sorted(workdays.closed_each_year)
    names += [_("毎年%(day)s") % {"day": day_of_any_year(month, on)} for month, on in yearly]
    names += [format_day(on) for on in sorted(workdays.closed_on)]
    return _("、").join(names)


def _window(window: ReceptionWindow) -> Iterator[str]:
    name = _(fact_named(window.fact).label)
    if window.earliest:
        yield latest_request(window.earliest, window.fact)
    if window.latest:
        yield _("「%(fact)s」の%(lead)sから受け付けます。") % {"fact": name, "lead": _lead(window.latest)}
    if window.cut_off:
        yield _("%(time)sからは、翌日の受付になります。") % {"time": format_clock(window.cut_off)}
    if window.workdays_only and closed_days(window.workdays):
        yield _("手続の日に、%(closed)sは選べません。") % {"closed": closed_days(window.workdays)}


def latest_request(lead: LeadTime, fact: str) -> str:
    """Say until when a day is taken, for a day that may not be known yet."""
    words = {"fact": _(fact_named(fact).label), "days": abs(lead.n)}
    if lead.n < 0:
        back = ngettext(
            "「%(fact)s」から%(days)s日後まで、さかのぼって受け付けます。",
            "「%(fact)s」から%(days)s日後まで、さかのぼって受け付けます。",
            abs(lead.n),
        )
        return back % words
    if lead.n == 0:
        return _("「%(fact)s」の当日まで受け付けます。過ぎた日には、さかのぼれません。") % words
    return _("「%(fact)s」の%(lead)sまでに、お手続きください。") % {**words, "lead": _lead(lead)}


def _lead(lead: LeadTime) -> str:
    if lead == LeadTime(1):
        return pgettext("lead", "前日")
    words = {
        "day": npgettext("lead", "%(n)s日前", "%(n)s日前", lead.n),
        "business_day": npgettext("lead", "%(n)s営業日前", "%(n)s営業日前", lead.n),
        "month": npgettext("lead", "%(n)sか月前", "%(n)sか月前", lead.n),
    }
    return words[lead.unit] % {"n": lead.n}


def _business_days(sheet: Sheet) -> Iterator[str]:
    rules = sheet.rules
    counted = [(lead, window.workdays) for window in sheet.windows for lead in (window.earliest, window.latest)]
    untils = (rules.change_until, rules.withdraw_until) if rules and sheet.change != "never" else ()
    counted += [(until.lead, until.workdays) for until in untils if until]
    for lead, workdays in counted:
        if lead and lead.unit == "business_day" and closed_days(workdays):
            yield _("営業日は、%(closed)sを除いて数えます。") % {"closed": closed_days(workdays)}
            return


def _checked(sheet: Sheet) -> Iterator[str]:
    days = [rules.checked_on for rules in (*sheet.windows, sheet.rules) if rules and rules.checked_on]
    if days:
        yield _("%(day)sに確かめた決まりです。") % {"day": format_long_day(min(days))}


def _rules(sheet: Sheet, rules: ProcedureRules) -> Iterator[str]:
    if rules.attendance:
        yield _attendance(rules.attendance)
    if rules.slots:
        yield _slots(rules.slots)
    if rules.fee:
        yield _fee(rules.fee)
    if sheet.change != "never":
        yield from _until(rules, sheet.changeable)
    if rules.without_number:
        yield _without_number(rules.without_number)
    yield from map(translated_text, rules.notes)


def _attendance(attendance: AttendanceRule) -> str:
    said = {
        "never": _("立会いは、いりません。"),
        "always": _("立会いが、必要です。"),
        "when": _("立会いが必要な場合: %(words)s") % {"words": translated_text(attendance.words)},
    }[attendance.needed]
    if attendance.minutes:
        said = join_sentences(said, _("（%(minutes)s分ほど）") % {"minutes": attendance.minutes})
    return said if attendance.needed == "when" else join_sentences(said, translated_text(attendance.words))


def _slots(slots: VisitSlots) -> str:
    said = _("時間帯は、%(choices)sから選べます。") % {"choices": _("、").join(map(translated_text, slots.choices))}
    return join_sentences(said, _("第%(n)s希望まで聞かれます。") % {"n": slots.wishes} if slots.wishes > 1 else "")


def _fee(fee: FeeRule) -> str:
    if not fee.yen:
        return join_sentences(_("手数料は、かかりません。"), translated_text(fee.words))
    return _("手数料: %(yen)s円") % {"yen": f"{fee.yen:,}"} + (f" {translated_text(fee.words)}" if fee.words else "")


def _until(rules: ProcedureRules, here: bool) -> Iterator[str]:
    """Until when the provider takes a change, a withdrawal, or both."""
    if rules.change_until and rules.withdraw_until:
        last = {"change": _before(rules.change_until), "withdraw": _before(rules.withdraw_until)}
        if here:
            yield _("変更は%(change)sまで、取消は%(withdraw)sまで、受理される前なら、ここからできます。") % last
        else:
            yield _("変更は%(change)sまで、取消は%(withdraw)sまでに、事業者へご連絡ください。") % last
    elif rules.change_until:
        words = {"until": _before(rules.change_until)}
        if here:
            yield _("変更と取消は、%(until)sまで、受理される前なら、ここからできます。") % words
        else:
            yield _("変更と取消は、%(until)sまでに、事業者へご連絡ください。") % words
    elif rules.withdraw_until:
        yield _("取消は、%(until)sまでできます。") % {"until": _before(rules.withdraw_until)}


def _before(until: ProcedureDeadline) -> str:
    """「いまの住まいを出る日」の3営業日前; where the deadline counts from several days, from the first of them."""
    names = _("」か「").join(_(fact_named(name).label) for name in until.before)
    when = _("「%(facts)s」の当日") if not until.lead.n else _("「%(facts)s」の%(lead)s")
    if len(until.before) > 1:
        when = _("「%(facts)s」の早いほうの当日") if not until.lead.n else _("「%(facts)s」の早いほうの%(lead)s")
    return when % {"facts": names, "lead": _lead(until.lead)}


def _without_number(rule: WithoutNumber) -> str:
    said = {
        "may_be_blank": _("%(number)sがわからなければ、空欄のままで手続できます。"),
        "other_way": _("%(number)sがわからないときは、ほかの方法で確かめられます。"),
        "phone_only": _("%(number)sがわからないときは、インターネットでは手続できません。"),
    }
    return join_sentences(said[rule.way] % {"number": translated_text(rule.number)}, translated_text(rule.words))
