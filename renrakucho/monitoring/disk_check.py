"""Health check of the disks: every folder that this installation writes to, each disk once.

The database's own disk is looked at where it is SQLite's; a PostgreSQL server is watched where it runs.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.connection import BadConnections
from renrakucho.lib.message_text import BothLanguages
from renrakucho.monitoring.check_result import CheckResult, CheckState
from renrakucho.notice.connected_providers import local_connections

_LOW_SHARE, _LOWEST_SHARE = 0.10, 0.03
_LOW_BYTES, _LOWEST_BYTES = 2 * 1024**3, 512 * 1024**2
_SYSTEM_FOLDERS = ("/var/log", "/var/spool/hylafax")  # logs of the processes, and pages of a fax server on this machine


@dataclass(frozen=True)
class DiskSpace:
    """folder: one that is written to, of those on this disk. free: bytes; share: of all bytes that are free; files: of
    all that the disk can have, the share that is free. read_only: nothing can be written, as after a fault of the disk.
    """

    folder: Path
    free: int
    share: float
    files: float
    read_only: bool

    @property
    def state(self) -> CheckState:
        is_full = self.free < _LOWEST_BYTES or (self.free < _LOW_BYTES and self.share < _LOWEST_SHARE)
        if self.read_only or is_full or self.files < _LOWEST_SHARE:
            return CheckState.FAILING
        if self.share < _LOWEST_SHARE or (self.free < _LOW_BYTES and self.share < _LOW_SHARE):
            return CheckState.WARNING
        return CheckState.OK


def check_disk() -> CheckResult:
    """The worst of the disks: how much of it is free."""
    disks = list(_disks())
    order = list(CheckState)
    worst = max(disks, key=lambda disk: (order.index(disk.state), -disk.free))
    gigabytes, count = worst.free / 1024**3, len(disks)
    if worst.read_only:
        said = BothLanguages(
            f"{worst.folder} のディスクが読み取り専用になっています。",
            f"The disk of {worst.folder} has become read-only.",
        )
    elif worst.files < _LOWEST_SHARE:
        said = BothLanguages(
            f"{worst.folder} のディスクに、新しいファイルをほとんど作れません（残り {worst.files:.0%}）。",
            f"The disk of {worst.folder} has hardly any room for new files ({worst.files:.0%} of its inodes).",
        )
    else:
        said = BothLanguages(
            f"書き込むディスク {count} 台のうち、空きがいちばん少ないのは {worst.folder} の {gigabytes:.1f} GB"
            f"（{worst.share:.0%}）です。",
            f"Of {count} disk(s) that are written to, that of {worst.folder} has the least room: {gigabytes:.1f} GB "
            f"({worst.share:.0%}).",
        )
    if worst.state == CheckState.OK:
        return CheckResult(CheckState.OK, said)
    return CheckResult(
        worst.state,
        said,
        BothLanguages(
            "空きを作るか、ディスクを増やしてください。読み取り専用のときは、システムのログ（dmesg）をごらんください。",
            "Free some space, or add a disk. Where it is read-only, the system's log (dmesg) says why.",
        ),
    )


def written_folders() -> list[Path]:
    """The folders that portal, worker and commands write to, as they are set: some may not be there yet."""
    database = settings.DATABASES["default"]
    is_file = database["ENGINE"].endswith("sqlite3") and not str(database["NAME"]).startswith(("file:", ":memory:"))
    return [
        Path(settings.VAR),
        *([Path(database["NAME"]).parent] if is_file else []),
        Path(settings.STATIC_ROOT),
        Path(settings.AUDIT_HEAD_FILE).parent,
        Path(settings.PERIOD_KEYS),
        *_exchange_folders(),
        Path(tempfile.gettempdir()),
        *(folder for name in _SYSTEM_FOLDERS if (folder := Path(name)).is_dir()),
    ]


def _exchange_folders() -> Iterator[Path]:
    """The folders of nightly files. connections.toml has a check of its own."""
    try:
        connections = local_connections()
    except BadConnections:
        return
    for _provider, connection in sorted(connections.items()):
        for name, table in connection.tables.items():
            if name in CHANNELS and CHANNELS[name].send_batch and table.get("folder"):
                yield Path(table["folder"])


def _disks() -> Iterator[DiskSpace]:
    seen = set()
    for folder in written_folders():
        there = next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
        device = there.stat().st_dev
        if device not in seen:
            seen.add(device)
            usage, more = shutil.disk_usage(there), os.statvfs(there)
            yield DiskSpace(
                folder,
                usage.free,
                usage.free / usage.total if usage.total else 1,
                more.f_favail / more.f_files if more.f_files else 1,
                bool(more.f_flag & os.ST_RDONLY),
            )
