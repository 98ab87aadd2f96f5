"""CPU of processes, from /proc: what a server and everything that it started has used."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(parent: int) -> float:
    """CPU of a process, of all its children, and of those of them that have ended."""
    ticks, todo = 0, [parent]
    while todo:
        process = todo.pop()
        try:
            stat = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            todo += [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
        except FileNotFoundError:
            continue
        ticks += sum(int(field) for field in stat[11:15])  # proc(5): utime, stime, cutime, cstime
    return ticks / _TICKS
