"""Words for what became of an attempt, and for how long something has waited."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renrakucho.channel.outcome import OutcomeKind

_OUTCOMES: dict[str, Promise] = {
    OutcomeKind.SENT: gettext_lazy("届いた"),
    OutcomeKind.UNDER_WAY: gettext_lazy("送っている途中"),
    OutcomeKind.TRY_LATER: gettext_lazy("届かなかった。あとでまた送る"),
    OutcomeKind.REFUSED: gettext_lazy("断られた"),
    OutcomeKind.UNKNOWN: gettext_lazy("届いたかどうか分からない"),
}


def outcome_text(outcome: str) -> str:
    """Of an attempt; one without an outcome was begun, and nobody has said what became of it."""
    return str(_OUTCOMES[outcome]) if outcome in _OUTCOMES else _("結果はまだない")


def waiting_time(age: timedelta | None) -> str:
    """In the largest unit that says enough: 40秒, 12分, 3時間, 5日; empty for None."""
    if age is None:
        return ""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 120:
        return ngettext("%(num)s秒", "%(num)s秒", seconds) % {"num": seconds}
    if seconds < 2 * 3600:
        return ngettext("%(num)s分", "%(num)s分", seconds // 60) % {"num": seconds // 60}
    if seconds < 2 * 86400:
        return ngettext("%(num)s時間", "%(num)s時間", seconds // 3600) % {"num": seconds // 3600}
    return ngettext("%(num)s日", "%(num)s日", seconds // 86400) % {"num": seconds // 86400}
