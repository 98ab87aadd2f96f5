"""`renrakucho notice …`: what an operator does for notices that stand still."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.delivery.late_answers import overdue_notices, provider_lateness, unfinished_handovers
from renrakucho.delivery.operator_resend import (
    CannotSwitch,
    ResendPlan,
    ResendScope,
    channels_to_switch,
    may_have_arrived,
    plan_resend,
    resend_notices,
    switch_channel,
)
from renrakucho.delivery.trial_notice import CannotTry, send_trial_notice
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.noun_command import NounCommand, bilingual, moment_argument
from renrakucho.lib.width import ascii_digits
from renrakucho.notice.models import Notice
from renrakucho.sheet.form import PROCEDURES, Procedure

_REASONS = {
    "in_flight": bilingual(
        "いま送っているところです。終わってから、もう一度", "it is being sent right now: try again later"
    ),
    "no_such_channel": bilingual("その事業者に、その方式の接続がありません", "its provider has no such connection"),
    "not_waiting": bilingual("もう届いたか、終わった連絡です", "it has arrived, or is done"),
}


_NO_TRIAL = {
    "not_connected": bilingual("その手続は、つないでいません", "it is not connected for this procedure"),
    "carried": bilingual("Webリンクは、お客さまのブラウザしか送れません", "only a mover's browser carries a web link"),
    "relayed": bilingual("ほかのポータルへは送れません", "another portal's desk is not tried from here"),
    "cannot_mark": bilingual("様式に「試験」と書けません", "its form has no place for the mark"),
}


class Command(NounCommand):
    """Shows numbers only, and nothing of what a notice says."""

    help = bilingual("止まっている連絡", "notices that stand still, or are late")

    def add_verbs(self) -> None:
        """retry, switch, trial, late, carried."""
        retry = self.add_verb(
            "retry", self._retry, bilingual("もう一度送る。--do なしは見るだけ", "send again; without --do, only show")
        )
        retry.add_argument("--number", default="", help=bilingual("れんらく番号", "the notice's number"))
        retry.add_argument("--provider", default="", help=bilingual("事業者", "the provider's folder"))
        retry.add_argument("--channel", default="", help=bilingual("方式", "the channel"))
        retry.add_argument("--since", type=moment_argument, help=bilingual("この時から止まった", "stopped since"))
        retry.add_argument("--until", type=moment_argument, help=bilingual("この時まで", "and before"))
        retry.add_argument(
            "--even-late", action="store_true", help=bilingual("手続の日を過ぎたものも", "also those whose day is over")
        )
        _add_do(retry)
        switch = self.add_verb("switch", self._switch, bilingual("別の方式で送る", "send by another channel"))
        switch.add_argument("number", help=bilingual("れんらく番号", "the notice's number"))
        switch.add_argument("channel", nargs="?", default="", help=bilingual("方式。なければ一覧", "or a list of them"))
        trial = self.add_verb("trial", self._trial, bilingual("試験のれんらくを送る", "send a made-up mover's notice"))
        trial.add_argument("provider", help=bilingual("事業者のフォルダー名", "the provider's folder"))
        trial.add_argument("procedure", choices=PROCEDURES, help=bilingual("手続", "the procedure"))
        trial.add_argument("--mail", required=True, help=bilingual("お知らせの宛先", "who gets the mover's mails"))
        self.add_verb("late", self._late, bilingual("返事が遅れているもの", "answers that are late, and by whom"))
        carried = self.add_verb("carried", self._carried, bilingual("引継中のまま", "web forms that never came back"))
        carried.add_argument("--days", type=int, default=3, help=bilingual("日数より古い (3)", "older than days (3)"))

    def _trial(self, *, provider: str, procedure: Procedure, mail: str, **options: Any) -> None:
        try:
            notice = send_trial_notice(None, provider, procedure, mail_to=mail)
        except CannotTry as error:
            raise CommandError(_NO_TRIAL[error.reason]) from None
        self.stdout.write(in_fours(notice.number))

    def _late(self, **options: Any) -> None:
        for each in provider_lateness():
            self.stdout.write(f"{each.provider}  {each.late}/{each.due}  {each.share:.0%}")
        for notice in overdue_notices():
            due_on = f"{timezone.localtime(notice.answer_due_at):%Y-%m-%dT%H:%M}"
            self.stdout.write(
                f"{in_fours(notice.number)}  {notice.provider}/{notice.channel}  {notice.status}  {due_on}"
            )

    def _carried(self, *, days: int, **options: Any) -> None:
        for each in unfinished_handovers(days):
            oldest = f"{timezone.localtime(each.oldest_at):%Y-%m-%d}"
            numbers = " ".join(map(in_fours, each.numbers))
            self.stdout.write(f"{each.provider}  {len(each.numbers)}  {oldest}  {numbers}")

    def _retry(self, *, number: str, do: bool, even_late: bool, **options: Any) -> None:
        where = {name: options[name] for name in ("provider", "channel", "since", "until")}
        scope = ResendScope(_digits(number), **where)
        if scope == ResendScope():
            raise CommandError(bilingual("どれを送るか、1つは指定してください", "say which: one option at least"))
        plan = resend_notices(None, scope, even_late=even_late) if do else plan_resend(scope, even_late=even_late)
        for line in _plan_lines(plan):
            self.stdout.write(line)

    def _switch(self, *, number: str, channel: str, **options: Any) -> None:
        notice = Notice.objects.select_related("book").filter(number=_digits(number)).first()
        if notice is None:
            raise CommandError(bilingual("その番号の連絡はありません", "there is no notice with this number"))
        if not channel:
            self.stdout.write(" ".join(channels_to_switch(notice)) or "-")
            return
        if may_have_arrived(notice):
            self.stdout.write(bilingual("いまの方式で届いているかもしれません", "it may have arrived already"))
        try:
            switch_channel(None, notice, channel)
        except CannotSwitch as error:
            raise CommandError(_REASONS[error.reason]) from None


def _add_do(parser: ArgumentParser) -> None:
    parser.add_argument("--do", action="store_true", help=bilingual("実際に行う", "do it"))


def _digits(number: str) -> str:
    return ascii_digits(number).replace("-", "").replace(" ", "")


def _plan_lines(plan: ResendPlan) -> list[str]:
    said = {
        bilingual("未達だったもの", "given up before"): plan.given_up,
        bilingual("待っていたもの", "waiting"): plan.waiting,
        bilingual("そのうち取消", "withdrawals among them"): plan.withdrawals,
        bilingual("送っている最中 (そのまま)", "being sent (left alone)"): plan.in_flight,
        bilingual("手続の日を過ぎた (そのまま)", "its day is over (left alone)"): plan.too_late,
        bilingual("開けない (そのまま)", "does not open (left alone)"): plan.unreadable,
    }
    lines = [f"{words}: {len(numbers)} {' '.join(map(in_fours, numbers))}".rstrip() for words, numbers in said.items()]
    return [*lines, bilingual("ほかにもあります", "there are more")] if plan.more else lines
