"""Nightly files: a provider that can do files only gets one CSV a night, and brings its answers in another.

[some-water.files]
folder = "/srv/sftp/some-water"     # of the provider's account on the SFTP server
encoding = "UTF-8"                  # or Shift_JIS, where its system reads nothing else
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from renrakucho.channel.files.folder import AnotherThere, put
from renrakucho.channel.files.table import table
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.parcel import Parcel
from renrakucho.lib.browser_encoding import Unsayable
from renrakucho.lib.csv_file import ENCODINGS

_WAITING = "waiting"
_A_DAY = timedelta(days=1)


def send(parcel: Parcel) -> Outcome:
    """It waits for the next file, and is not called sent before that is written; what cannot be written is said now."""
    if not ready(parcel.table):
        return Outcome(OutcomeKind.REFUSED, "no folder, or no such encoding")
    try:
        table([parcel], encoding_of(parcel.table))
    except Unsayable as error:
        return Outcome(OutcomeKind.REFUSED, str(error))
    return Outcome(OutcomeKind.UNDER_WAY, reference=parcel.reference or _WAITING, again_after=_A_DAY)


def gather(parcels: Sequence[Parcel], name: str) -> Outcome:
    """Write the file with all of them; the same name again is the same file."""
    first = parcels[0]
    try:
        content = table(parcels, encoding_of(first.table))
        told = put(Path(first.table["folder"]), f"{first.provider}-{name}.csv", content)
    except (OSError, Unsayable) as error:
        reason = "another file has this name" if isinstance(error, AnotherThere) else type(error).__name__
        return Outcome(OutcomeKind.TRY_LATER, reason)
    return Outcome(OutcomeKind.SENT, f"{first.provider}-{name}.csv sha256 {told}")


def ready(table: Mapping[str, Any]) -> bool:
    """Whether it says where, and in an encoding that we write."""
    return bool(table.get("folder")) and encoding_of(table) in ENCODINGS


def encoding_of(table: Mapping[str, Any]) -> str:
    """UTF-8 where nothing is said."""
    return str(table.get("encoding", "UTF-8"))
