"""What the parallel workers of a run share is made by one of them, whole or not at all."""

from pathlib import Path

import pytest

from tests.made_once import MakeOnce


def test_what_is_there_is_not_made_again(make_once: MakeOnce) -> None:
    made: list[Path] = []

    def make(draft: Path) -> None:
        made.append(draft)
        draft.write_text("whole")

    first, second = make_once("counted", make), make_once("counted", make)
    assert (first, first.read_text(), len(made)) == (second, "whole", 1)


def test_what_could_not_be_made_whole_is_made_by_the_next(make_once: MakeOnce) -> None:
    def break_off(draft: Path) -> None:
        draft.write_text("half")
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any will do
        make_once("broken", break_off)
    assert make_once("broken", lambda draft: draft.write_text("whole")).read_text() == "whole"
