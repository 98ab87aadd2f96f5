"""Mutation run: change one thing in a module, and see whether the tests of its room notice.

usage: python -m bootstrap.mutants [MODULE …]     such as renrakucho/lib/lease.py; all modules of ROOMS without any

cosmic-ray makes the mutants, one at a time, in copies of the checkout, one copy a processor. A mutant lives when the
tests of its room pass. Mutants that live are printed as docs/mutants.md names them. Fails when one of them is not
explained there, or when more than one in MOST_ALIVE lives.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from bootstrap.checks import ROOT, clean_environment

BIN = ROOT / ".venv" / "bin"
ROOMS = ("receipt", "delivery", "sheet", "lib", "mover")
EXPLAINED = ROOT / "docs" / "mutants.md"
MOST_ALIVE = 20
# Each number one more and one less, each condition the other way round, the nearest other operator.
OPERATORS = (
    "NumberReplacer",
    "AddNot",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    "ExceptionReplacer",
    "RemoveDecorator",
)
# Only the plugins that these tests need: starting pytest is most of what a mutant costs.
TESTS = "-x -q -p no:randomly -p no:cacheprovider -p no:schemathesis -p no:xdist --reuse-db -m 'not slow'"
CONFIG = """
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "sh -c \\"cp template.sqlite3 test.sqlite3 && exec {pytest} {tests} {folder}\\""

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = ['core/(?!({operators})$)']
"""


@dataclass(frozen=True)
class Mutant:
    """One change of one line, as a unified diff shows it."""

    module: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"- {self.module}: `{self.before}` → `{self.after}`"


class CannotMutate(Exception):
    """The message says which step failed, and how."""


class Checkout:
    """A copy of the checkout in which files are changed and tested."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment | {
            "PYTHONPATH": str(folder),
            "RENRAKUCHO_VAR": str(folder / "var"),
            "RENRAKUCHO_TEST_DATABASE": str(folder / "test.sqlite3"),
        }
        self._seconds: dict[str, float] = {}
        listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def seconds(self, tests: str) -> float:
        """How long the tests of a room take without a mutant. Raises CannotMutate when they fail."""
        if tests not in self._seconds:
            template = self.folder / "template.sqlite3"
            if not template.exists():
                (self.folder / "test.sqlite3").unlink(missing_ok=True)
            started = time.monotonic()
            self.run("sh", "-c", f"{BIN / 'pytest'} {TESTS} {tests}")
            self._seconds[tests] = time.monotonic() - started
            shutil.copy(self.folder / "test.sqlite3", template)
        return self._seconds[tests]

    def run(self, *command: str | Path) -> str:
        """Run a command and return its output. Raises CannotMutate."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            raise CannotMutate(f"{' '.join(map(str, command))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def mutants(self, module: str) -> Iterator[tuple[Mutant, bool]]:
        """Every mutant of a module, and whether it lived."""
        tests = f"tests/{Path(module).parts[1]}"
        config = CONFIG.format(
            module=module,
            timeout=10 + 5 * self.seconds(tests),
            pytest=BIN / "pytest",
            tests=TESTS,
            folder=tests,
            operators="|".join(OPERATORS),
        )
        (self.folder / "mutants.toml").write_text(config, "utf-8")
        (self.folder / "mutants.sqlite").unlink(missing_ok=True)
        self.run(BIN / "cosmic-ray", "init", "mutants.toml", "mutants.sqlite")
        self.run(BIN / "cr-filter-operators", "mutants.sqlite", "mutants.toml")
        self.run(BIN / "cosmic-ray", "exec", "mutants.toml", "mutants.sqlite")
        for line in self.run(BIN / "cosmic-ray", "dump", "mutants.sqlite").splitlines():
            _item, result = json.loads(line)
            if result and result["test_outcome"]:
                yield _mutant(module, result["diff"]), result["test_outcome"] == "survived"


def _mutant(module: str, diff: str) -> Mutant:
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---", "@@"))]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Mutant(module, before, after)


def _modules(given: Iterable[str]) -> list[str]:
    """The modules asked for; the longest first, so that all processors end together."""
    found = list(given) or [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / "renrakucho" / room).rglob("*.py")
        if "migrations" not in path.parts
    ]
    return sorted(
        (name for name in found if (ROOT / name).stat().st_size), key=lambda name: -(ROOT / name).stat().st_size
    )


def _explained() -> set[str]:
    """The mutants that docs/mutants.md names, without what it says of them."""
    return set(re.findall(r"^- \S+: `.*` → `.*?`(?=: )", EXPLAINED.read_text("utf-8"), re.MULTILINE))


def main(given: list[str]) -> int:
    """Returns the exit status."""
    total, alive = 0, []
    checkouts: Queue[Checkout] = Queue()

    def examined(module: str) -> tuple[str, list[tuple[Mutant, bool]]]:
        checkout = checkouts.get()
        try:
            return module, list(checkout.mutants(module))
        finally:
            checkouts.put(checkout)

    with ExitStack() as stack:
        processors = os.cpu_count() or 1
        for _copy in range(processors):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="renrakucho-mutants-"))
            checkouts.put(Checkout(Path(folder), clean_environment(stack)))
        pool = stack.enter_context(ThreadPoolExecutor(processors))
        for module, mutants in pool.map(examined, _modules(given)):
            lived = [mutant for mutant, lives in mutants if lives]
            print(f"{module}: {len(mutants)} mutants, {len(lived)} alive", flush=True)
            total += len(mutants)
            alive += lived
    known = _explained()
    unexplained = [mutant for mutant in alive if str(mutant) not in known]
    print(f"\n{total} mutants, {len(alive)} alive, {len(unexplained)} of them not in {EXPLAINED.relative_to(ROOT)}")
    for mutant in unexplained:
        print(mutant)
    return 1 if unexplained or len(alive) * MOST_ALIVE > total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
