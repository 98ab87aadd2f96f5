"""Webhook signatures by Standard Webhooks (https://www.standardwebhooks.com/, as of 2026-11)."""

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

from renrakucho.lib.errors import InvalidInput

PREFIX = "whsec_"
_SHORTEST_SECRET = 24  # bytes, by the standard


class BadWebhookSecret(InvalidInput):
    """A secret is not whsec_ and base64 of at least 24 bytes. The message does not quote it."""


def webhook_headers(secrets: Iterable[str], message: str, body: bytes, now: datetime) -> dict[str, str]:
    """webhook-id, webhook-timestamp and webhook-signature, with a signature by each secret, so that secrets can be
    rotated. `message` is the webhook-id. Raises BadWebhookSecret.
    """
    at = now.astimezone(UTC)
    text = body.decode()
    signatures = [_webhook(secret).sign(message, at, text) for secret in secrets]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def is_webhook_secret(secret: str) -> bool:
    """Whether it is whsec_ and base64 of at least 24 bytes."""
    try:
        _webhook(secret)
    except BadWebhookSecret:
        return False
    return True


def _webhook(secret: str) -> Webhook:
    try:
        raw = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadWebhookSecret from None
    if not secret.startswith(PREFIX) or len(raw) < _SHORTEST_SECRET:
        raise BadWebhookSecret
    return Webhook(raw)
