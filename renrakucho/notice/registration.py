"""Registration of a book: a notice for each chosen provider, and the mail with the code, in one transaction."""

import secrets
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from renrakucho.mail.mailbox_proof import send_code
from renrakucho.mover.book import entries_of, register_draft, save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import channel_for
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import NoticeDraft, ProviderCard, seal_draft
from renrakucho.notice.offer import Offer, chosen_offers, contract_key, first_contract_key
from renrakucho.notice.postcard import queue_postcard


def register_book(book: Book) -> bool:
    """Register the draft, and mail the code that proves its mailbox. False: it was registered before; only notices for
    offers that were chosen since then are added.
    """
    # What is stored and mailed here is in Japanese, whatever the language of the mover's pages.
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=book.id)
        entries = entries_of(book)
        offers = chosen_offers(entries)
        _add_notices(book, offers)
        if book.registered_at:
            return False
        register_draft(book, entries.items["contact.email"])
        send_code(book)
        queue_postcard(book)
        return True


def add_contract(notice: Notice, called: str) -> Notice | None:
    """A notice for another contract with the same company, under the name that the mover gives it; the one there is,
    where it was added before. None: the company is no longer offered there.
    """
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=notice.book_id)
        entries = entries_of(book)
        key = first_contract_key(notice.offer)
        names = entries.more.get(key, ())
        if called not in names:
            names = (*names, called)
            entries = replace(entries, more={**entries.more, key: names})
            save_entries(book, entries)
        _add_notices(book, chosen_offers(entries))
        return book.notices.filter(offer=contract_key(key, names.index(called) + 2), replaced_by=None).first()


def _add_notices(book: Book, offers: tuple[Offer, ...]) -> None:
    existing = set(book.notices.exclude(status=Status.WITHDRAWN).values_list("offer", flat=True))
    fresh = [offer for offer in offers if offer.key not in existing]
    numbers = new_notice_numbers(len(fresh))
    Notice.objects.bulk_create(
        _notice(book, offer, position, number)
        for position, (offer, number) in enumerate(zip(fresh, numbers, strict=True), start=book.notices.count())
    )


def _notice(book: Book, offer: Offer, position: int, number: str) -> Notice:
    notice = Notice(
        number=number,
        book=book,
        industry=offer.industry,
        procedure=offer.procedure,
        provider=offer.provider,
        channel=channel_for(offer.provider, offer.procedure, offer.municipality),
        offer=offer.key,
        position=position,
        created_at=timezone.now(),
    )
    name = offer.name or _("ほかの会社")
    notice.draft = seal_draft(notice, NoticeDraft(ProviderCard(name, offer.office, offer.phones, offer.url)))
    return notice


def new_notice_numbers(count: int) -> list[str]:
    """`count` new notice numbers of twelve random digits without a leading zero: they can be read aloud, and tell
    nobody how many notices there are.
    """
    while True:
        numbers = {str(secrets.randbelow(9 * 10**11) + 10**11) for _each in range(count)}
        if len(numbers) == count and not Notice.objects.filter(number__in=numbers).exists():
            return list(numbers)
