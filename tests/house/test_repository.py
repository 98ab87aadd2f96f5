"""The repository names no address of a package registry and no path of somebody's machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together from halves, or this file would find itself.
REGISTRIES = "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.org", "debian" + r"\.org"])
FOREIGN = re.compile(rf"(?:{REGISTRIES})|(?<![\w./-])/(?:tm" + r"p|work|root|home)/")


def texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("gitの作業フォルダーではありません")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data:
            yield name, data.decode("utf-8")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if FOREIGN.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("--index-url https://py" + "pi.org/simple", True),
        ("open('/tm" + "p/x')", True),
        ("https://provider.example/tm" + "p/form", False),
        ("var/tm" + "p/x", False),
    ],
)
def test_the_pattern_finds_registries_and_machine_paths(line: str, wrong: bool) -> None:
    assert bool(FOREIGN.search(line)) is wrong
