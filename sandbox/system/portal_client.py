"""The portal's API as a provider's engineer would call it, with nothing but the standard library."""

import json
import urllib.error
import urllib.request
from hashlib import sha256
from typing import Any


def call_notices(portal: str, path: str, key: str, body: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    """Status and JSON of /api/v1/notices<path>: a GET without a body, a POST with one. OSError: no answer."""
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    if content:
        # The same answer to the same notice is one answer, however often the button is pressed.
        headers["Idempotency-Key"] = sha256(path.encode() + content).hexdigest()
    if not portal.startswith(("http://", "https://")):
        raise OSError("the portal has no address")
    request = urllib.request.Request(f"{portal}/api/v1/notices{path}", content, headers)  # noqa: S310 - seen above
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)
