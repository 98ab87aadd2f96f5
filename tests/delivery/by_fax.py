"""A water office that is reached by fax, and a notice to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from renrakucho.delivery.address_verification import mark_verified
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice
from tests import cast
from tests.channel.hfaxd_in_play import Exchange, playing
from tests.receipt.test_turns import WATER, answers_of

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
    notice = cast.notice(WATER, **others)
    keep_draft(notice, answers=answers_of(notice))
    return enter_notice(notice)
