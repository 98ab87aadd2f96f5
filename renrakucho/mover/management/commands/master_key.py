"""`renrakucho master_key check|rotate|retire`: whether this is the database's key, and changing it while all runs."""

import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import transaction

from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.master_keyring import key_fingerprint, keyring_texts
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key, master_key_fingerprint
from renrakucho.mover.master_key_rotation import (
    RotationCount,
    add_new_key,
    keep_newest_key,
    rewrap_everything,
    switch_sealing_key,
)
from renrakucho.provider.audit_log import AuditAction, log_command

_MOST_PASSES = 5
_FILE_SECONDS = 3.0  # within which every process has seen a new key in the file
_GRACE = 15.0  # within which every process has heard from the database which key seals: they ask every ten seconds


class Command(NounCommand):
    """The master key: its fingerprint, and its rotation."""

    help = bilingual("マスターキーの確認と取替え", "check the master key, and change it")

    def add_verbs(self) -> None:
        """check, rotate, retire."""
        check = bilingual(
            "データベースの鍵と同じか確かめ、指紋を表示する", "compare it with the database, print its fingerprint"
        )
        self.add_verb("check", self._check, check)
        text = bilingual(
            "新しい鍵で、すべての封をし直す。途中で止まったら、もう一度動かす",
            "seal everything again with a new key; when it was stopped, run it again",
        )
        rotate = self.add_verb("rotate", self._rotate, text)
        rotate.add_argument(
            "--grace",
            type=float,
            default=_GRACE,
            help=bilingual("ほかの処理が新しい鍵に移るのを待つ秒数 (15)", "seconds for processes to change over (15)"),
        )
        text = bilingual("古い鍵を外す", "take the older keys out of the keyring")
        retire = self.add_verb("retire", self._retire, text)
        retire.add_argument(
            "--leave-broken",
            action="store_true",
            help=bilingual("どの鍵でも開かないものがあっても外す", "even where something opens with none of the keys"),
        )

    def _check(self, **options: Any) -> None:
        _checked()
        self.stdout.write(in_fours(master_key_fingerprint()))

    def _rotate(self, *, grace: float, **options: Any) -> None:
        _checked()
        if len(keyring_texts()) == 1:
            path = _key_file()
            add_new_key(path)
            self.stdout.write(bilingual(f"新しい鍵を{path}に足しました", f"a new key stands in {path}"))
            _wait(min(grace, _FILE_SECONDS))
        with transaction.atomic():
            fingerprint = switch_sealing_key()
            log_command(AuditAction.MASTER_KEY_ROTATED, about=fingerprint)
        self.stdout.write(bilingual(f"封をする鍵: {in_fours(fingerprint)}", f"now sealing: {in_fours(fingerprint)}"))
        _wait(grace)
        self._rewrap()
        self.stdout.write(
            bilingual(
                "古い鍵で封をしたものは、もうありません。renrakucho master_key retire で外せます",
                "the older keys open nothing any more: renrakucho master_key retire takes them out",
            )
        )

    def _retire(self, *, leave_broken: bool, **options: Any) -> None:
        _checked()
        if len(keyring_texts()) == 1:
            self.stdout.write(bilingual("鍵は一つだけです", "there is one key only"))
            return
        if master_key_fingerprint() != key_fingerprint(keyring_texts()[-1]):
            raise CommandError(bilingual("先に rotate を動かしてください", "run rotate first"))
        self._rewrap(leave_broken=leave_broken)
        if settings.MASTER_KEY_FILE is None:
            self.stdout.write(
                bilingual(
                    "RENRAKUCHO_MASTER_KEYを最後の鍵だけにして、すべて始め直してください",
                    "leave the last key alone in RENRAKUCHO_MASTER_KEY, and start everything again",
                )
            )
            return
        keep_newest_key(settings.MASTER_KEY_FILE)
        log_command(AuditAction.MASTER_KEY_RETIRED, about=master_key_fingerprint())
        self.stdout.write(
            bilingual(
                f"古い鍵を外しました。新しい鍵の控えを取り、古い控えを捨ててください: {settings.MASTER_KEY_FILE}",
                f"taken out. Copy the new key to where the old one was kept: {settings.MASTER_KEY_FILE}",
            )
        )

    def _rewrap(self, *, leave_broken: bool = False) -> None:
        """Seal again until a pass finds nothing left. CommandError: something opens with none of the keys."""
        for _pass in range(_MOST_PASSES):
            counts = rewrap_everything(self._say)
            if not any(count.changed for count in counts):
                break
        else:
            raise CommandError(
                bilingual(
                    "古い鍵で封をする処理がまだ動いています。止めてから、もう一度動かしてください",
                    "a process still seals with the older key: stop it, and run this again",
                )
            )
        names = ", ".join(f"{count.name}: {count.broken}" for count in counts if count.broken)
        if names and not leave_broken:
            raise CommandError(
                bilingual(
                    f"どの鍵でも開かないものがあり、そのままにしました（{names}）。元の鍵があれば、先頭に足してください",
                    f"some open with none of the keys and were left as they are ({names}): put their key first, if you "
                    "have it",
                )
            )

    def _say(self, count: RotationCount) -> None:
        self.stdout.write(f"{count.name}: {count.seen} ({count.changed} {bilingual('封じ直し', 'sealed again')})")


def _checked() -> None:
    try:
        check_master_key()
    except WrongMasterKey as error:
        raise CommandError(str(error)) from None


def _key_file() -> Path:
    if settings.MASTER_KEY_FILE is None:
        raise CommandError(
            bilingual(
                "RENRAKUCHO_MASTER_KEYに新しい鍵を足し（古い鍵,新しい鍵）、すべて始め直してから動かしてください。"
                "鍵は openssl rand -hex 32 で作れます",
                "add a new key to RENRAKUCHO_MASTER_KEY (old,new) and start everything again before this; "
                "openssl rand -hex 32 makes one",
            )
        )
    return Path(settings.MASTER_KEY_FILE)


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)
