"""Calendar file (iCalendar, RFC 5545) of the to-do list: one event of a whole day for each task, on its last day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

_PRODUCT = "-//renrakucho//to-do list//JA"


@dataclass(frozen=True)
class CalendarEntry:
    """One event. uid: the same for the same task of the same move, so that an imported file replaces an older one."""

    uid: str
    on: date
    title: str
    description: str
    url: str


def calendar_bytes(name: str, entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """The file's bytes. name: as the calendar is called; now: aware, when the file was made."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("description", entry.description)
        event.add("url", entry.url)
        event.add("transp", "TRANSPARENT")  # a day with a task is no busy day
        calendar.add_component(event)
    return bytes(calendar.to_ical())
