"""Bar charts of a day, drawn as SVG by the server: a bar an hour, the present hour last.

The drawing says nothing that the table below it does not, and its description sums it up for those who hear it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from renrakucho.page.formatting import format_clock

WIDTH, HEIGHT = 288, 64
_STEP, _BAR = 12, 9
_LEAST = 2  # so that one among thousands is seen


@dataclass(frozen=True)
class ChartBar:
    """In units of the drawing, from its upper left corner."""

    x: int
    y: int
    height: int


@dataclass(frozen=True)
class DayChart:
    """key: of what it shows, for ids; bars: those that are not zero; most: the highest figure of an hour."""

    key: str
    title: str
    description: str
    bars: tuple[ChartBar, ...]
    most: int
    total: int


def draw_day_chart(key: str, title: str, hours: Sequence[datetime], counts: Sequence[int]) -> DayChart:
    """The chart of one figure. hours, counts: one an hour, as many of both, at least one."""
    most, total = max(counts), sum(counts)
    bars = tuple(
        ChartBar(at * _STEP + (_STEP - _BAR) // 2, HEIGHT - height, height)
        for at, count in enumerate(counts)
        if (height := bar_height(count, most))
    )
    values = {"total": total, "most": most, "hour": format_clock(hours[counts.index(most)])}
    description = _("24時間で%(total)s件。いちばん多かったのは%(hour)sからの1時間で、%(most)s件。") % values
    return DayChart(key, title, description if total else _("24時間で0件。"), bars, most, total)


def bar_height(count: int, most: int) -> int:
    """In proportion to the highest figure; never nothing for something."""
    return max(_LEAST, round(count * HEIGHT / most)) if count else 0
