"""Alarms by mail to the bureau: one when a health check begins to fail, one when it ends, at most one an hour between.

Each lane that stands still is an alarm of its own. Open alarms are rows, so that any number of workers send one mail;
that of the database itself is a file beside the keys. No mail says anything of a mover.
"""

import logging
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.delivery.deliver_mail import OutgoingMail
from renrakucho.lib.database_clock import database_now
from renrakucho.monitoring.check_result import CheckResult, CheckState
from renrakucho.monitoring.database_checks import standing_still
from renrakucho.monitoring.installation_checks import CHECKS, DATABASE, LANES, STATIC_FILES, run_checks
from renrakucho.monitoring.lane_figures import lanes_standing_still
from renrakucho.monitoring.models import OpenAlarm

log = logging.getLogger(__name__)

AT_MOST_EVERY = timedelta(hours=1)
_FILE = "database_alarm"
_HOST = socket.gethostname()[:50]
_OF_MACHINE = frozenset(check.key for check in CHECKS if check.of_machine)


@dataclass
class AlarmNews:
    """News for one mail: alarms that began, that go on, and that ended, by their keys."""

    began: dict[str, CheckResult] = field(default_factory=dict)
    still: dict[str, CheckResult] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.began or self.still or self.ended)


def watch_installation() -> AlarmNews:
    """Run all checks, and mail what is new to the bureau. Returns what was told."""
    results = run_checks()
    news = AlarmNews()
    _watch_database(results[DATABASE], news)
    mailed = _watch_rows(results, news) if results[DATABASE].state == CheckState.OK else []
    if news:
        _log(news)
        try:
            _send(news)
        except (OSError, SMTPException) as error:
            log.error("the alarm could not be mailed: %s", type(error).__name__)
            _tell_again(mailed)
    return news


def _watch_rows(results: Mapping[str, CheckResult], news: AlarmNews) -> Sequence[OpenAlarm]:
    """Begin and end alarms. Returns the rows as they were, of those that the mail tells."""
    now = database_now()
    found = _failing(results)
    for key in found:
        OpenAlarm.objects.get_or_create(key=key, defaults={"began_at": now})
    told = []
    for alarm in OpenAlarm.objects.order_by("began_at", "key"):
        row = OpenAlarm.objects.filter(id=alarm.id, mailed_at=alarm.mailed_at)  # one worker of several gets it
        if alarm.key not in found:
            if _may_end(alarm.key, results) and row.delete()[0] and alarm.mailed_at:
                news.ended.append(alarm.key)
                told.append(alarm)
        elif row.filter(Q(mailed_at=None) | Q(mailed_at__lte=now - AT_MOST_EVERY)).update(mailed_at=now):
            (news.still if alarm.mailed_at else news.began)[alarm.key] = found[alarm.key]
            told.append(alarm)
    return told


def _failing(results: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """Those that fail, by the keys of their alarms: «disk@host», «lanes provider channel», «workers»."""
    alike = {key: result for key, result in results.items() if result.state == CheckState.FAILING and key != LANES}
    found = {f"{key}@{_HOST}" if key in _OF_MACHINE else key: result for key, result in alike.items()}
    found.pop(f"{STATIC_FILES}@{_HOST}", None)  # a machine with workers alone needs none
    if results[LANES].state == CheckState.FAILING:
        found |= {f"{LANES} {lane.provider} {lane.channel}": standing_still([lane]) for lane in lanes_standing_still()}
    return found


def _may_end(key: str, results: Mapping[str, CheckResult]) -> bool:
    """Whether this process can know that the alarm is over: it is no other machine's, and its check found something."""
    check, _of, host = key.partition(" ")[0].partition("@")
    return host in ("", _HOST) and (check not in results or results[check].state != CheckState.UNKNOWN)


def _tell_again(told: Sequence[OpenAlarm]) -> None:
    """Put the rows back as they were: their mail did not go out."""
    for alarm in told:
        OpenAlarm.objects.update_or_create(
            key=alarm.key, defaults={"began_at": alarm.began_at, "mailed_at": alarm.mailed_at}
        )


def _watch_database(result: CheckResult, news: AlarmNews) -> None:
    """The alarm of the database, which cannot be a row of it: the file's time is that of the last mail."""
    file = Path(settings.VAR) / _FILE
    told_at = datetime.fromtimestamp(file.stat().st_mtime, timezone.get_default_timezone()) if file.exists() else None
    if result.state == CheckState.FAILING:
        if told_at is None or timezone.now() - told_at >= AT_MOST_EVERY:
            (news.still if told_at else news.began)[DATABASE] = result
            with suppress(OSError):
                file.touch()
    elif told_at and result.state == CheckState.OK:
        with suppress(FileNotFoundError):  # another process was first
            file.unlink()
            news.ended.append(DATABASE)


def _log(news: AlarmNews) -> None:
    for key, result in (news.began | news.still).items():
        log.error("alarm %s: %s", key, result.said.english, extra={"event": "alarm", "alarm": key})
    for key in news.ended:
        log.warning("alarm %s has ended", key, extra={"event": "alarm_ended", "alarm": key})


def _send(news: AlarmNews) -> None:
    if not settings.BUREAU_MAIL:
        return
    parts = []
    for heading, results in ((_("始まったこと / began"), news.began), (_("続いていること / goes on"), news.still)):
        parts += [heading, *(f"- {key}: {result}" for key, result in results.items())] if results else []
    if news.ended:
        parts += [_("おさまったこと / ended"), *(f"- {key}" for key in news.ended)]
    about = ", ".join([*news.began, *news.still, *(f"({key})" for key in news.ended)])
    subject = _("【%(portal)s】監視のお知らせ: %(about)s") % {"portal": settings.PORTAL_NAME, "about": about[:100]}
    body = "\n\n".join([*parts, settings.BASE_URL])
    headers = {"Auto-Submitted": "auto-generated"}
    OutgoingMail(subject=subject, body=body, to=settings.BUREAU_MAIL, headers=headers).send()
