"""The time as the sandbox's pages tell it."""

from datetime import datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now_in_japan() -> datetime:
    return datetime.now(JAPAN)
