"""Hash chain over the audit log: a changed, removed, inserted or moved entry shows.

The database links each entry to the one before, in the entry's own transaction (provider.append_only): a link is a hash
over the link before, the number, and the entry's own keyed hash. A link outlives its entry: what retention has deleted
leaves its number and hash behind. The head (the last number and hash) is kept outside the database at once, in a file
(provider.audit_link), and mailed (monitoring.audit_head_mail), so that a tail that was cut off shows. See
docs/decisions/0013.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from renrakucho.lib.message_text import BothLanguages
from renrakucho.provider.append_only import RetentionPass, missing_guards, retention_pass
from renrakucho.provider.audit_link import CHAIN_BEGINNING, AuditLink, ChainHead, chain_head, kept_heads, read_head
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU

_BATCH = 1_000
YOUNGEST_RETIRED = timedelta(days=90)  # on PostgreSQL the function in the database holds it too


@dataclass(frozen=True)
class ChainReport:
    """Result of a verification. entries: that were checked; retired: links whose entry retention has deleted."""

    head: ChainHead
    entries: int
    retired: int
    findings: tuple[BothLanguages, ...]


def link_older_entries() -> int:
    """Link entries from before the database did it itself. Returns how many. Called once, after a migration."""
    head = chain_head()
    links = []
    for entry in _unlinked_entries().order_by("id"):
        entry_hash = entry.content_hash()
        if entry.seal not in ("", entry_hash):
            continue  # it was not written by this program: verify_chain says so
        number = head.number + 1
        head = ChainHead(number, _chain_hash(head.chain_hash, number, entry.id.hex, entry_hash))
        links.append(AuditLink(id=entry.id, number=number, entry_hash=entry_hash, chain_hash=head.chain_hash))
    AuditLink.objects.bulk_create(links, batch_size=_BATCH)
    return len(links)


def mailed_heads() -> list[str]:
    """The heads that were mailed to the bureau, oldest first, by the entries that say so."""
    return list(AuditEntry.objects.filter(deed=AuditAction.HEAD_MAILED).order_by("id").values_list("about", flat=True))


def verify_chain(known: Iterable[ChainHead] = ()) -> ChainReport:
    """Check every link and entry, the heads that were kept outside, and the triggers. Changes nothing."""
    return _Verification([*kept_heads(), *known]).report()


def retire_entries(before: datetime) -> int:
    """Retention: delete the entries of the oldest links, up to the first that was done at `before` or later. The
    links stay, and an entry says up to which number it was. Nothing younger than 90 days is deleted.
    """
    before = min(before, timezone.now() - YOUNGEST_RETIRED)
    with transaction.atomic():
        kept = AuditEntry.objects.filter(done_at__gte=before).values("id")
        first_kept = AuditLink.objects.filter(id__in=kept).order_by("number").values_list("number", flat=True).first()
        until = (first_kept or chain_head().number + 1) - 1
        old = AuditEntry.objects.filter(id__in=AuditLink.objects.filter(number__lte=until).values("id"))
        if not old.exists():
            return 0
        AuditEntry.objects.create(provider=BUREAU, deed=AuditAction.RETIRED, about=str(until), done_at=timezone.now())
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT renrakucho_retire_audit(%s)", [until])
                return int(cursor.fetchone()[0])
        with retention_pass():
            return old.delete()[0]


class _Verification:
    """One pass over the chain: its findings come together on the way."""

    def __init__(self, known: list[ChainHead]) -> None:
        self.known: dict[int, set[str]] = {}
        for head in known:
            self.known.setdefault(head.number, set()).add(head.chain_hash)
        self.findings: list[BothLanguages] = []
        self.entries = self.retired = 0
        self.head = ChainHead(0, CHAIN_BEGINNING)
        self.retired_until = 0

    def report(self) -> ChainReport:
        retirements = AuditEntry.objects.filter(deed=AuditAction.RETIRED)
        sealed = [each for each in retirements if each.seal == each.content_hash() and each.about.isdecimal()]
        self.retired_until = max((int(each.about) for each in sealed), default=0)
        for head in filter(None, map(read_head, mailed_heads())):
            self.known.setdefault(head.number, set()).add(head.chain_hash)
        while links := AuditLink.objects.filter(number__gt=self.head.number).order_by("number")[:_BATCH]:
            entries = AuditEntry.objects.in_bulk([link.id for link in links])
            for link in links:
                self._check(link, entries.get(link.id))
        for number in sorted(self.known):
            if number > self.head.number:
                self.findings.append(
                    BothLanguages(
                        f"{number}番までつながっていた記録が、{self.head.number}番で終わっています",
                        f"the log reached number {number}, and ends at {self.head.number}: its tail was removed",
                    )
                )
        for entry in _unlinked_entries().iterator(_BATCH):
            self.entries += 1
            self.findings.append(
                BothLanguages(
                    f"記録 {entry.id} には番号がありません。番号を付けるしくみがはずされていたあいだに書かれました",
                    f"entry {entry.id} has no link: it was written while the database made none",
                )
            )
        self._check_guards()
        return ChainReport(self.head, self.entries, self.retired, tuple(self.findings))

    def _check(self, link: AuditLink, entry: AuditEntry | None) -> None:
        expected = self.head.number + 1
        if link.number != expected:
            self.findings.append(
                BothLanguages(
                    f"{expected}番から{link.number - 1}番までの記録がありません",
                    f"the entries {expected} to {link.number - 1} were removed",
                )
            )
        if link.chain_hash != _chain_hash(self.head.chain_hash, link.number, link.id.hex, link.entry_hash):
            self.findings.append(
                BothLanguages(
                    f"{link.number}番の記録のつながりが、前の記録と合いません",
                    f"link {link.number} does not follow from the one before: it was changed, moved or inserted",
                )
            )
        elif self.known.get(link.number, {link.chain_hash}) != {link.chain_hash}:
            self.findings.append(
                BothLanguages(
                    f"{link.number}番の記録が、外に控えた値と合いません",
                    f"link {link.number} is not what was kept outside: the log was written anew",
                )
            )
        self.head = ChainHead(link.number, link.chain_hash)
        if entry is not None:
            self.entries += 1
            if link.entry_hash != entry.content_hash() or entry.seal not in ("", link.entry_hash):
                self.findings.append(
                    BothLanguages(f"{link.number}番の記録の内容が変えられています", f"entry {link.number} was changed")
                )
        elif link.number <= self.retired_until:
            self.retired += 1
        else:
            self.findings.append(
                BothLanguages(f"{link.number}番の記録が消されています", f"entry {link.number} was removed")
            )

    def _check_guards(self) -> None:
        for name in missing_guards():
            self.findings.append(
                BothLanguages(
                    f"データベースのトリガー {name} がありません。renrakucho django migrate で作り直せます",
                    f"the trigger {name} is missing: `renrakucho django migrate` makes it again",
                )
            )
        if RetentionPass.objects.exists():
            self.findings.append(
                BothLanguages(
                    "消すための許しが開いたままです。provider_retentionpassの行を消してください",
                    "a pass to delete stands open: delete the rows of provider_retentionpass",
                )
            )


def _chain_hash(before: str, number: int, entry: str, entry_hash: str) -> str:
    return hashlib.sha256(f"{before}\n{number}\n{entry}\n{entry_hash}".encode()).hexdigest()


def _unlinked_entries() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(~Exists(AuditLink.objects.filter(id=OuterRef("id"))))
