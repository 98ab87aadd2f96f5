"""Mail receiver (SMTP): stores every mail and forwards none."""

import asyncio
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.mail_store import MailStore


class MailHandler:
    """aiosmtpd's handler: a mail is answered with 250 once it is a file."""

    def __init__(self, store: MailStore) -> None:
        self._letters = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        await asyncio.to_thread(self._letters.add, raw)
        return "250 OK"


def mail_receiver(folder: Path, port: int) -> Controller:
    """A receiver on 127.0.0.1 for mails stored in `folder`; `.start()` opens it in a thread of its own."""
    return Controller(MailHandler(MailStore(folder)), hostname="127.0.0.1", port=port)
