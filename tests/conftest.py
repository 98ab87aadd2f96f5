"""What all tests share: what a test needs from the system, and saying what was not run."""

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.conf import settings
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.template import engines
from hypothesis import settings as hypothesis_settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

from bootstrap.debian import chromium
from renrakucho.config.run.prepare import compile_translations
from renrakucho.lib.master_keyring import derived_index_key, keep_index_key
from renrakucho.notice import operator_decisions
from renrakucho.provider.append_only import guarded_tables
from tests.database_copies import django_db_modify_db_settings  # noqa: F401 - for all
from tests.directory_fixture import (  # noqa: F401 - fixtures for all
    directory,
    directory_database,
    prepared_directory,
    stored_directory,
)
from tests.made_once import make_once  # noqa: F401 - for all
from tests.own_database import database, migrated_database, migrated_postgres, migrated_sqlite  # noqa: F401 - for all

ROOT = Path(__file__).resolve().parents[1]

# Playwright keeps a loop in this thread for as long as its browser lives, and Django would take every test after the
# first one in a browser for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# `make fuzz`; without it Hypothesis has its own 100 examples a test, or those that the test names.
hypothesis_settings.register_profile("long", max_examples=3000, deadline=None)

# Hashing is slow on purpose, and every login of a test would wait for it: the same hash, with less work in it.
ScryptPasswordHasher.work_factor = 2**4


@pytest.fixture(scope="session", autouse=True)
def templates_of_this_installation() -> None:
    """The template environment keeps the portal's name from when it is made, so no test's own settings make it."""
    assert engines["jinja2"].env.globals["portal_name"] == settings.PORTAL_NAME  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def nothing_decided() -> None:
    """No test reads the decisions of another one's operator, and none without a database looks for any."""
    operator_decisions._snapshot.keep((), 3600)


@pytest.fixture
def unguarded(db: None) -> None:
    """For tests that play another time, or a database that was restored: until the test's transaction ends no trigger
    keeps receipts and audit entries from being changed.
    """
    with connection.cursor() as cursor:
        for table in guarded_tables():
            for kind in (
                ("change", "truncate") if connection.vendor == "postgresql" else ("update", "delete", "replace")
            ):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {table}_no_{kind}{on}")


# Modules that share what is dear: one running service (other journeys start services of their own), and every page.
ON_ONE_WORKER = re.compile(r"tests/journeys/test_(?!relay|files|leaked_log)|tests/every_page/")
DEAREST_MODULES = 10


class ModuleScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Parallel runs (`pytest -n 3`): a worker takes a module at a time, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        shared = ON_ONE_WORKER.match(nodeid)
        return shared[0].split("/")[1] if shared else nodeid.split("::")[0]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """For tests that call the real application: it ends a request by closing old connections, and the test's own
    transaction is on this one.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def pytest_configure() -> None:
    compile_translations()
    # Loaded once a process, and not while a test counts queries.
    keep_index_key(derived_index_key(settings.MASTER_KEY))
    settings.PERIOD_KEYS = mkdtemp(prefix="period_keys")  # tests travel in time, and destroy keys
    # The tests play at the sandbox's providers, with its secrets; whether pages say so is SANDBOX's alone.
    settings.CONNECTIONS, settings.TRIAL_CONNECTIONS = str(ROOT / "sandbox" / "connections.toml"), True
    settings.TWO_FACTOR_BY_DEFAULT = False
    # Hashed names are those of files that were collected: tests/config/test_static_files.py collects them.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    # The installation's own heads of the audit log are none of the tests'.
    settings.AUDIT_HEAD_FILE = str(Path(tempfile.mkdtemp(prefix="renrakucho-tests-")) / "audit_head")
    # PostgreSQL: a test's own transaction is idle while the directory's tables are built, 15 seconds on a slow machine.
    given = settings.DATABASES["default"].get("OPTIONS", {})
    if "options" in given:
        given["options"] += " -c idle_in_transaction_session_timeout=0"


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db", "live_server"} & _fixtures(item):
            item.add_marker("database")  # these run once more on PostgreSQL
    # What takes long and mostly waits starts first, so that the other workers compute meanwhile.
    items.sort(key=lambda item: not item.get_closest_marker("slow"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    config.option.loadscopereorder = False
    return ModuleScheduling(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and not os.environ.get("RENRAKUCHO_TEST_POSTGRES"):
        pytest.skip("PostgreSQLのサーバーがありません (RENRAKUCHO_TEST_POSTGRES)")
    if item.get_closest_marker("browser") and not chromium():
        pytest.skip("Chromiumがありません")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get("CI") and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = _skipped(terminalreporter.config)
    if skipped:
        terminalreporter.section(f"実行しなかったテスト: {len(skipped)}")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        terminalreporter.line(f"{report.nodeid}: {reason}")
    seconds = _seconds_by_module(terminalreporter)
    if len(seconds) > DEAREST_MODULES:
        terminalreporter.section("時間のかかったモジュール")
        for module, spent in sorted(seconds.items(), key=itemgetter(1), reverse=True)[:DEAREST_MODULES]:
            terminalreporter.line(f"{spent:7.1f} s  {module}")


def _seconds_by_module(terminalreporter: pytest.TerminalReporter) -> dict[str, float]:
    """How long the tests of each module took, with what was made for them."""
    seconds = defaultdict[str, float](float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.split("::")[0]] += report.duration
    return seconds


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter else []
