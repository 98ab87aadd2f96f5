"""Clock of the sandbox: the time in Japan."""

from datetime import datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now_in_japan() -> datetime:
    return datetime.now(JAPAN)
