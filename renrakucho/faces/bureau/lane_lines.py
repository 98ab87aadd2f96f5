"""Lanes as lines of a page: what stands still first, then what has waited longest."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from renrakucho.faces.bureau.outcome_texts import waiting_time
from renrakucho.monitoring.lane_figures import LaneFigures
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.operator_decisions import OperatorDecision, pause_of
from renrakucho.page.formatting import channel_label


@dataclass(frozen=True)
class LaneLine:
    """name, channel: as people know them. pause: the operator's; None: the lane is not paused."""

    lane: LaneFigures
    name: str
    channel: str
    pause: OperatorDecision | None

    @property
    def waited(self) -> str:
        return waiting_time(self.lane.oldest_due)

    @property
    def trouble(self) -> bool:
        """Whether somebody has to look: it stands still, and not because the bureau said so."""
        return self.pause is None and (self.lane.stands_still or self.lane.breaker_open)


def lane_lines(lanes: Iterable[LaneFigures]) -> list[LaneLine]:
    """The lines in the order in which somebody at night wants them."""
    lines = [
        LaneLine(
            lane,
            provider_name(lane.provider) or _("(事業者なし)"),
            channel_label(lane.channel) or lane.channel or _("(方式なし)"),
            pause_of(lane.provider, lane.channel),
        )
        for lane in lanes
    ]
    return sorted(lines, key=_order)


def _order(line: LaneLine) -> tuple[bool, bool, float, int, str, str]:
    lane = line.lane
    waited = lane.oldest_due.total_seconds() if lane.oldest_due else 0
    return (not line.trouble, line.pause is None, -waited, -lane.failed, lane.provider, lane.channel)
