"""docs/way-back: what providers copy makes the links that the portal believes, in each language."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from renrakucho.channel.weblink.inspection.return_link_findings import signature_findings
from sandbox.return_link import signed_return_link as sandbox_link
from tests.providers.cast import ROOT

HERE = ROOT / "docs/way-back"
VECTORS: list[dict[str, Any]] = json.loads((HERE / "vectors.json").read_text("utf-8"))
Maker = Callable[[str, str, str, int], str]


@pytest.fixture
def python() -> Maker:
    spec = importlib.util.spec_from_file_location("way_back", HERE / "way_back.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Maker = module.way_back
    return made


@pytest.fixture
def php() -> Maker:
    if not shutil.which("php"):
        pytest.skip("PHPがありません (php-cli)")
    program = f"require '{HERE / 'way_back.php'}'; echo way_back($argv[1], $argv[2], $argv[3], (int) $argv[4]);"
    return lambda *said: _run("php", "-d", "display_errors=stderr", "-r", program, "--", *map(str, said))


@pytest.fixture
def java(tmp_path: Path) -> Maker:
    if not shutil.which("javac"):
        pytest.skip("Javaがありません (default-jdk-headless)")
    _run("javac", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-d", str(tmp_path), str(HERE / "WayBack.java"))
    return lambda *said: _run("java", "-Dfile.encoding=UTF-8", "-cp", str(tmp_path), "WayBack", *map(str, said))


def _run(*words: str) -> str:
    # Java reads its arguments in the locale's encoding.
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert not done.returncode, done.stderr
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("language", ["python", "php", "java"])
def test_each_language_makes_the_same_link(language: str, request: pytest.FixtureRequest) -> None:
    way_back: Maker = request.getfixturevalue(language)
    for vector in VECTORS:
        made = way_back(vector["back"], vector["secret"], vector["number"], vector["at"])
        assert made == vector["link"], vector["number"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["number"])
def test_the_portal_accepts_the_example_links(vector: dict[str, Any]) -> None:
    now = datetime.fromtimestamp(vector["at"], UTC)
    (finding,) = signature_findings(vector["link"], vector["secret"], now, vector["number"])
    assert finding.level == "fine"
    assert vector["link"] == sandbox_link(vector["back"], vector["secret"], vector["number"], vector["at"])


def test_each_of_them_is_some_ten_lines() -> None:
    beside = re.compile(r"\s*(//|/\*|\*|import|<\?php|\"\"\"|[{}]*$)")
    for name in ("way_back.py", "way_back.php", "WayBack.java"):
        code = [line for line in (HERE / name).read_text("utf-8").splitlines() if not beside.match(line)]
        assert len(code) <= 15, name


def test_the_page_leads_to_all_of_them() -> None:
    page = (HERE / "README.md").read_text("utf-8")
    paths = [path for path in HERE.iterdir() if path.is_file() and path.name != "README.md"]
    assert paths
    for path in paths:
        assert f"({path.name})" in page
