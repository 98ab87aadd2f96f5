"""Stand-in for a provider's own system: it receives pushed notices, and its people answer through the portal's API."""

import json
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from sandbox.http_messages import Request, Response
from sandbox.rendering import render_page
from sandbox.system.portal_client import call_notices
from sandbox.system.received_notices import ReceivedNotice, ReceivedNotices

_FIELDS = {"accept": "receipt_number", "return": "reason"}


class ProviderSystem:
    """One provider's. secret: of its webhook; keys: the file with the trial keys, a line for each provider."""

    def __init__(self, slug: str, secret: str, folder: Path, keys: Path) -> None:
        self._slug = slug
        self._webhook = Webhook(secret)
        self._notices = ReceivedNotices(folder)
        self._keys = keys

    def receive(self, request: Request, now: datetime) -> Response:
        """A push: 401 unless it is signed, 409 for one that came before."""
        try:
            document = self._webhook.verify(request.body, dict(request.headers))
        except (WebhookVerificationError, ValueError):
            return _in_json({"error": "the signature does not hold"}, HTTPStatus.UNAUTHORIZED)
        if self._notices.add(request.headers["webhook-id"], document, now):
            return _in_json({"received": document["number"]})
        return _in_json({"error": "this came before"}, HTTPStatus.CONFLICT)

    def list_page(self) -> Response:
        """The list, as the provider's people see it."""
        arrivals = self._notices.all()
        name = arrivals[0].document["provider"]["name"] if arrivals else self._slug
        return render_page("system.html", "UTF-8", slug=self._slug, name=name, arrivals=arrivals)

    def answer(self, request: Request, number: str, verb: str) -> Response | None:
        """A button of the list: read, accept or return. None: there is no such notice."""
        arrival = self._notices.find(number)
        if arrival is None:
            return None
        self._notices.note(number, self._send_answer(arrival, verb, request.posted("UTF-8")))
        return Response(b"", "text/plain", HTTPStatus.SEE_OTHER, (("Location", f"/system/{self._slug}"),))

    def _send_answer(self, arrival: ReceivedNotice, verb: str, posted: dict[str, str]) -> str:
        lines = self._keys.read_text().splitlines() if self._keys.exists() else []
        key = dict(line.split(" ", 1) for line in lines).get(self._slug, "")
        portal = arrival.document["portal"]["url"]
        try:
            if verb == "read":
                status, answer = call_notices(portal, f"/{arrival.number}", key)
            else:
                field = _FIELDS.get(verb)
                body = {field: posted.get(field, "")} if field else {}
                status, answer = call_notices(portal, f"/{arrival.number}/{verb}", key, body)
        except (OSError, ValueError) as error:
            return f"引越れんらく帳から答えがありません（{type(error).__name__}）"
        return _answer_text(status, answer)


def _answer_text(status: int, answer: dict[str, Any]) -> str:
    if status != HTTPStatus.OK:
        return f"{status} {answer.get('detail', '')}"
    names = {"accepted": "受理", "returned": "差戻し", "withdrawn": "取消", "sent": "送信済"}
    return " ".join(
        filter(None, (names.get(answer["status"], answer["status"]), answer["receipt_number"], answer["reason"]))
    )


def _in_json(content: dict[str, str], status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(json.dumps(content).encode(), "application/json", status)
