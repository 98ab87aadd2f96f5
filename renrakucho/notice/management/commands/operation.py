"""`renrakucho operation …`: what an operator decides: pauses, providers that are not connected, announcements."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.lib.noun_command import NounCommand, bilingual, moment_argument
from renrakucho.notice.operator_acts import (
    BadDecision,
    announce,
    end_announcement,
    mark_connected,
    mark_not_connected,
    pause_lanes,
    resume_lanes,
)
from renrakucho.notice.operator_decisions import OperatorDecision, standing_decisions

_PROVIDER = bilingual("事業者のフォルダー名", "the provider's folder, such as akishima-water")


class Command(NounCommand):
    """Each act is written to the audit log, without a name: whoever is at the command line needs none."""

    help = bilingual(
        "運用: 一時停止・つながない・お知らせ", "operation: pauses, providers not connected, announcements"
    )

    def add_verbs(self) -> None:
        """list, pause, resume, disconnect, connect, announce, end."""
        self.add_verb("list", self._list, bilingual("いまの決めごとを一覧する", "every decision that holds now"))
        pause = self.add_verb("pause", self._pause, bilingual("送信を止める", "send nothing of a lane"))
        resume = self.add_verb("resume", self._resume, bilingual("また送りはじめる", "send again"))
        for verb in (pause, resume):
            verb.add_argument("--provider", default="", help=_PROVIDER)
            verb.add_argument("--channel", default="", help=bilingual("方式", "the channel, such as fax"))
        off = self.add_verb(
            "disconnect", self._disconnect, bilingual("新しい連絡は一覧だけにする", "only list a provider from now on")
        )
        on = self.add_verb("connect", self._connect, bilingual("またつなぐ", "take that back"))
        for verb in (off, on):
            verb.add_argument("provider", help=_PROVIDER)
        said = self.add_verb("announce", self._announce, bilingual("全ページに知らせる", "a sentence on every page"))
        said.add_argument(
            "--from",
            dest="begins_at",
            type=moment_argument,
            help=bilingual("始まり。なければいま", "its beginning, or now"),
        )
        for verb in (pause, off, said):
            verb.add_argument("--sentence", default="", help=bilingual("お客さまに見せる文", "what movers read"))
            verb.add_argument("--english", default="", help=bilingual("英語の文", "the same in English"))
        for verb in (pause, said):
            verb.add_argument(
                "--until",
                dest="ends_at",
                type=moment_argument,
                help=bilingual("終わり (2026-12-01T03:00 日本時間)", "the end, Japan's time"),
            )
        end = self.add_verb("end", self._end, bilingual("お知らせを下げる", "take an announcement away"))
        end.add_argument("id", help=bilingual("一覧にある番号", "its id in the list"))

    def _list(self, **options: Any) -> None:
        for decision in standing_decisions():
            self.stdout.write(_line(decision))

    def _pause(self, *, provider: str, channel: str, sentence: str, english: str, **options: Any) -> None:
        ends_at = options["ends_at"]
        self._decided(
            lambda: pause_lanes(
                None, provider=provider, channel=channel, sentence=sentence, english=english, ends_at=ends_at
            )
        )

    def _resume(self, *, provider: str, channel: str, **options: Any) -> None:
        due = resume_lanes(None, provider=provider, channel=channel)
        self.stdout.write(bilingual(f"これから送る連絡 {due}件", f"{due} notices are due now"))

    def _disconnect(self, *, provider: str, sentence: str, english: str, **options: Any) -> None:
        self._decided(lambda: mark_not_connected(None, provider, sentence=sentence, english=english))
        self.stdout.write(
            bilingual("すでに送信を頼まれた連絡は、そのまま送ります", "what was entered already is still delivered")
        )

    def _connect(self, *, provider: str, **options: Any) -> None:
        mark_connected(None, provider)

    def _announce(self, *, sentence: str, english: str, **options: Any) -> None:
        begins_at = options["begins_at"]
        ends_at = options["ends_at"]
        self._decided(lambda: announce(None, sentence=sentence, english=english, begins_at=begins_at, ends_at=ends_at))

    def _end(self, *, id: str, **options: Any) -> None:
        found = [each for each in standing_decisions() if str(each.id) == id]
        if not found or not end_announcement(None, found[0].id):
            raise CommandError(bilingual("そのお知らせはありません", "there is no such announcement"))

    def _decided(self, act: Callable[[], object]) -> None:
        try:
            act()
        except BadDecision as error:
            raise CommandError(str(error)) from None


def _line(decision: OperatorDecision) -> str:
    where = f"{decision.provider or '*'}/{decision.channel or '*'}"
    until = f"{timezone.localtime(decision.ends_at):%Y-%m-%dT%H:%M}" if decision.ends_at else "-"
    begun = f"{timezone.localtime(decision.begins_at):%Y-%m-%dT%H:%M}"
    return f"{decision.id}  {decision.kind}  {where}  {begun}..{until}  {decision.sentence}"
