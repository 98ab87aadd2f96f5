"""Due notices of made-up providers with systems of their own, without the directory: for programs of their own."""

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.mail.mover_mail import write_key_link_mail
from renrakucho.mover.book import begin_draft, seal_for_book
from renrakucho.mover.entries import MoveEntries
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import NoticeDraft, ProviderCard, seal_draft
from renrakucho.notice.registration import new_notice_numbers
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import record_receipt
from renrakucho.sheet.filled import FilledSheet

_SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIGxhbmVzJyBvd24sIGZvciB0ZXN0cw=="


def write_connections(path: Path, ports: Mapping[str, int]) -> Path:
    """Connections to these providers' systems, on these ports of this machine."""
    tables = "".join(
        f'[{provider}.webhook]\nurl = "http://127.0.0.1:{port}/"\nsecret = "{_SECRET}"\n'
        for provider, port in ports.items()
    )
    path.write_text(f'[here.webhook]\nallow = ["127.0.0.0/8"]\n{tables}', "utf-8")
    return path


def due_notices(provider: str, count: int, channel: str = "webhook") -> list[Notice]:
    """Notices of one mover that are entered and due, the first one longest."""
    book = begin_draft(MoveEntries(items={"contact.email": "mover@example.jp"}), mailbox_proved=True)
    filled = FilledSheet(f"{provider}/start@1", "開始", channel, "UTF-8", ()).as_json()
    notices = []
    for position, number in enumerate(new_notice_numbers(count)):
        now = timezone.now()
        notice = Notice(
            number=number,
            book=book,
            industry="water",
            procedure="start",
            provider=provider,
            channel=channel,
            offer=f"water:start:{position}",
            position=position,
            status=Status.NOT_ENTERED,
            created_at=now,
            written_at=now,
            due_at=now,
            draft=b"",
        )
        notice.draft = seal_draft(notice, NoticeDraft(ProviderCard(provider)))
        notice.filled = seal_for_book(book, f"filled:{notice.id}", filled)
        notices.append(notice)
    with transaction.atomic():
        Notice.objects.bulk_create(notices)
        for notice in notices:
            record_receipt(notice, ReceiptKind.ENTERED)
    return notices


def due_mail() -> None:
    """A mail with a link, to somebody with a lost access key."""
    write_key_link_mail(begin_draft(), about=new_uuid7(), to="mover@example.jp", link="https://portal.example", hours=2)
