"""`renrakucho connections check`: what is wrong in connections.toml, by line."""

import logging
from typing import Any

from django.core.management.base import CommandError

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connection_check import connection_report, finding_line


class Command(NounCommand):
    """Where this installation sends: the file that RENRAKUCHO_CONNECTIONS names."""

    help = bilingual("送り先の設定 (connections.toml)", "where notices go: connections.toml")

    def add_verbs(self) -> None:
        """check."""
        text = bilingual(
            "まちがいを行で示す。ひとつでもあれば終了コード1",
            "name the line of every mistake; ends with 1 where there is one",
        )
        check = self.add_verb("check", self._check, text)
        check.add_argument(
            "--start",
            action="store_true",
            help=bilingual(
                "ファイル全体が読めないときだけ終了コード1", "end with 1 only where the file cannot be read at all"
            ),
        )

    def _check(self, *, start: bool, **options: Any) -> None:
        log = logging.getLogger("renrakucho.channel.connection_file")
        log.disabled = True  # what it says stands in the report
        try:
            report = connection_report()
        finally:
            log.disabled = False
        for finding in report.findings:
            mark = bilingual("注意", "note") if finding.severity == "warning" else bilingual("誤り", "error")
            self.stdout.write(f"{finding_line(finding)} [{mark}]")
        if not start:
            self.stdout.write(f"{bilingual('つながる', 'connected')}: {', '.join(report.connected) or '-'}")
        if report.refused:
            self.stdout.write(f"{bilingual('つながらない', 'not connected')}: {', '.join(report.refused)}")
        errors = sum(finding.severity == "error" and not (start and finding.provider) for finding in report.findings)
        if errors:
            raise CommandError(bilingual(f"直すところが{errors}か所あります", f"{errors} to put right"))
