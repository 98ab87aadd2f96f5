"""Hash chain over the audit log: a changed, removed, inserted or moved entry shows.

The worker numbers new entries and adds a link for each: a hash over the link before, the number, and the entry's own
keyed hash. So whoever writes an entry waits for nobody. A link outlives its entry: what retention has deleted leaves
its number and hash behind. The head (the last number and hash) is kept outside the database as well, so that a tail
that was cut off shows. See docs/decisions/0013.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from renrakucho.lib.identifiers import first_uuid7_at
from renrakucho.lib.message_text import BothLanguages
from renrakucho.provider.append_only import RetentionPass, missing_guards, retention_pass
from renrakucho.provider.audit_log import AppendOnlyRow, AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU

_BATCH = 1_000
_HEADS_KEPT = 1_000
_OVERLAP = timedelta(hours=1)  # a transaction that began so long ago may commit an entry still
_BEGINNING = "0" * 64
YOUNGEST_RETIRED = timedelta(days=90)  # on PostgreSQL the function in the database holds it too


class AuditLink(AppendOnlyRow):
    """One link; its id is that of its entry. number: from 1, without a gap. entry_hash: the entry's seal."""

    number = models.BigIntegerField(unique=True)
    entry_hash = models.CharField(max_length=64)
    chain_hash = models.CharField(max_length=64)


@dataclass(frozen=True)
class ChainHead:
    """The last link: its number (0: there is none) and chain_hash."""

    number: int
    chain_hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.chain_hash}"


@dataclass(frozen=True)
class ChainReport:
    """Result of a verification. entries: that were checked; retired: links whose entry retention has deleted."""

    head: ChainHead
    entries: int
    retired: int
    findings: tuple[BothLanguages, ...]


def link_new_entries() -> int:
    """Add a link for every new entry. Returns how many; 0 also where another worker was first. An entry without its
    right seal gets no link, and is found by verify_chain.
    """
    head = chain_head()
    before = AuditLink.objects.filter(number=head.number).first()
    unlinked = _unlinked_entries().order_by("id")
    if before is not None:
        unlinked = unlinked.filter(id__gt=first_uuid7_at(_moment_of(before) - _OVERLAP))[:_BATCH]
    links, head = _links_after(head, unlinked, is_first=before is None)
    try:
        with transaction.atomic():
            AuditLink.objects.bulk_create(links)
    except IntegrityError:
        return 0
    if links:
        _keep_head(head)
    return len(links)


def chain_head() -> ChainHead:
    """The head as the database has it."""
    last = AuditLink.objects.order_by("-number").first()
    return ChainHead(last.number, last.chain_hash) if last else ChainHead(0, _BEGINNING)


def kept_heads() -> list[ChainHead]:
    """The heads in the file outside the database, oldest first."""
    try:
        lines = Path(settings.AUDIT_HEAD_FILE).read_text("utf-8").split()
    except OSError:
        return []
    return [head for line in lines if (head := read_head(line))]


def read_head(text: str) -> ChainHead | None:
    """A head as `str` writes it; None for another text."""
    number, _colon, chain_hash = text.strip().partition(":")
    is_head = number.isdecimal() and len(chain_hash) == len(_BEGINNING)
    return ChainHead(int(number), chain_hash) if is_head else None


def verify_chain(known: Iterable[ChainHead] = ()) -> ChainReport:
    """Check every link and entry, the heads that were kept outside, and the triggers. Changes nothing."""
    return _Verification([*kept_heads(), *known]).report()


def retire_entries(before: datetime) -> int:
    """Retention: delete the entries of the oldest links, up to the first that was done at `before` or later. The
    links stay, and an entry says up to which number it was. Nothing younger than 90 days is deleted.
    """
    before = min(before, timezone.now() - YOUNGEST_RETIRED)
    while link_new_entries():
        pass
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
        self.head = ChainHead(0, _BEGINNING)
        self.retired_until = 0

    def report(self) -> ChainReport:
        retirements = AuditEntry.objects.filter(deed=AuditAction.RETIRED)
        sealed = [each for each in retirements if each.seal == each.content_hash() and each.about.isdecimal()]
        self.retired_until = max((int(each.about) for each in sealed), default=0)
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
            if entry.seal != entry.content_hash():
                self.findings.append(
                    BothLanguages(
                        f"記録 {entry.id} は、このシステムが書いたものではありません",
                        f"entry {entry.id} was not written by this program, or changed before it had a number",
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


def _links_after(
    head: ChainHead, entries: Iterable[AuditEntry], *, is_first: bool
) -> tuple[list[AuditLink], ChainHead]:
    """The links of the entries. is_first: entries from before there were seals are taken as they stand."""
    links = []
    for entry in entries:
        entry_hash = entry.content_hash()
        if entry.seal != entry_hash and not (is_first and not entry.seal):
            continue
        number = head.number + 1
        head = ChainHead(number, _chain_hash(head.chain_hash, number, entry.id.hex, entry_hash))
        links.append(AuditLink(id=entry.id, number=number, entry_hash=entry_hash, chain_hash=head.chain_hash))
    return links, head


def _chain_hash(before: str, number: int, entry: str, entry_hash: str) -> str:
    return hashlib.sha256(f"{before}\n{number}\n{entry}\n{entry_hash}".encode()).hexdigest()


def _unlinked_entries() -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(~Exists(AuditLink.objects.filter(id=OuterRef("id"))))


def _moment_of(link: AuditLink) -> datetime:
    """When the entry's key was made: its first 48 bits are milliseconds."""
    return datetime.fromtimestamp((link.id.int >> 80) / 1000, tz=timezone.get_current_timezone())


def _keep_head(head: ChainHead) -> None:
    """Add the head to the file outside the database, which holds the last thousand."""
    path = Path(settings.AUDIT_HEAD_FILE)
    lines = [str(each) for each in kept_heads()[1 - _HEADS_KEPT :]] + [str(head), ""]
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # only its owner may read it
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(lines))
    Path(draft).replace(path)
