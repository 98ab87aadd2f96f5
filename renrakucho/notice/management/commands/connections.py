"""`renrakucho connections check`: what is wrong in connections.toml, by line."""

import logging
from typing import Any

from django.core.management.base import CommandError

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connection_check import connection_report, finding_line, issuer_findings
from renrakucho.notice.destination import (
    ConfirmResult,
    NothingToConfirm,
    SamePerson,
    confirm_destination,
    pending_destinations,
)


class Command(NounCommand):
    """Where this installation sends: the file that RENRAKUCHO_CONNECTIONS names."""

    help = bilingual("送り先の設定 (connections.toml)", "where notices go: connections.toml")

    def add_verbs(self) -> None:
        """check, pending, confirm."""
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

        self.add_verb(
            "pending", self._pending, bilingual("確かめを待つ送り先の変更", "changes of destinations that wait")
        )
        confirm = self.add_verb(
            "confirm",
            self._confirm,
            bilingual(
                "送り先の変更を確かめる。二人目で有効になる", "confirm a change; the second person puts it in force"
            ),
        )
        confirm.add_argument("provider", help=bilingual("pending が示す名前", "as pending names it"))

    def _pending(self, **options: Any) -> None:
        for each in pending_destinations():
            first = each.first_by or bilingual("まだだれも確かめていません", "confirmed by nobody yet")
            until = (
                f"{each.matures_at:%Y-%m-%d %H:%M %Z}" if each.matures_at else bilingual("二人が要ります", "takes two")
            )
            self.stdout.write(f"{each.provider}  {first}  {until}")

    def _confirm(self, *, provider: str, **options: Any) -> None:
        try:
            result = confirm_destination(provider, None)
        except NothingToConfirm:
            raise CommandError(bilingual("待っている変更はありません", "no change waits")) from None
        except SamePerson:
            raise CommandError(
                bilingual(
                    "確かめたのはあなたです。ほかの人が確かめてください", "you confirmed it; it takes another person"
                )
            ) from None
        in_force = result == ConfirmResult.IN_FORCE
        self.stdout.write(
            bilingual("新しい送り先が有効です", "the new destination is in force")
            if in_force
            else bilingual("もう一人が確かめると有効になります", "in force once another person has confirmed it")
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
        unusable = [] if start else list(issuer_findings())
        for finding in unusable:
            self.stdout.write(f"{finding_line(finding)} [{bilingual('誤り', 'error')}]")
        errors = len(unusable) + sum(
            finding.severity == "error" and not (start and finding.provider) for finding in report.findings
        )
        if errors:
            raise CommandError(bilingual(f"直すところが{errors}か所あります", f"{errors} to put right"))
