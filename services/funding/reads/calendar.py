"""Deadlines as any calendar reads them.

Source: RFC 5545.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from services.funding.model.exports import ALERT_DAYS, Deadline


def written(coordination: str, deadlines: Iterable[Deadline], *, at: datetime) -> bytes:
    """Return a calendar of whole days, each told ahead 180, 90 and 30 days before.

    The same deadline keeps its identity from one export to the next, so that a calendar that
    already holds it moves it rather than doubles it.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//CTIN//Financement//FR")
    calendar.add("version", "2.0")
    calendar.add("name", f"Échéances de {coordination}")
    for one in deadlines:
        event = Event()
        event.add("uid", f"{one.key}@{coordination}.ctin")
        event.add("dtstamp", at)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + timedelta(days=1))
        event.add("summary", one.title)
        event.add("description", one.detail)
        event.add("transp", "TRANSPARENT")
        for days in ALERT_DAYS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", one.title)
            alarm.add("trigger", timedelta(days=-days))
            event.add_component(alarm)
        calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found
