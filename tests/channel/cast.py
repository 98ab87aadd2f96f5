"""Messages to send by a channel, and what a webhook needs."""

import base64
import dataclasses

from django.utils import timezone

from renrakucho.channel.message import NoticeMessage, SenderPortal
from renrakucho.sheet.filled import FilledLine, FilledSheet

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
HTML = b"<!DOCTYPE html><title>\xe3\x81\x9f\xe3\x81\xa0\xe3\x81\x84\xe3\x81\xbe</title>"


def notice_message(**others: object) -> NoticeMessage:
    """A message to a provider whose table for the channel is empty; `others` replace fields."""
    line = FilledLine("name", "お名前", "𠮷田　花子", "𠮷田　花子")
    filled = FilledSheet(
        "some-water/stop@1", "使用中止", "inbox", "UTF-8", (line,), way_back="https://portal.example/a/x"
    )
    given = NoticeMessage(
        key="0190f3c0-0000-7000-8000-000000000001",
        number="123456789012",
        provider="some-water",
        provider_name="ある水道局",
        procedure="stop",
        filled=filled,
        written_at=timezone.now(),
        portal=SenderPortal("引越れんらく帳", "https://portal.example"),
    )
    return dataclasses.replace(given, **others)  # type: ignore[arg-type]
