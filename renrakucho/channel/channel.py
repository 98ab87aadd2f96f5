"""Channel interface: how one channel sends notices, reads answers and describes itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renrakucho.channel.address_test import AddressTest
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome
from renrakucho.channel.table_faults import TableFault, schema_faults


@dataclass(frozen=True)
class AnswerRow:
    """One row of an answer file. A right row has either a receipt number or a reason for returning. mistake: why the
    row cannot be what was meant, or empty. check_way, check_note: how the provider made sure of its customer, as it was
    written, and more words on it; both may be empty.
    """

    number: str
    receipt_number: str
    reason: str
    mistake: str = ""
    check_way: str = ""
    check_note: str = ""


@dataclass(frozen=True)
class AnswerFile:
    """A file of answers from a provider.

    name: the file's name in the provider's folder. mistake: why no row can be read, or empty. settle: takes one result
    a row, in the rows' order, as sentences for the provider's staff, and writes them back; the file is not read again.
    """

    name: str
    rows: tuple[AnswerRow, ...]
    mistake: str
    settle: Callable[[Sequence[str]], None]


def no_own_table(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    """The fault of a channel that has no table of its own in connections.toml."""
    yield TableFault((), "この方式は、自分の表を持ちません", "this channel has no table of its own")


def _no_faults(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    yield from ()


@dataclass(frozen=True)
class Channel:
    """How notices travel to a provider. A table is the provider's own for the channel, from connections.toml.

    send: sends one message, or asks what became of it; None where the mover's own browser carries the form.
    table: TypedDict of the table's keys; None where they are not checked. faults: what else cannot work in a table that
    has the right keys; its second argument says whether this installation is a trial.
    send_batch: sends many messages that `send` left UNDER_WAY, under a batch name that stays at every retry.
    last_serial: the highest serial of a provider's batch that the place of its table knows, whatever the database says;
    0 where it knows of none.
    read_answers: the answer files that have come by this channel.
    address_test: how an address is verified before anything personal goes there; None where none has to be.
    local: whether `send` stays on this machine, so that it can neither hang nor be unreachable.
    confidential: whether the notice of a mover in hiding may travel by it: only the provider's own people read it on
    the way, and they see the mark. Not a sheet of paper in a tray, a file of many, or a portal that may not know it.
    The texts are for docs/channels.md: what a provider needs, what proves arrival and acceptance, and what happens at a
    failure.
    """

    label: str
    needs: str
    arrived: str
    accepted: str
    failing: str
    send: Callable[[NoticeMessage], Outcome] | None = None
    table: type[Any] | None = None
    faults: Callable[[Mapping[str, Any], bool], Iterator[TableFault]] = _no_faults
    send_batch: Callable[[Sequence[NoticeMessage], str], Outcome] | None = None
    last_serial: Callable[[Mapping[str, Any], str], int] | None = None
    read_answers: Callable[[Mapping[str, Any]], Iterator[AnswerFile]] | None = None
    address_test: AddressTest | None = None
    local: bool = False
    confidential: bool = True

    def table_faults(self, table: Mapping[str, Any], trial: bool = True) -> list[TableFault]:
        """Every fault of a table; those of values only where all keys are right."""
        keys = list(schema_faults(table, self.table, "the table")) if self.table else []
        return keys or list(self.faults(table, trial))
