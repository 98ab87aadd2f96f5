from pathlib import Path

import pytest

from sandbox.routes import Sandbox
from tests.sandbox.visitor import Visitor, a_sandbox


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return a_sandbox(tmp_path)


@pytest.fixture
def visitor(sandbox: Sandbox) -> Visitor:
    return Visitor(sandbox)
