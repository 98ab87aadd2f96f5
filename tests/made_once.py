"""What is dear is made once a run: one worker of pytest-xdist makes it, and the others find it."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Returns the path of this name, after calling the function that makes it where no worker has made it yet. Others
    wait meanwhile. The function is given a path beside it, and what it leaves there is moved when it is whole.
    """
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if hasattr(request.config, "workerinput") else own

    def made_once(name: str, make: Callable[[Path], object]) -> Path:
        path = folder / name
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                draft = folder / f"{name}.draft"
                make(draft)
                draft.rename(path)
        return path

    return made_once
