"""The mail receiver: takes every letter, sends none on."""

import asyncio
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.letters import Letters


class PostBox:
    """aiosmtpd's handler: a letter is taken once it is a file."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        await asyncio.to_thread(self._letters.add, raw)
        return "250 OK"


def post_box(folder: Path, port: int) -> Controller:
    """A receiver on 127.0.0.1 for letters kept in `folder`; `.start()` opens it in a thread of its own."""
    return Controller(PostBox(Letters(folder)), hostname="127.0.0.1", port=port)
