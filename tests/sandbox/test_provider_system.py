"""The stand-in for a provider's own system: what it takes, keeps and shows."""

import io
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from sandbox import routes
from sandbox.http_messages import Request
from sandbox.routes import Sandbox
from sandbox.system.provider_system import ProviderSystem
from tests.sandbox.visitor import a_sandbox

SLUG = "yokosuka-water"
SECRET = tomllib.loads((Path(routes.__file__).parent / "secrets.toml").read_text("utf-8"))[SLUG]


def document(number: str = "123456789012", **others: object) -> bytes:
    """As the portal pushes it."""
    line = {"name": "holder_name", "label": "使用される方のお名前", "text": "𠮷田", "shown": "𠮷田"}
    told = {
        "document": "notice",
        "number": number,
        "provider": {"id": SLUG, "name": "横須賀市上下水道局"},
        "portal": {"name": "引越れんらく帳", "url": "http://127.0.0.1:9"},
        "form": {"title": "水道の使用開始", "lines": [line]},
    }
    return json.dumps(told | others, ensure_ascii=False).encode()


def push(sandbox: Sandbox, body: bytes, key: str = "k-1", secret: str = SECRET) -> int:
    now = datetime.now(UTC)
    signed = Webhook(secret).sign(key, now, body.decode())
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"/system/{SLUG}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_WEBHOOK_ID": key,
        "HTTP_WEBHOOK_TIMESTAMP": str(int(now.timestamp())),
        "HTTP_WEBHOOK_SIGNATURE": signed,
    }
    list(sandbox(environ, lambda status, headers: statuses.append(status)))  # type: ignore[arg-type]
    return int(statuses[0].split()[0])


def listed(sandbox: Sandbox) -> str:
    return sandbox._systems[SLUG].list_page().body.decode()


def test_a_signed_notice_is_stored_and_shown(sandbox: Sandbox) -> None:
    assert push(sandbox, document()) == 200
    shown = listed(sandbox)
    for word in ("横須賀市上下水道局", "123456789012", "水道の使用開始", "𠮷田"):
        assert word in shown


def test_a_repeated_key_is_answered_with_a_conflict(sandbox: Sandbox) -> None:
    assert [push(sandbox, document()), push(sandbox, document())] == [200, 409]
    assert "2回届きました" in listed(sandbox)


def test_a_forged_push_is_refused(sandbox: Sandbox) -> None:
    assert push(sandbox, document(), secret="whsec_" + "A" * 32) == 401
    assert "まだ一件も届いていません" in listed(sandbox)


def test_a_withdrawal_is_shown_as_one(sandbox: Sandbox) -> None:
    push(sandbox, document())
    push(sandbox, document(document="withdrawal"), key="k-1:withdrawn")
    assert "お客さまが取り消しました" in listed(sandbox)


def test_a_portal_without_an_answer_is_reported(sandbox: Sandbox) -> None:
    push(sandbox, document())
    system = sandbox._systems[SLUG]
    assert system.answer(Request("POST", "", b"receipt_number=1"), "123456789012", "accept")
    assert "引越れんらく帳から答えがありません" in listed(sandbox)


@pytest.mark.parametrize("number", ["999999999999", "../secrets", "x"])
def test_an_unknown_number_has_no_page(tmp_path: Path, number: str) -> None:
    system: ProviderSystem = a_sandbox(tmp_path)._systems[SLUG]
    assert system.answer(Request("POST", "", b""), number, "accept") is None
