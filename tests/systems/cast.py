"""A provider's system with its key, and what it asks."""

import json
from typing import Any
from uuid import uuid4

from django.test import Client

from renrakucho.notice.models import Notice
from renrakucho.provider.system_key import create_key

AKISHIMA = "akishima-water"


class System:
    """Speaks to the API and nothing else."""

    def __init__(self, provider: str = AKISHIMA, *, read: bool = True, answer: bool = True, key: str = "") -> None:
        self.key = key or create_key(provider, f"CIS {uuid4()}", may_read=read, may_answer=answer)[1]
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str = "", **query: str | int) -> Any:
        """GET /api/v1/notices<path>."""
        return self.client.get(f"/api/v1/notices{path}", query, headers=self.headers())

    def post(self, path: str, body: object, *, once: str = "", kind: str = "application/json") -> Any:
        """POST /api/v1/notices<path>; a body of bytes is sent as it is."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = self.headers() | ({"Idempotency-Key": once} if once else {})
        return self.client.post(f"/api/v1/notices{path}", raw, content_type=kind, headers=headers)

    def accept(self, number: str, receipt_number: str = "A-1", *, once: str = "") -> Any:
        return self.post(f"/{number}/accept", {"receipt_number": receipt_number}, once=once)

    def send_back(self, number: str, reason: str = "番号がちがいます", *, once: str = "") -> Any:
        return self.post(f"/{number}/return", {"reason": reason}, once=once)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


def reason(response: Any) -> tuple[int, str]:
    """The status and the reason of a problem."""
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["detail"]
    return problem["status"], problem["reason"]


def kinds(notice: Notice) -> list[str]:
    """The notice's receipts, in order."""
    return list(notice.receipts.order_by("id").values_list("kind", flat=True))


def happened(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """The lines of a list: number and kind."""
    return [(line["number"], line["happened"]) for line in answer["notices"]]
