"""A decision of the operator as a line of a table, with the act that ends it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from renrakucho.faces.bureau.act_table import ACTS
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision
from renrakucho.page.formatting import channel_label

_ENDED_BY = {
    DecisionKind.PAUSE: "resume",
    DecisionKind.NOT_CONNECTED: "connect",
    DecisionKind.ANNOUNCEMENT: "end-announcement",
    DecisionKind.DESTINATION: "confirm-destination",
}


@dataclass(frozen=True)
class DecisionLine:
    decision: OperatorDecision

    @property
    def where(self) -> str:
        """The provider and the channel that it is about; empty where it is about everything."""
        name = provider_name(self.decision.provider) if self.decision.provider else ""
        return " ".join(filter(None, (name, channel_label(self.decision.channel))))

    @property
    def act(self) -> str:
        """The name of the act that ends it."""
        return _ENDED_BY[DecisionKind(self.decision.kind)]

    @property
    def title(self) -> Promise:
        return ACTS[self.act].title

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Name and value of each field of the form that ends it."""
        if self.decision.kind == DecisionKind.ANNOUNCEMENT:
            return [("decision", str(self.decision.id))]
        return [("provider", self.decision.provider), ("channel", self.decision.channel)]
