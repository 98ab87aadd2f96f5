"""A channel in play, a water office that is reached by fax, and notices to them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.address_verification import mark_verified
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice
from renrakucho.receipt.mover_actions import enter_notice
from tests.channel.hfaxd_in_play import Exchange, playing
from tests.receipt.cast import answered

PROVIDER, CHANNEL, NUMBER = "akishima-water", "fax", "+81425000000"


def connect(settings: Any, folder: Path, server: str, number: str = NUMBER) -> None:
    """The office is called at this number by this server; a file of its own, as each is read once."""
    path = folder / f"{number}.toml"
    path.write_text(f'[{PROVIDER}.fax]\nnumber = "{number}"\nserver = "{server}"\n', "utf-8")
    settings.CONNECTIONS = str(path)


@contextmanager
def office(settings: Any, folder: Path, *becomes: tuple[str, str], proved: bool = True) -> Iterator[Exchange]:
    """The office's line, and what becomes of each call."""
    with playing(becomes=list(becomes)) as exchange:
        connect(settings, folder, exchange.server)
        if proved:
            mark_verified(PROVIDER, CHANNEL)
        yield exchange


def entered(**others: str) -> Notice:
    """A notice that its mover has confirmed."""
    return enter_notice(answered(**others))


class FakeChannel:
    """A channel that answers with these outcomes in turn, then breaks; keys: of the messages that it was handed."""

    def __init__(self, *kinds: OutcomeKind) -> None:
        self.kinds = list(kinds)
        self.keys: list[str] = []

    def __call__(self, message: NoticeMessage) -> Outcome:
        self.keys.append(message.key)
        if not self.kinds:
            raise ConnectionResetError
        return Outcome(self.kinds.pop(0), "raw answer")


def replace_inbox(monkeypatch: pytest.MonkeyPatch, send: Callable[[NoticeMessage], Outcome]) -> None:
    """Notices to the inbox go to `send` instead."""
    monkeypatch.setitem(CHANNELS, "inbox", replace(CHANNELS["inbox"], send=send))


def deliver(monkeypatch: pytest.MonkeyPatch, channel: FakeChannel, rounds: int = 1) -> Notice:
    """Enter a notice, and run the worker so many times, a day apart."""
    replace_inbox(monkeypatch, channel)
    notice = enter_notice(answered())
    for ahead in range(rounds):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=ahead))
    return Notice.objects.get(id=notice.id)
