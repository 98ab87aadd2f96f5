"""Webhook channel: a signed POST to the provider's own system, repeated under an idempotency key until it arrives.

[some-gas.webhook]
url = "https://api.some-gas.example/moves"
secret = "whsec_…"                # or a list of secrets, while they are rotated
ca = "…/their-authority.pem"      # may be left out: a private certificate authority
[here.webhook]
allow = ["10.1.2.0/24"]           # private networks that may be reached
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict

from renrakucho.channel.channel import Channel
from renrakucho.channel.message import NoticeMessage, message_document
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.table_faults import (
    PUBLISHED_SECRET,
    TableFault,
    authority_faults,
    is_published,
    network_faults,
    url_faults,
)
from renrakucho.channel.webhook.response_outcome import webhook_outcome
from renrakucho.channel.webhook.webhook_signing import BadWebhookSecret, is_webhook_secret, webhook_headers
from renrakucho.lib.kept_connections import KeptConnections
from renrakucho.lib.message_text import N_
from renrakucho.lib.safe_http import SECONDS, NoHttpResponse, NotSent, is_this_machine, parse_networks, safe_request


class WebhookTable(TypedDict):
    """[<provider>.webhook] over [here.webhook]"""

    url: str
    secret: str | list[str]
    ca: NotRequired[str]
    allow: NotRequired[list[str]]


_KEPT = KeptConnections()  # a push is repeated under its webhook-id anyway


def push_webhook(message: NoticeMessage) -> Outcome:
    """POST the notice. The message's key is the webhook-id of every attempt."""
    table = message.table
    if not has_webhook(table):
        return Outcome(OutcomeKind.REFUSED, "no url or no secret")
    now = datetime.now(UTC)
    body = json.dumps(message_document(message), ensure_ascii=False, separators=(",", ":")).encode()
    try:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "renrakucho",
            **webhook_headers(_secrets(table), message.key, body, now),
        }
        named, authorities = parse_networks(table.get("allow", ())), table.get("ca")
        answer = safe_request(
            table["url"], body, headers, named=named, authorities=authorities, seconds=SECONDS, kept=_KEPT
        )
    except BadWebhookSecret:
        return Outcome(OutcomeKind.REFUSED, "the secret is not whsec_ and base64 of 24 bytes or more")
    except NotSent as error:
        # DNS or the network may be right again at the next attempt; nothing has left this machine.
        return Outcome(OutcomeKind.TRY_LATER, f"not sent: {error}", reached=False)
    except NoHttpResponse as error:
        return Outcome(OutcomeKind.UNKNOWN, f"no answer: {error}", reached=False)
    except ValueError:
        return Outcome(OutcomeKind.REFUSED, "allow holds what is no network")
    return webhook_outcome(answer, now)


def _faults(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    yield from url_faults(("url",), table["url"], plain_http=lambda host: trial or is_this_machine(host))
    yield from network_faults(("allow",), table.get("allow", ()))
    if "ca" in table:
        yield from authority_faults(("ca",), table["ca"])
    secrets = _secrets(table)
    if not secrets or not all(isinstance(each, str) and is_webhook_secret(each) for each in secrets):
        yield TableFault(
            ("secret",),
            "secretは、whsec_に続けて24バイト以上をbase64で書いたものです",
            "the secret is not whsec_ and base64 of 24 bytes or more",
        )
    elif not trial and any(map(is_published, secrets)):
        yield PUBLISHED_SECRET


def has_webhook(table: Mapping[str, Any]) -> bool:
    """Whether the table has a URL and a secret."""
    return bool(table.get("url") and _secrets(table))


def _secrets(table: Mapping[str, Any]) -> tuple[str, ...]:
    secret = table.get("secret", ())
    return (secret,) if isinstance(secret, str) else tuple(secret)


WEBHOOK = Channel(
    label=N_("システム連携"),
    needs=N_("HTTPSでJSONを受けるシステムの入口(webhook)と、署名の鍵。受理と差戻しはAPIで返す。"),
    arrived=N_(
        "事業者のシステムが2xxか409で答えたこと(送信済)と、APIで読んだこと(到達)。"
        "答えがHTMLのときや途切れたときは届いたとは言わず、同じ鍵でもう一度送る。"
    ),
    accepted=N_("事業者のシステムが、自分の鍵でAPIに受付番号を入れたこと。どの鍵でいつかを記録する。"),
    failing=N_(
        "間をあけて約2日、同じ鍵で送り直す。断られたときと届かないときは未達になり、お客さまにメールで知らせる。"
        "あとからAPIで取り出すこともできる。"
    ),
    send=push_webhook,
    table=WebhookTable,
    faults=_faults,
)
