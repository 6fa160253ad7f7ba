"""Reads and writes the Open Platform's dates. A time without a zone is Shanghai's; the answer is always in UTC."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_COMPACT = re.compile(r"(\d{14})(\d{3})?([+-]\d{4})?")


def parse(text: str) -> datetime | None:
    """`yyyyMMddHHmmss[SSS][±zzzz]`, `yyyy-MM-dd HH:mm:ss` or milliseconds since 1970; None when it is none of them."""
    text = text.strip()
    if re.fullmatch(r"\d{13}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    try:
        if compact := _COMPACT.fullmatch(text):
            seconds, millis, zone = compact.groups()
            text = f"{seconds[:8]}T{seconds[8:]}.{millis or '000'}{zone or ''}"
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def write(moment: datetime) -> str:
    """As calls take it: `yyyyMMddHHmmssSSS+0800`."""
    local = moment.astimezone(SHANGHAI)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}+0800"
