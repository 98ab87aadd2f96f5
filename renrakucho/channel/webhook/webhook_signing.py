"""The headers of a push, by Standard Webhooks (https://www.standardwebhooks.com/, as of 2026-11)."""

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

from renrakucho.lib.errors import InvalidInput

PREFIX = "whsec_"
_SHORTEST = 24  # bytes, by the standard


class BadWebhookSecret(InvalidInput):
    """A secret is not whsec_ and base64 of at least 24 bytes. It is not quoted."""


def webhook_headers(secrets: Iterable[str], message: str, body: bytes, now: datetime) -> dict[str, str]:
    """webhook-id, webhook-timestamp, webhook-signature: one signature a secret, so that secrets can be changed while
    both are good. Raises BadSecret.
    """
    at = now.astimezone(UTC)
    words = body.decode()
    made = [_key(secret).sign(message, at, words) for secret in secrets]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(made),
    }


def _key(secret: str) -> Webhook:
    try:
        raw = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadWebhookSecret from None
    if not secret.startswith(PREFIX) or len(raw) < _SHORTEST:
        raise BadWebhookSecret
    return Webhook(raw)
