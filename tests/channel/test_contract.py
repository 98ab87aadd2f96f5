"""What every channel keeps to, whichever it is. A new channel is held against it by standing in CHANNELS."""

import dataclasses
from pathlib import Path

import pytest
from django.utils import timezone

import renrakucho.channel
from renrakucho.channel.channel import Channel
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage, SenderPortal
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.management.commands.docs import channels_page
from renrakucho.sheet.filled import FilledLine, FilledSheet

DELIVERED = {name: it for name, it in CHANNELS.items() if it.send}
every_channel = pytest.mark.parametrize("name", CHANNELS)
every_delivered = pytest.mark.parametrize("name", DELIVERED)
ROOM = Path(renrakucho.channel.__path__[0])


def parcel(**others: object) -> NoticeMessage:
    """To a provider whose table says nothing."""
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


@every_channel
def test_it_has_a_folder_of_its_own(name: str) -> None:
    assert (ROOM / name / "__init__.py").exists()


def test_no_folder_is_forgotten() -> None:
    assert {path.parent.name for path in ROOM.glob("*/__init__.py")} == set(CHANNELS)


@every_channel
def test_it_says_what_it_needs_proves_and_does_at_failure(name: str) -> None:
    channel = CHANNELS[name]
    for field in dataclasses.fields(Channel):
        words = getattr(channel, field.name)
        if isinstance(words, str):
            assert words, field.name
            assert "|" not in words, "it stands in a table"
            assert "\n" not in words


@every_delivered
@pytest.mark.parametrize("withdrawn", [False, True])
def test_an_empty_table_is_answered_and_never_called_sent_by_mistake(name: str, withdrawn: bool) -> None:
    """Whatever it lacks, the channel says so in our words and raises nothing; what is not ready is never sent."""
    send = CHANNELS[name].send
    assert send
    outcome = send(parcel(withdrawn=withdrawn))
    assert isinstance(outcome, Outcome)
    if not CHANNELS[name].ready({}):
        assert outcome.kind == OutcomeKind.REFUSED
        assert outcome.evidence


@every_delivered
def test_what_it_keeps_as_evidence_names_nobody(name: str) -> None:
    """Evidence is the outside world's answer; what we sent is in the frozen sheet already."""
    send = CHANNELS[name].send
    assert send
    outcome = send(parcel())
    assert "𠮷田" not in outcome.evidence
    assert "𠮷田" not in outcome.reference


def test_the_page_is_what_the_channels_say() -> None:
    assert Path("docs/channels.md").read_text("utf-8") == channels_page()
