"""Count the files of a walk: which of the package's files run code when one thing is done.

usage: python -m tests.house.walks    runs three flows and lists, for each, the files in which code ran

A file counts when a function of it is called during the flow; importing it does not count. Each flow runs once before
it is counted, so that what a process does only at its start (imports, tables read into memory) is left out.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import renrakucho

PACKAGE = Path(renrakucho.__file__).parent
TEMPLATES = ("jinja2",)


class Walk:
    """The files that ran code, by their path in the package, with the functions that were called in each."""

    def __init__(self) -> None:
        self.functions: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return len(self.functions)

    def __str__(self) -> str:
        rows = (f"  {file}: {', '.join(sorted(names))}" for file, names in sorted(self.functions.items()))
        return "\n".join((f"{len(self)} files", *rows))

    def note(self, frame: FrameType) -> None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE) and not set(TEMPLATES) & set(path.parts):
            self.functions.setdefault(str(path.relative_to(PACKAGE)), set()).add(frame.f_code.co_name)


@contextmanager
def _profiled(walk: Walk) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _arg: walk.note(frame) if event == "call" else None)
    try:
        yield
    finally:
        sys.setprofile(before)


def walk_of(flow: Callable[[], object]) -> Walk:
    """Run the flow and return its walk."""
    walk = Walk()
    with _profiled(walk):
        flow()
    return walk


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-s", "-p", "no:randomly", str(Path(__file__).with_name("test_walks.py"))]))
