"""Health checks of an installation: one table, which health, metrics, the bureau's page, doctor and alarms all ask.

A check that breaks is «unknown», and stops no other. No sentence has anything of a mover.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.message_text import BothLanguages
from renrakucho.monitoring import database_checks, disk_check, machine_checks
from renrakucho.monitoring.check_result import CheckResult, CheckState

log = logging.getLogger(__name__)

DATABASE, LANES, STATIC_FILES = "database", "lanes", "static_files"


@dataclass(frozen=True)
class InstallationCheck:
    """key: its name for machines; title: for people, in Japanese. asks_database: whether it needs one that answers.
    of_machine: whether another machine of the installation may find something else.
    """

    key: str
    title: str | Promise
    run: Callable[[], CheckResult]
    asks_database: bool = True
    of_machine: bool = False


def _machine_check(key: str, title: str | Promise, run: Callable[[], CheckResult]) -> InstallationCheck:
    return InstallationCheck(key, title, run, asks_database=False, of_machine=True)


CHECKS = (
    InstallationCheck(DATABASE, _("データベース"), database_checks.check_database),
    InstallationCheck("migrations", _("データベースの移行"), database_checks.check_migrations),
    InstallationCheck("master_key", _("マスターキー"), database_checks.check_key),
    InstallationCheck("workers", _("ワーカー"), database_checks.check_workers),
    InstallationCheck(LANES, _("送信"), database_checks.check_lanes),
    InstallationCheck("clocks", _("時計"), database_checks.check_clocks, of_machine=True),
    InstallationCheck("mails", _("メール"), database_checks.check_mails),
    InstallationCheck("directory", _("れんらく先の台帳"), database_checks.check_directory),
    InstallationCheck("logins", _("ログイン"), database_checks.check_logins),
    InstallationCheck("destinations", _("送り先"), database_checks.check_destinations),
    InstallationCheck("sudden_rise", _("急な増加"), database_checks.check_sudden_rises),
    InstallationCheck("backup", _("バックアップ"), database_checks.check_backup),
    _machine_check("disk", _("ディスク"), disk_check.check_disk),
    _machine_check("private_files", _("ファイルの権限"), machine_checks.check_private_files),
    _machine_check("fonts", _("フォント"), machine_checks.check_fonts),
    _machine_check("connections", _("接続の設定"), machine_checks.check_connections),
    _machine_check(STATIC_FILES, _("ページの部品"), machine_checks.check_static_files),
    InstallationCheck("versions", _("版"), machine_checks.check_versions),
)
_NO_DATABASE = BothLanguages("データベースが答えない", "the database does not answer")
_NOT_MIGRATED = BothLanguages("データベースの移行が済んでいない", "migrations of the database are missing")
READINESS = (DATABASE, "migrations", "master_key", "workers", LANES)  # what /readyz asks


def run_checks(keys: Collection[str] | None = None) -> dict[str, CheckResult]:
    """Run all checks, or these, in the order of the table. Never raises."""
    results: dict[str, CheckResult] = {}
    database = _run(CHECKS[0])
    for check in CHECKS:
        if keys is not None and check.key not in keys:
            continue
        if check.key == DATABASE:
            results[check.key] = database
        elif check.asks_database and database.state == CheckState.FAILING:
            results[check.key] = _not_known(_NO_DATABASE)
        else:
            results[check.key] = _run(check)
    return results


def _run(check: InstallationCheck) -> CheckResult:
    try:
        return check.run()
    except DatabaseError as error:
        log.error("check %s: %s", check.key, type(error).__name__)
        connection.close()
        if _is_table_missing(error):
            return _not_known(_NOT_MIGRATED)
        return CheckResult(
            CheckState.FAILING if check.key == DATABASE else CheckState.UNKNOWN,
            BothLanguages(
                f"データベースに問い合わせられません（{type(error).__name__}）。",
                f"The database cannot be asked ({type(error).__name__}).",
            ),
            BothLanguages(
                "データベースが動いているか、DATABASE_URL が正しいかをお確かめください。戻れば自動で戻ります。",
                "See whether the database runs and DATABASE_URL is right. All comes back by itself with it.",
            ),
        )
    except Exception as error:
        log.error("check %s: %s", check.key, type(error).__name__)
        return _not_known(BothLanguages(type(error).__name__, type(error).__name__))


def _is_table_missing(error: DatabaseError) -> bool:
    """Whether a table or column is not there: PostgreSQL's undefined_table and undefined_column, and SQLite's words."""
    return getattr(error.__cause__, "sqlstate", None) in ("42P01", "42703") or "no such " in str(error)


def _not_known(reason: BothLanguages) -> CheckResult:
    said = BothLanguages(f"分かりません（{reason.japanese}）。", f"Not known ({reason.english}).")
    return CheckResult(CheckState.UNKNOWN, said)
