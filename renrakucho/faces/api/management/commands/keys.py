"""`renrakucho keys make|list|revoke`: the keys by which providers' systems use the API."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connected_providers import local_folders
from renrakucho.page.formatting import format_clock, format_long_day
from renrakucho.provider.system_key import SystemKey, TooManyKeys, create_key, revoke_key, valid_keys

_LONGEST_NAME = 80


class Command(NounCommand):
    """A key is printed once, when it is made: only its digest is stored."""

    help = bilingual("事業者のシステムの鍵", "the keys of providers' systems")

    def add_verbs(self) -> None:
        """make, list, revoke."""
        provider = bilingual("事業者のフォルダー名", "the provider's folder, such as yokosuka-water")
        make = self.add_verb(
            "make",
            self._make,
            bilingual("鍵を作り、一度だけ表示する", "make a key and show it once; a second one is for changing over"),
        )
        make.add_argument("--provider", required=True, help=provider)
        make.add_argument("--name", required=True, help=bilingual("どのシステムのものか", "which system it is for"))
        only = make.add_mutually_exclusive_group()
        only.add_argument("--only-read", action="store_true", help=bilingual("読むだけ", "cannot answer"))
        only.add_argument("--only-answer", action="store_true", help=bilingual("答えるだけ", "cannot read"))
        make.add_argument(
            "--days",
            type=int,
            help=bilingual("有効な日数。なければ取り消すまで", "how long it is valid; without it, until it is revoked"),
        )
        listed = self.add_verb("list", self._list, bilingual("有効な鍵を一覧する", "the keys that are valid"))
        listed.add_argument("--provider", default="", help=provider)
        revoke = self.add_verb("revoke", self._revoke, bilingual("鍵を取り消す", "end a key"))
        revoke.add_argument("id", help=bilingual("list が示す番号", "as list shows it"))

    def _list(self, *, provider: str, **options: Any) -> None:
        for key in valid_keys(provider):
            self.stdout.write(_line(key))

    def _revoke(self, *, id: str, **options: Any) -> None:
        found = next((key for key in valid_keys() if str(key.id) == id), None)
        if found is None:
            raise CommandError(_("この鍵はありません: %(id)s") % {"id": id})
        revoke_key(found, None)
        self.stdout.write(_("%(key)s の鍵は、もう使えません。") % {"key": found})

    def _make(self, *, provider: str, name: str, days: int | None, **options: Any) -> None:
        name = name.strip()
        if provider not in local_folders():
            raise CommandError(_("事業者のフォルダーがありません: %(provider)s") % {"provider": provider})
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise CommandError(_("名前は%(most)d文字までです。") % {"most": _LONGEST_NAME})
        if days is not None and not 0 < days <= 3660:
            raise CommandError(_("日数は1から3660までです。"))
        try:
            _key, text = create_key(
                provider,
                name,
                may_read=not options["only_answer"],
                may_answer=not options["only_read"],
                valid_until=timezone.now() + timedelta(days=days) if days is not None else None,
            )
        except TooManyKeys:
            raise CommandError(
                _("%(name)s の鍵は、もう2つあります。使っていないほうを keys revoke で取り消してください。")
                % {"name": name}
            ) from None
        self.stdout.write(_("鍵はいまだけ表示します。事業者の方に、安全な方法でお渡しください。"))
        self.stdout.write(text)


def _line(key: SystemKey) -> str:
    may = [label for label, allowed in ((_("読む"), key.may_read), (_("答える"), key.may_answer)) if allowed]
    never, always = _("まだ"), _("無期限")
    values = {
        "id": key.id,
        "key": key,
        "may": "・".join(may),
        "made": f"{format_long_day(key.created_at)} {key.made_by}".strip(),
        "until": format_long_day(key.valid_until) if key.valid_until else always,
        "seen": f"{format_long_day(key.seen_at)} {format_clock(key.seen_at)}" if key.seen_at else never,
    }
    return _("%(id)s %(key)s (%(may)s) 作成 %(made)s 期限 %(until)s 最後に使用 %(seen)s") % values
