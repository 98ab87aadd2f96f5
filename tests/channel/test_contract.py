"""Contract tests: every channel in CHANNELS keeps these rules; a new channel is tested by being listed there."""

import dataclasses
import importlib
from pathlib import Path

import pytest

import renrakucho.channel
from renrakucho.channel.channel import Channel
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.management.commands.docs import channels_page
from tests.channel.cast import notice_message

DELIVERED = {name: it for name, it in CHANNELS.items() if it.send}
every_channel = pytest.mark.parametrize("name", CHANNELS)
every_delivered = pytest.mark.parametrize("name", DELIVERED)
ROOM = Path(renrakucho.channel.__path__[0])


@every_channel
def test_a_channel_is_described_in_its_own_folder(name: str) -> None:
    module = importlib.import_module(f"renrakucho.channel.{name}.{name}_channel")
    assert getattr(module, name.upper()) is CHANNELS[name]


def test_every_folder_is_a_channel_of_the_table() -> None:
    assert {path.parent.name for path in ROOM.glob("*/__init__.py")} == set(CHANNELS)


@every_channel
def test_a_channel_describes_its_needs_its_proofs_and_its_failures(name: str) -> None:
    channel = CHANNELS[name]
    texts = {field.name: getattr(channel, field.name) for field in dataclasses.fields(Channel) if field.type is str}
    assert set(texts) == {"label", "needs", "arrived", "accepted", "failing"}
    for name, text in texts.items():
        assert text, name
        assert not {"|", "\n"} & set(text), "it stands in a cell of a table"


@every_delivered
@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_channel_without_settings_refuses_and_raises_nothing(name: str, withdrawn: bool) -> None:
    send = CHANNELS[name].send
    assert send
    outcome = send(notice_message(withdrawn=withdrawn))
    assert isinstance(outcome, Outcome)
    if CHANNELS[name].table_faults({}):
        assert outcome.kind == OutcomeKind.REFUSED
        assert outcome.evidence


@every_delivered
def test_evidence_holds_nothing_of_the_mover(name: str) -> None:
    send = CHANNELS[name].send
    assert send
    outcome = send(notice_message())
    assert "𠮷田" not in outcome.evidence
    assert "𠮷田" not in outcome.reference


def test_docs_channels_is_generated_from_the_channels() -> None:
    assert Path("docs/channels.md").read_text("utf-8") == channels_page()
