"""`renrakucho system_key`: the keys by which providers' systems use the API."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.notice.connected_providers import local_folders
from renrakucho.page.formatting import format_clock, format_long_day
from renrakucho.provider.system_key import SystemKey, TooManyKeys, create_key, revoke_key, valid_keys

_LONGEST_NAME = 80


class Command(BaseCommand):
    """A key is printed once, when it is made, and nobody can tell it again."""

    help = "Makes, lists and revokes the keys of providers' systems."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and for whom."""
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="a new key; the same name again is for changing over to it")
        add.add_argument("--provider", required=True, help="the provider's folder, such as yokosuka-water")
        add.add_argument("--name", required=True, help="which system it is for")
        only = add.add_mutually_exclusive_group()
        only.add_argument("--only-read", action="store_true", help="cannot answer")
        only.add_argument("--only-answer", action="store_true", help="cannot read")
        add.add_argument("--days", type=int, help="how long it is good; without it, until it is revoked")
        actions.add_parser("list", help="the keys that are good").add_argument("--provider", default="")
        end = actions.add_parser("revoke", help="it opens nothing any more")
        end.add_argument("id", help="as «list» shows it")

    def handle(self, *, action: str, **options: object) -> None:
        """Do it, or say why not."""
        if action == "add":
            self._add(**options)
        elif action == "list":
            for key in valid_keys(str(options["provider"])):
                self.stdout.write(_line(key))
        else:
            found = next((key for key in valid_keys() if str(key.id) == options["id"]), None)
            if found is None:
                raise CommandError(_("この鍵はありません: %(id)s") % {"id": options["id"]})
            revoke_key(found)
            self.stdout.write(_("%(key)s の鍵は、もう使えません。") % {"key": found})

    def _add(self, **options: object) -> None:
        provider, name, days = str(options["provider"]), str(options["name"]).strip(), options["days"]
        if provider not in local_folders():
            raise CommandError(_("事業者のフォルダーがありません: %(provider)s") % {"provider": provider})
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise CommandError(_("名前は%(most)d文字までです。") % {"most": _LONGEST_NAME})
        if isinstance(days, int) and not 0 < days <= 3660:
            raise CommandError(_("日数は1から3660までです。"))
        try:
            _key, text = create_key(
                provider,
                name,
                may_read=not options["only_answer"],
                may_answer=not options["only_read"],
                valid_until=timezone.now() + timedelta(days=days) if isinstance(days, int) else None,
            )
        except TooManyKeys:
            raise CommandError(
                _("%(name)s の鍵は、もう2つあります。使っていないほうを system_key revoke で取り消してください。")
                % {"name": name}
            ) from None
        self.stdout.write(_("鍵はいまだけ表示します。事業者の方に、安全な方法でお渡しください。"))
        self.stdout.write(text)


def _line(key: SystemKey) -> str:
    may = [word for word, may in ((_("読む"), key.may_read), (_("答える"), key.may_answer)) if may]
    never, always = _("まだ"), _("無期限")
    words = {
        "id": key.id,
        "key": key,
        "may": "・".join(may),
        "made": format_long_day(key.created_at),
        "until": format_long_day(key.valid_until) if key.valid_until else always,
        "seen": f"{format_long_day(key.seen_at)} {format_clock(key.seen_at)}" if key.seen_at else never,
    }
    return _("%(id)s %(key)s (%(may)s) 作成 %(made)s 期限 %(until)s 最後に使用 %(seen)s") % words
