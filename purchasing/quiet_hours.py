"""A person's quiet hours: from when to when, by the clock of their own zone, nothing is told that can wait."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from purchasing.errors import BadInput
from purchasing.people import Person

DAY = timedelta(days=1)


def quiet_since(person: Person, now: datetime) -> datetime | None:
    """When the quiet hours that last now began, None outside of them."""
    if person.quiet is None:
        return None
    start, end = person.quiet
    local = now.astimezone(ZoneInfo(person.zone))
    minute = local.hour * 60 + local.minute
    began = local.replace(hour=start // 60, minute=start % 60, second=0, microsecond=0)
    if start < end:
        return began if start <= minute < end else None
    if minute >= start:
        return began
    return began - DAY if minute < end else None


def parse_hours(typed: str) -> tuple[int, int]:
    """Minutes of the day of `22:30-8:00` or `22-8`. Raises BadInput."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))?\s*[-–—]\s*(\d{1,2})(?::(\d\d))?", typed.strip())
    if found is None:
        raise BadInput("quiet", "hours_span", typed)
    start, end = (int(found[i]) * 60 + int(found[i + 1] or 0) for i in (1, 3))
    wrong_minutes = any(int(found[i] or 0) > 59 for i in (2, 4))
    if wrong_minutes or start == end or max(start, end) >= 24 * 60:
        raise BadInput("quiet", "hours_span", typed)
    return start, end


def hours_text(quiet: tuple[int, int]) -> str:
    start, end = quiet
    return f"{start // 60:02d}:{start % 60:02d}–{end // 60:02d}:{end % 60:02d}"
