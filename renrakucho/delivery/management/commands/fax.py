"""`renrakucho fax numbers|try|confirm`: which fax numbers are proved, and proving one."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.address_verification import (
    NoAddress,
    ProviderAddress,
    WrongCode,
    addresses_of_channel,
    confirm_address,
    poll_test_pages,
    send_test_page,
)
from renrakucho.lib.width import ascii_digits

_CHANNEL = "fax"


class Command(BaseCommand):
    """No page with a mover on it goes to a number before its office has read back the code of a test page."""

    help = "Lists the fax numbers with what is known of each; sends a test page; takes the code that was read back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Three verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("numbers", help="every number, whether it is proved, and how many notices wait for that")
        verbs.add_parser("try", help="send a test page with a code").add_argument("provider")
        confirmed = verbs.add_parser("confirm", help="the office read this code back on the telephone")
        confirmed.add_argument("provider")
        confirmed.add_argument("code")

    def handle(self, *, verb: str, provider: str = "", code: str = "", **options: Any) -> None:
        """Do it, or say why not."""
        try:
            if verb == "try":
                self._try(provider)
            elif verb == "confirm":
                self._confirm(provider, ascii_digits(code))
            else:
                poll_test_pages(_CHANNEL)
                for each in addresses_of_channel(_CHANNEL):
                    self.stdout.write(_line(each))
        except NoAddress:
            if verb == "try":
                raise CommandError(
                    _("%(provider)sのFAXの番号が、connections.tomlにありません。") % {"provider": provider}
                ) from None
            raise CommandError(
                _(
                    "%(provider)sの番号がconnections.tomlにないか、いまの番号へはまだ送信テストをしていません。"
                    "まず try してください。"
                )
                % {"provider": provider}
            ) from None

    def _try(self, provider: str) -> None:
        if not settings.CONTACT and not settings.SANDBOX:
            raise CommandError(_("紙に載せる連絡先がありません。RENRAKUCHO_CONTACT に電話番号を設定してください。"))
        outcome = send_test_page(provider, _CHANNEL)
        if outcome.kind not in (OutcomeKind.SENT, OutcomeKind.UNDER_WAY):
            raise CommandError(_("送信テストを送れませんでした: %(why)s") % {"why": outcome.evidence})
        [there] = [each for each in addresses_of_channel(_CHANNEL) if each.provider == provider]
        self.stdout.write(
            _("%(number)s へ送信テストを送りました。届いた紙のコードを電話で聞き、次のように入れてください。")
            % {"number": there.address}
        )
        self.stdout.write(f"    renrakucho fax confirm {provider} <code>")

    def _confirm(self, provider: str, code: str) -> None:
        try:
            waited = confirm_address(provider, _CHANNEL, code)
        except WrongCode as error:
            if not error.left:
                raise CommandError(
                    _("コードがちがいます。もう一度 try して、新しい紙のコードを聞いてください。")
                ) from None
            raise CommandError(_("コードがちがいます。あと%(left)d回入れられます。") % {"left": error.left}) from None
        self.stdout.write(_("番号を確認しました。待っていた連絡 %(count)d件をこれから送ります。") % {"count": waited})


def _line(each: ProviderAddress) -> str:
    words = {"provider": each.provider, "number": each.address, "state": _state(each), "count": each.waiting}
    if each.waiting:
        return _("%(provider)s %(number)s %(state)s 確認を待つ連絡 %(count)d件") % words
    return _("%(provider)s %(number)s %(state)s") % words


def _state(each: ProviderAddress) -> str:
    if each.test is None:
        return _("未確認（送信テストをしていません）")
    if each.test.proved_at:
        return _("確認済 %(on)s") % {"on": _on(each.test.proved_at)}
    return _("未確認（%(on)s 送信テスト: %(word)s）") % {
        "on": _on(each.test.tried_at),
        "word": _word(each.test.outcome),
    }


def _on(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def _word(outcome: str) -> str:
    return {
        OutcomeKind.SENT: _("届きました。コードを聞いてください"),
        OutcomeKind.UNDER_WAY: _("送っています"),
        OutcomeKind.TRY_LATER: _("届きませんでした。もう一度 try してください"),
        OutcomeKind.REFUSED: _("受け付けられませんでした。番号をお確かめください"),
    }.get(OutcomeKind(outcome) if outcome else OutcomeKind.UNKNOWN, _("届いたか分かりません"))
