"""Count the files of a walk: which of the package's files run code when one thing is done.

usage: python -m tests.house.walks    runs four flows and lists, for each, the files in which code ran

A file counts when a function of it is called during the flow; importing it does not count. Each flow runs once before
it is counted, so that what a process does only at its start (imports, tables read into memory) is left out.

Whoever follows a feature opens its doors. Two parts of a walk are no doors, and both are measured. The frame is what
others pass as well: the files in which code runs in a neutral flow too, as when a clerk opens a page that has nothing
to do with notices (middleware, session, language). The ground is lib, whose modules know nothing of moves.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

import renrakucho

PACKAGE = Path(renrakucho.__file__).parent
TEMPLATES = ("jinja2",)
GROUND = "lib/"


class Walk:
    """The files that ran code, by their path in the package, with the functions that were called in each."""

    def __init__(self, neutral: "Walk | None" = None) -> None:
        self.functions: dict[str, set[str]] = {}
        self._neutral = {*neutral.functions} if neutral else set()

    def __len__(self) -> int:
        return len(self.functions)

    def __str__(self) -> str:
        parts = {"doors of the feature": self.doors, "frame": self.frame, "ground": self.ground}
        counted = ", ".join(f"{len(files)} {name}" for name, files in parts.items())
        listed = (f" {name}:\n{self._listed(files)}" for name, files in parts.items())
        return "\n".join((f"{len(self)} files: {counted}", *listed))

    @property
    def ground(self) -> list[str]:
        """The files of lib."""
        return sorted(file for file in self.functions if file.startswith(GROUND))

    @property
    def frame(self) -> list[str]:
        """The other files that the neutral flow passes too."""
        return sorted(self.functions.keys() & self._neutral - {*self.ground})

    @property
    def doors(self) -> list[str]:
        """The files that whoever follows the feature opens."""
        return sorted(self.functions.keys() - {*self.ground, *self.frame})

    def note(self, frame: FrameType) -> None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE) and not set(TEMPLATES) & set(path.parts):
            self.functions.setdefault(str(path.relative_to(PACKAGE)), set()).add(frame.f_code.co_name)

    def _listed(self, files: Iterable[str]) -> str:
        return "\n".join(f"  {file}: {', '.join(sorted(self.functions[file]))}" for file in files)


@contextmanager
def _profiled(walk: Walk) -> Iterator[None]:
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _arg: walk.note(frame) if event == "call" else None)
    try:
        yield
    finally:
        sys.setprofile(before)


def walk_of(flow: Callable[[], object], *, neutral: Walk | None = None) -> Walk:
    """Run the flow and return its walk. neutral: the walk of a neutral flow, whose files are the frame."""
    walk = Walk(neutral)
    with _profiled(walk):
        flow()
    return walk


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-s", "-p", "no:randomly", str(Path(__file__).with_name("test_walks.py"))]))
