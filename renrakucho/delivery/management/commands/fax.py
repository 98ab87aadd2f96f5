"""`renrakucho fax numbers|try|confirm`: address verification of fax numbers by test page and read-back code."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
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
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.lib.width import ascii_digits

_CHANNEL = "fax"


class Command(NounCommand):
    """No page with a mover on it goes to a number before its office has read back the code of a test page."""

    help = bilingual("FAXの番号の確認", "the fax numbers, and whether each is verified")

    def add_verbs(self) -> None:
        """numbers, try, confirm."""
        provider = bilingual("事業者のフォルダー名", "the provider's folder, such as akishima-water")
        self.add_verb(
            "numbers",
            self._numbers,
            bilingual("番号と確認の状態を一覧する", "every number, whether it is verified, and what waits for that"),
        )
        test = self.add_verb("try", self._try, bilingual("コードつきの試し紙を送る", "send a test page with a code"))
        test.add_argument("provider", help=provider)
        confirm = self.add_verb(
            "confirm",
            self._confirm,
            bilingual("電話で聞いたコードを入れる", "enter the code that the office read back on the telephone"),
        )
        confirm.add_argument("provider", help=provider)
        confirm.add_argument("code", help=bilingual("紙のコード", "the code on the page"))

    def _numbers(self, **options: Any) -> None:
        poll_test_pages(_CHANNEL)
        for each in addresses_of_channel(_CHANNEL):
            self.stdout.write(_line(each))

    def _try(self, *, provider: str, **options: Any) -> None:
        if not settings.CONTACT and not settings.SANDBOX:
            raise CommandError(_("紙に載せる連絡先がありません。RENRAKUCHO_CONTACT に電話番号を設定してください。"))
        try:
            outcome = send_test_page(provider, _CHANNEL)
        except NoAddress:
            raise CommandError(
                _("%(provider)sのFAXの番号が、connections.tomlにありません。") % {"provider": provider}
            ) from None
        if outcome.kind not in (OutcomeKind.SENT, OutcomeKind.UNDER_WAY):
            raise CommandError(_("送信テストを送れませんでした: %(why)s") % {"why": outcome.evidence})
        [address] = [each for each in addresses_of_channel(_CHANNEL) if each.provider == provider]
        self.stdout.write(
            _("%(number)s へ送信テストを送りました。届いた紙のコードを電話で聞き、次のように入れてください。")
            % {"number": address.address}
        )
        self.stdout.write(f"    renrakucho fax confirm {provider} <code>")

    def _confirm(self, *, provider: str, code: str, **options: Any) -> None:
        try:
            waiting = confirm_address(provider, _CHANNEL, ascii_digits(code))
        except NoAddress:
            raise CommandError(
                _(
                    "%(provider)sの番号がconnections.tomlにないか、いまの番号へはまだ送信テストをしていません。"
                    "まず try してください。"
                )
                % {"provider": provider}
            ) from None
        except WrongCode as error:
            if not error.left:
                raise CommandError(
                    _("コードがちがいます。もう一度 try して、新しい紙のコードを聞いてください。")
                ) from None
            raise CommandError(_("コードがちがいます。あと%(left)d回入れられます。") % {"left": error.left}) from None
        self.stdout.write(_("番号を確認しました。待っていた連絡 %(count)d件をこれから送ります。") % {"count": waiting})


def _line(each: ProviderAddress) -> str:
    values = {"provider": each.provider, "number": each.address, "state": _state(each), "count": each.waiting}
    if each.waiting:
        return _("%(provider)s %(number)s %(state)s 確認を待つ連絡 %(count)d件") % values
    return _("%(provider)s %(number)s %(state)s") % values


def _state(each: ProviderAddress) -> str:
    if each.test is None:
        return _("未確認（送信テストをしていません）")
    if each.test.proved_at:
        return _("確認済 %(on)s") % {"on": _day(each.test.proved_at)}
    return _("未確認（%(on)s 送信テスト: %(word)s）") % {
        "on": _day(each.test.tried_at),
        "word": _result(each.test.outcome),
    }


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def _result(outcome: str) -> str:
    return {
        OutcomeKind.SENT: _("届きました。コードを聞いてください"),
        OutcomeKind.UNDER_WAY: _("送っています"),
        OutcomeKind.TRY_LATER: _("届きませんでした。もう一度 try してください"),
        OutcomeKind.REFUSED: _("受け付けられませんでした。番号をお確かめください"),
    }.get(OutcomeKind(outcome) if outcome else OutcomeKind.UNKNOWN, _("届いたか分かりません"))
