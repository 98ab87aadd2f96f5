"""Texts of ApplyBy: by when the mover has to act, in a sentence. A recommended day is never called a deadline."""

from datetime import datetime

from django.utils.translation import gettext as _

from renrakucho.faces.book.rule_texts import latest_request
from renrakucho.notice.apply_by import ApplyBy
from renrakucho.page.formatting import format_clock, format_day, join_sentences
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import required_days
from renrakucho.sheet.window import JAPAN


def apply_by_sentence(by: ApplyBy, now: datetime) -> str:
    """Say by when to act, or where it is too late, what to do instead."""
    standing, words = by.standing(now), {"last": last_moment(by)}
    if standing == "closed":
        return _("受付は%(last)sに終わりました。お電話でご連絡ください。") % words
    if standing == "refused":
        return _("この日は、インターネットでは受け付けていません。お電話でご連絡ください。")
    if standing == "not_yet" and by.opens_on:
        opens = _("受付は%(first)sに始まります。") % {"first": format_day(by.opens_on)}
        return join_sentences(
            opens, _("%(last)sまでに手続してください。") % words if by.closes_at else _unknown(by, now)
        )
    if standing == "open":
        is_today = by.last_on == now.astimezone(JAPAN).date()
        return (
            _("きょう、%(last)sまでに手続してください。") if is_today else _("%(last)sまでに手続してください。")
        ) % words
    if standing == "near":
        return _(
            "締切はわかりません。引越しの日が近いので、受付が終わっているかもしれません。先にお電話でお確かめください。"
        )
    if standing == "passed":
        if by.is_bound_to_day:
            return _("引越しの日を過ぎています。受付が終わっているかもしれません。先にお電話でお確かめください。")
        return _("引越しの日を過ぎています。お早めに手続してください。")
    return _unknown(by, now)


def apply_by_rule(procedure: str, sheet: Sheet | None) -> str:
    """Say by when to act before the days of the move are known."""
    for window in sheet.windows if sheet else ():
        if window.earliest:
            return latest_request(window.earliest, window.fact)
    if required_days(procedure):
        return _("締切はわかりません。引越しの1週間前までに手続することを、おすすめします。")
    return _("締切はわかりません。引越しの日までに手続することを、おすすめします。")


def last_moment(by: ApplyBy) -> str:
    """Return the last day to apply (12月6日(日)), with the time where there is a cut-off; "" where it is not known."""
    if by.last_on is None:
        return ""
    if by.cut_off is None:
        return format_day(by.last_on)
    return _("%(day)s %(time)s") % {"day": format_day(by.last_on), "time": format_clock(by.cut_off)}


def _unknown(by: ApplyBy, now: datetime) -> str:
    recommended = by.recommended_on
    if recommended is None or recommended < now.astimezone(JAPAN).date():
        return _("締切はわかりません。お早めに手続してください。")
    return _("締切はわかりません。%(day)sまでに手続することを、おすすめします。") % {"day": format_day(recommended)}
