"""Audit log: what each person at a desk or the bureau saw, exported and did. Append-only, and without a word about the
mover.
"""

import json
import os
import pwd
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.master_keyring import index_hash
from renrakucho.provider.audit_link import AppendOnlyRow, keep_head_after_commit
from renrakucho.provider.staff import BUREAU, Staff


class AuditAction(models.TextChoices):
    """An act that is kept. Those before LOGGED_IN are about a notice."""

    SEEN = "seen", _("れんらくを開いた")
    REASON_GIVEN = "reason_given", _("住所秘匿のれんらくを開くわけを記録した")
    ACCEPTED = "accepted", _("受理した")
    RETURNED = "returned", _("差し戻した")
    TAKEN_CSV = "taken_csv", _("CSV(UTF-8)に書き出した")
    TAKEN_SHIFT_JIS = "taken_shift_jis", _("CSV(Shift_JIS)に書き出した")
    PRINTED = "printed", _("印刷した(PDF)")
    ASKED_AGAIN = "asked_again", _("もう一度送るよう頼んだ")
    LOOKED_UP = "looked_up", _("れんらく番号を調べた")
    LOGGED_IN = "logged_in", _("ログインした")
    CODE_REFUSED = "code_refused", _("確認コードがちがった")
    RECOVERY_USED = "recovery_used", _("回復コードでログインした")
    LOGGED_OUT = "logged_out", _("ログアウトした")
    ENDED_SESSIONS = "ended_sessions", _("すべての端末からログアウトした")
    PASSWORD_CHANGED = "password_changed", _("パスワードを変えた")
    FACTOR_SET = "factor_set", _("確認コードを使いはじめた")
    RECOVERY_RENEWED = "recovery_renewed", _("回復コードを作り直した")
    FACTOR_ENDED = "factor_ended", _("確認コードをやめた")
    PASSKEY_ADDED = "passkey_added", _("パスキーを登録した")
    PASSKEY_REMOVED = "passkey_removed", _("パスキーを消した")
    PASSKEY_REFUSED = "passkey_refused", _("パスキーで確かめられなかった")
    SIGN_ON_LINKED = "sign_on_linked", _("シングルサインオンとつないだ")
    SIGN_ON_UNLINKED = "sign_on_unlinked", _("シングルサインオンをはずした")
    SIGN_ON_USED = "sign_on_used", _("シングルサインオンでログインした")
    SIGN_ON_ENDED = "sign_on_ended", _("ログイン元の知らせで、ログアウトした")
    SIGN_ON_REQUIRED = "sign_on_required", _("シングルサインオンを全員に求めることにした")
    SIGN_ON_OPTIONAL = "sign_on_optional", _("パスワードでもログインできることにした")
    MAIL_SET = "mail_set", _("お知らせメールを頼んだ")
    MAIL_ENDED = "mail_ended", _("お知らせメールをやめた")
    INVITED = "invited", _("招待した")
    INVITATION_ENDED = "invitation_ended", _("招待を取り消した")
    JOINED = "joined", _("招待から登録した")
    ROLE_CHANGED = "role_changed", _("役割を変えた")
    CLOSED = "closed", _("アカウントを閉じた")
    REOPENED = "reopened", _("アカウントをまた開いた")
    FACTOR_RESET = "factor_reset", _("確認コードの設定を消した")
    FACTOR_REQUIRED = "factor_required", _("確認コードを全員に求めることにした")
    FACTOR_OPTIONAL = "factor_optional", _("確認コードを各自にまかせることにした")
    PAUSED = "paused", _("送信を止めた")
    RESUMED = "resumed", _("送信をまた始めた")
    DISCONNECTED = "disconnected", _("つながない事業者にした")
    CONNECTED = "connected", _("つなぐ事業者にもどした")
    ANNOUNCED = "announced", _("お知らせを出した")
    ANNOUNCEMENT_ENDED = "announcement_ended", _("お知らせを下げた")
    RETRIED = "retried", _("もう一度送ることにした")
    SWITCHED = "switched", _("別の方式に切り替えた")
    TESTED = "tested", _("試験のれんらくを送った")
    ACCOUNT_MADE = "account_made", _("アカウントを作った")
    KEY_MADE = "key_made", _("システムの鍵を作った")
    KEY_CLOSED = "key_closed", _("システムの鍵を取り消した")
    LISTED_TO_KEY = "listed_to_key", _("システムが一覧で受け取った")
    READ_BY_KEY = "read_by_key", _("システムが1件を読んだ")
    DESTINATION_FOUND = "destination_found", _("送り先の変更を届け出た")
    DESTINATION_CONFIRMED = "destination_set", _("送り先の変更を確かめた")
    DESTINATION_REFUSED = "destination_refused", _("送り先の変更を断った")
    MASTER_KEY_ROTATED = "key_rotated", _("マスター鍵を替えた")
    MASTER_KEY_RETIRED = "key_retired", _("古いマスター鍵をはずした")
    HEAD_MAILED = "head_mailed", _("操作の記録の最後の値を、メールで控えた")
    RETIRED = "retired", _("保存期間をすぎた記録を消した")
    HELD = "held", _("送る前に止めた（急な増加）")
    HELD_RELEASED = "held_released", _("止めていたれんらくを送ることにした")
    HELD_REFUSED = "held_refused", _("止めていたれんらくを断った")
    DISAVOWED = "disavowed", _("ご本人に覚えがないと申告があった")
    OPENING_ASKED = "opening_asked", _("れんらくの内容を開くことを申請した")
    OPENING_APPROVED = "opening_approved", _("れんらくの内容を開くことを認めた")
    OPENED_BY_BUREAU = "opened_by_bureau", _("事務局が、れんらくの内容を開いた")
    OPENING_BY_CODE = "opening_by_code", _("お客さまの番号で、内容を開けるようにした")
    OPENING_REFUSED = "opening_refused", _("お客さまの番号がちがい、内容を開けなかった")
    OPENING_ENDED = "opening_ended", _("お客さまが、内容を開くことを終わらせた")
    POSTCARD_MADE = "postcard_made", _("元の住所へのはがきを作った")
    POSTCARD_TAKEN = "postcard_taken", _("元の住所へのはがきを取り出した（印刷）")


MOVERS_ACTS = frozenset({AuditAction.DISAVOWED, AuditAction.OPENING_ENDED})


class OpeningReason(models.TextChoices):
    """Why somebody at a provider opens a confidential notice."""

    PROCEDURE = "procedure", _("この手続をするため")
    QUESTION = "question", _("お客さまご本人からのお問い合わせに答えるため")
    CHECK = "check", _("登録した内容をあとから確かめるため")


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Entries that are added together keep the head of the log as one alone does."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list["AuditEntry"]:
        """Insert."""
        added = super().bulk_create(*args, **kwargs)
        keep_head_after_commit()
        return added


class EntrySeal(models.CharField):  # type: ignore[type-arg]
    """Keyed hash of the row, made when it is inserted: nobody without the index key can write or change a row."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The hash, in save() and bulk_create() alike."""
        assert isinstance(model_instance, AuditEntry)
        model_instance.seal = model_instance.content_hash()
        return model_instance.seal


class AuditEntry(AppendOnlyRow):
    """One act (`deed`). number: れんらく番号 of the notice it is about, or empty; whom: the colleague it is about;
    word: the role that was given, or an OpeningReason. Several notices in one act are a row each, with one moment.

    provider: the desk it was done at; empty: the bureau. staff: None: on the command line, by the user `os_user` of
    the operating system, by a provider's system with its `key`, or by the mover (MOVERS_ACTS). about, said: for the
    bureau's acts, the lane it is about, and the sentence that movers read. seal: content_hash.
    """

    provider = models.CharField(max_length=64)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="traces")
    deed = models.CharField(max_length=20, choices=AuditAction.choices)
    number = models.CharField(max_length=12, blank=True)
    whom = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    word = models.CharField(max_length=20, blank=True)
    about = models.CharField(max_length=100, blank=True, default="")
    said = models.CharField(max_length=200, blank=True, default="")
    os_user = models.CharField(max_length=80, blank=True, default="")
    key = models.ForeignKey("provider.SystemKey", on_delete=models.PROTECT, null=True, related_name="traces")
    done_at = models.DateTimeField()
    seal = EntrySeal(max_length=64, blank=True, default="", editable=False)

    objects = AuditEntries.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(deed__in=AuditAction.values), name="trace_deed_known"),
            models.UniqueConstraint(
                fields=["key", "deed", "number"],
                condition=models.Q(deed__in=("listed_to_key", "read_by_key")),
                name="trace_once_a_key",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-id"], name="trace_of_a_desk"),
            models.Index(fields=["provider", "number"], name="trace_of_a_notice"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, and keep the head of the log outside the database. Raises AppendOnly for a row that exists."""
        super().save(*args, **kwargs)
        keep_head_after_commit()

    def content_hash(self) -> str:
        """Keyed hash over every column that says something, 64 hex digits. A column that is added later and empty
        changes no hash.
        """
        columns = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        said = {name: _plain(value) for name, value in columns.items() if name != "seal" and value not in (None, "")}
        return index_hash(f"audit entry:{json.dumps(said, sort_keys=True)}")


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def command_line_user() -> str:
    """Who runs this command: the operating system's user, and behind `sudo` whoever called it. Not from LOGNAME,
    which anybody can set.
    """
    user = pwd.getpwuid(os.getuid()).pw_name
    caller = os.environ.get("SUDO_USER", "") if os.getuid() == 0 else ""
    return f"{user} (sudo: {caller})"[:80] if caller and caller != user else user[:80]


def log_action(
    staff: Staff, action: AuditAction, *, whom: Staff | None = None, word: str = "", about: str = ""
) -> None:
    """Add a row: this person did it. word: a role's code. Call it inside the transaction of the act."""
    AuditEntry.objects.create(
        provider=staff.provider,
        staff=staff,
        deed=action,
        whom=whom,
        word=word,
        about=about[:100],
        done_at=timezone.now(),
    )


def log_notice_actions(staff: Staff, action: AuditAction, numbers: Iterable[str]) -> None:
    """Add a row for each of these notices. Call it inside the transaction of the act."""
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(provider=staff.provider, staff=staff, deed=action, number=number, done_at=now) for number in numbers
    )


def log_reason(
    provider: str, number: str, reason: str, *, staff: Staff | None = None, key: UUID | None = None, about: str = ""
) -> None:
    """Add a row: this reason, an OpeningReason, was given for opening a confidential notice: by a person, by a system
    with its key, or by whoever `about` names.
    """
    AuditEntry.objects.create(
        provider=provider,
        staff=staff,
        key_id=key,
        deed=AuditAction.REASON_GIVEN,
        number=number,
        word=reason,
        about=about,
        done_at=timezone.now(),
    )


def has_given_reason(
    provider: str, number: str, since: datetime, *, staff: Staff | None = None, key: UUID | None = None
) -> bool:
    """Whether this person, or the system with this key, gave a reason for this notice since then."""
    given = AuditEntry.objects.filter(provider=provider, number=number, deed=AuditAction.REASON_GIVEN)
    return given.filter(staff=staff, key=key, done_at__gte=since).exists()


def log_operation(
    staff: Staff | None, action: AuditAction, *, about: str = "", said: str = "", numbers: Iterable[str] = ("",)
) -> None:
    """Add a row for an act of the bureau, or one for each of these notices. staff: None: on the command line. Call it
    inside the transaction of the act.
    """
    now, provider = timezone.now(), staff.provider if staff else BUREAU
    os_user = "" if staff else command_line_user()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            provider=provider,
            staff=staff,
            os_user=os_user,
            deed=action,
            number=number,
            about=about[:100],
            said=said[:200],
            done_at=now,
        )
        for number in numbers
    )


def log_by_mover(action: AuditAction, numbers: Iterable[str]) -> None:
    """Add a row for an act of a mover (MOVERS_ACTS), or one for each of these notices. Call it inside the transaction
    of the act.
    """
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(provider=BUREAU, deed=action, number=number, done_at=now) for number in numbers
    )


def log_key_reads(provider: str, key: UUID, action: AuditAction, numbers: Iterable[str]) -> None:
    """Add a row for each notice that this key has not read this way before: a system asks for the same ones again and
    again. One query, and one insert where there are new ones.
    """
    wanted = dict.fromkeys(numbers)
    rows = AuditEntry.objects.filter(key=key, deed=action, number__in=wanted)
    known = set(rows.values_list("number", flat=True)) if wanted else set()
    now = timezone.now()
    new = [
        AuditEntry(provider=provider, key_id=key, deed=action, number=number, done_at=now)
        for number in wanted
        if number not in known
    ]
    if new:
        AuditEntry.objects.bulk_create(new, ignore_conflicts=True)  # another request of the system was first


def log_command(
    action: AuditAction, *, provider: str = BUREAU, whom: Staff | None = None, word: str = "", about: str = ""
) -> None:
    """Add a row for an act on the command line that concerns a desk or the bureau, with the operating system's user.
    Call it inside the transaction of the act.
    """
    AuditEntry.objects.create(
        provider=provider,
        staff=None,
        os_user=command_line_user(),
        deed=action,
        whom=whom,
        word=word,
        about=about[:100],
        done_at=timezone.now(),
    )
