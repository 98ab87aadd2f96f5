"""`renrakucho audit verify|head`: whether the audit log is whole."""

from typing import Any

from django.core.management.base import CommandError

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.provider.audit_chain import mailed_heads, verify_chain
from renrakucho.provider.audit_link import keep_head, read_head


class Command(NounCommand):
    """The head is what to keep elsewhere: mail it, or print it, and give it back to `verify`."""

    help = bilingual("操作の記録", "the audit log: what desks, the bureau and the command line did")

    def add_verbs(self) -> None:
        """verify, head."""
        text = bilingual(
            "書きかえ・削除・挿入・入れかえを探す。見つかれば終了コード1",
            "find what was changed, removed, inserted or moved; ends with 1 where something was",
        )
        verify = self.add_verb("verify", self._verify, text)
        verify.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help=bilingual("外に控えた値。何度でも書ける", "a head that was kept elsewhere; may be given again"),
        )
        self.add_verb("head", self._head, bilingual("最後の番号と値を示す", "print the last number and hash, to keep"))

    def _head(self, **options: Any) -> None:
        self.stdout.write(str(keep_head()))

    def _verify(self, *, head: list[str], **options: Any) -> None:
        known = [read_head(text) for text in head]
        if None in known:
            raise CommandError(
                bilingual("--head は「番号:値」の形で書いてください", "--head is NUMBER:HASH, as `audit head` says")
            )
        report = verify_chain([each for each in known if each])
        for finding in report.findings:
            self.stdout.write(str(finding))
        self.stdout.write(
            bilingual(
                f"確かめた記録 {report.entries}件、保存期間をすぎて消した記録 {report.retired}件",
                f"{report.entries} entries checked, {report.retired} deleted by retention",
            )
        )
        self.stdout.write(f"{bilingual('最後の値', 'head')}: {report.head}")
        mailed = mailed_heads()
        self.stdout.write(
            bilingual(f"事務局へ最後にメールした値: {mailed[-1]}", f"last head mailed to the bureau: {mailed[-1]}")
            if mailed
            else bilingual(
                "値をまだメールしていません。RENRAKUCHO_BUREAU_MAIL に送り先を書くと、毎日送ります",
                "no head was mailed yet: with RENRAKUCHO_BUREAU_MAIL set, one is every day",
            )
        )
        if report.findings:
            count = len(report.findings)
            raise CommandError(bilingual(f"正しくないところが{count}か所あります", f"{count} places are wrong"))
