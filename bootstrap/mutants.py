"""Mutation run: change one thing in a module, and see whether its tests notice.

usage: python -m bootstrap.mutants [--at-once N] [--first-look] [MODULE …]     all modules of ROOMS without any

MODULE: such as renrakucho/lib/lease.py. --at-once: copies of the checkout that are tested beside each other; one a
processor without it. --first-look: only the tests that name the module.

cosmic-ray makes the mutants; they are tested one at a time in copies of the checkout. A mutant lives when the tests of
its room, and those of other rooms that name its module, pass. Mutants that live are printed as docs/mutants.md names
them. Fails when one of them is not explained there, or when more than one in MOST_ALIVE lives.
"""

import argparse
import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import unified_diff
from itertools import count
from pathlib import Path
from queue import Queue
from typing import Any

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from bootstrap.checks import ROOT, clean_environment

ROOMS = ("receipt", "delivery", "sheet", "lib", "mover")
EXPLAINED = ROOT / "docs" / "mutants.md"
MOST_ALIVE = 20
OWN_PACKAGES = ("bootstrap", "renrakucho", "sandbox", "tests")
# What pytest itself imports, or rewrites while it imports.
PYTEST_PACKAGES = ("_pytest", "pytest", "pytest_django", "pytest_randomly", "pytest_socket", "xdist")
NPM_PACKAGES = "tests/npm/node_modules"  # of tests that start a program of Node
# The changes that hold limits, times and rules: each number one more and one less, the nearest other comparison, `and`
# for `or`. docs/mutants.md says which others are left out.
OPERATORS = (
    "NumberReplacer",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt",
)
# Always the same examples and order of tests, and only the plugins that these tests need.
PYTEST_OPTIONS = (
    *("-x", "-q", "--reuse-db", "--hypothesis-seed=0", "-m", "not slow and not browser and not postgres"),
    *(option for plugin in ("randomly", "cacheprovider", "schemathesis", "xdist") for option in ("-p", f"no:{plugin}")),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


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


class MutantCheckout:
    """A copy of the checkout in which files are changed and tested."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        self._database = folder / "test.sqlite3"
        listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, text=True)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        if (ROOT / NPM_PACKAGES).exists():
            (folder / NPM_PACKAGES).symlink_to(ROOT / NPM_PACKAGES)
        self._environment = environment | {
            "PYTHONPATH": str(folder),
            "RENRAKUCHO_VAR": str(folder / "var"),
            "RENRAKUCHO_TEST_DATABASE": str(self._database),
        }
        self._imports = {path: _imports_of(path) for path in (folder / "renrakucho").rglob("*.py")}

    def test_mutants(self, module: str, *, first_look: bool) -> list[tuple[Mutant, bool]]:
        """Every mutant of a module, and whether it lived. What lives through one run of tests is tested by the next."""
        path = self._folder / module
        source = path.read_text("utf-8")
        all_mutated = list(_mutated_sources(source))
        alive = all_mutated
        runs = self._tests_of(module)
        command = [sys.executable, "-m", "bootstrap.mutant_tests"]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=self._folder, env=self._environment, stdin=pipe, stdout=pipe, text=True
        ) as self._server:
            for tests in runs[:2] if first_look else runs:
                if tests and alive:
                    seconds = 10 + 3 * self._seconds_without_mutant(module, tests)
                    alive = [mutated for mutated in alive if self._lives(path, mutated, tests, seconds)]
                    path.write_text(source, "utf-8")
                    _forget_compiled(path)
        return [(_mutant(module, source, mutated), mutated in alive) for mutated in all_mutated]

    def _lives(self, path: Path, mutated: str, tests: list[str], seconds: float) -> bool:
        _forget_compiled(path)
        path.write_text(mutated, "utf-8")
        return self._run(tests, seconds)[0] == 0

    def _tests_of(self, module: str) -> list[list[str]]:
        """The test files that hold a module, in three runs. The first ends most mutants soon: its own tests, and those
        of its room that name it. Then those of other rooms that name it, or that name a module which imports it where
        no test names it; at last the rest of its room.
        """
        room, stem = Path(module).parts[1], Path(module).stem
        texts = {path: path.read_text("utf-8") for path in sorted((self._folder / "tests").rglob("test_*.py"))}
        naming = {path for path, text in texts.items() if _names(text, module)}
        if not naming:
            package = (self._folder / "renrakucho").rglob("*.py")
            importers = [path for path in package if _names(path.read_text("utf-8"), module)]
            names = [str(path.relative_to(self._folder)) for path in importers]
            naming = {path for path, text in texts.items() if any(_names(text, name) for name in names)}
        home = self._folder / "tests" / room
        own = [path for path in texts if path.is_relative_to(home) and path.stem == f"test_{stem}"]
        near = [path for path in texts if path.is_relative_to(home) and path in naming and path not in own]
        others = [path for path in texts if path in naming and not path.is_relative_to(home)]
        rest = [path for path in texts if path.is_relative_to(home) and path not in {*own, *near}]

        def held(paths: list[Path]) -> list[str]:
            # Journeys take long; schemathesis is not loaded, since each of its runs tries other requests.
            kept = [path for path in paths if "journeys" not in path.parts and "schemathesis" not in texts[path]]
            return [str(path.relative_to(self._folder)) for path in kept]

        return [held([*own, *near]), held(others), held(rest)]

    def _seconds_without_mutant(self, module: str, tests: list[str]) -> float:
        """How long a run of a module's tests takes without a mutant. Raises CannotMutate when it fails."""
        started = time.monotonic()
        status, output = self._run(tests, 900)
        if status != 0:
            raise CannotMutate(f"the tests of {module} fail without a mutant: {output[-3000:]}")
        seconds = time.monotonic() - started
        if self._database.exists() and not self._template.exists():
            shutil.copy(self._database, self._template)
        imported = json.loads((self._folder / "modules.json").read_text("utf-8"))
        installed = [name for name in imported if name.partition(".")[0] not in (*OWN_PACKAGES, *PYTEST_PACKAGES)]
        loaded = self._ask({"installed": installed, "own": self._unaffected(module, imported)})["loaded"]
        if _dotted(Path(module)) in loaded:
            raise CannotMutate(f"the test server has imported {module} before its mutants were made")
        return seconds

    def _unaffected(self, module: str, imported: list[str]) -> list[str]:
        """The project's modules that a run has imported, without those that import the mutant, however indirectly; none
        where Django itself imports it with the models.
        """
        affected, more = {""}, {_dotted(Path(module))}
        while more - affected:
            affected |= more
            more = {
                _dotted(path.relative_to(self._folder)) for path, names in self._imports.items() if names & affected
            }
        if any(name.endswith((".models", ".apps", ".settings")) for name in affected):
            return []
        return [name for name in imported if name.startswith("renrakucho.") and name not in affected]

    def _run(self, tests: list[str], seconds: float) -> tuple[int | None, str]:
        """pytest's exit status (None when the time was up) and its output."""
        if self._template.exists():
            shutil.copy(self._template, self._database)
        reply = self._ask({"seconds": seconds, "arguments": [*PYTEST_OPTIONS, *tests]})
        return reply["status"], reply["output"]

    def _ask(self, request: dict[str, object]) -> Any:
        assert self._server.stdin
        assert self._server.stdout
        print(json.dumps(request), file=self._server.stdin, flush=True)
        answer = self._server.stdout.readline()
        if not answer:
            raise CannotMutate("the test server has ended")
        return json.loads(answer)


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _imports_of(path: Path) -> set[str]:
    """Every module that a source may import, by its dotted name, also where a text names it, as in include()."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}", *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "settings.py":
            found.add(node.value)
    return found


def _forget_compiled(path: Path) -> None:
    """Python would take a compiled file of the same second and size for a changed one."""
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)


def _names(text: str, module: str) -> bool:
    """Whether a source imports the module, whole or a name of it."""
    package, _dot, stem = module.removesuffix(".py").replace("/", ".").rpartition(".")
    return bool(re.search(rf"^from {package}(\.{stem} import| import .*\b{stem}\b)", text, re.MULTILINE))


def _mutated_sources(source: str) -> Iterator[str]:
    for name in OPERATORS:
        operator = get_operator(f"core/{name}")()
        for occurrence in count():
            mutated = mutate_code(source, operator, occurrence)
            if mutated is None:
                break
            yield mutated


def _mutant(module: str, source: str, mutated: str) -> Mutant:
    lines = list(unified_diff(source.splitlines(), mutated.splitlines(), lineterm="", n=0))[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Mutant(module, before, after)


def _modules(given: Iterable[str]) -> list[str]:
    """The modules asked for; the longest first, so that all processors end together."""
    found = list(given) or [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / "renrakucho" / room).rglob("*.py")
        if "migrations" not in path.parts and path.name != "models.py"
    ]
    return sorted(
        (name for name in found if (ROOT / name).stat().st_size), key=lambda name: -(ROOT / name).stat().st_size
    )


def _explained() -> set[str]:
    """The mutants that docs/mutants.md names, each below its reason."""
    return set(re.findall(r"^- \S+: `.*` → `.*`$", EXPLAINED.read_text("utf-8"), re.MULTILINE))


def main(given: list[str]) -> int:
    """Returns the exit status."""
    options = _options(given)
    started = time.monotonic()
    total, alive, known = 0, 0, _explained()
    unexplained = 0
    checkouts: Queue[MutantCheckout] = Queue()

    def examined(module: str) -> tuple[str, list[tuple[Mutant, bool]]]:
        checkout = checkouts.get()
        try:
            return module, checkout.test_mutants(module, first_look=options.first_look)
        finally:
            checkouts.put(checkout)

    with ExitStack() as stack:
        for _copy in range(options.at_once):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="renrakucho-mutants-"))
            checkout = MutantCheckout(Path(folder), clean_environment(stack))
            checkouts.put(checkout)
        pool = stack.enter_context(ThreadPoolExecutor(options.at_once))
        modules = _modules(options.modules)
        for done in as_completed([pool.submit(examined, module) for module in modules]):
            module, mutants = done.result()
            lived = [mutant for mutant, lives in mutants if lives]
            print(f"{_clock(started)} {module}: {len(mutants)} mutants, {len(lived)} alive", flush=True)
            for mutant in lived:
                if str(mutant) not in known:
                    print(mutant, flush=True)
                    unexplained += 1
            total += len(mutants)
            alive += len(lived)
    print(
        f"\n{_clock(started)}: {total} mutants of {len(modules)} modules, {alive} alive, {unexplained} of them"
        f" not in {EXPLAINED.relative_to(ROOT)}"
    )
    return 1 if unexplained or alive * MOST_ALIVE > total else 0


def _options(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bootstrap.mutants", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, metavar="N", help="one a processor without")
    parser.add_argument("--first-look", action="store_true", help="only the tests that name the module")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="all modules of the rooms without any")
    return parser.parse_args(given)


def _clock(started: float) -> str:
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    return f"{minutes}:{seconds:02}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
