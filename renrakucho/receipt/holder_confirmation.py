"""Holder confirmation: another adult, whose contract is changed, confirms it by a mail of their own, or refuses.

Their link holds for seven days. The mail names nobody: what was typed could carry somebody else's letter. A holder
without a mail address is no dead end: the mover says so, and the provider is told that nobody asked the holder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.lib.identifiers import cleaned_access_key, new_access_key
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mail.mover_mail import write_holder_mail
from renrakucho.mover.book import email_hash, entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book, HolderWord
from renrakucho.notice.holder_state import holder_hash, present_word
from renrakucho.notice.models import HolderState, Notice, Procedure, Status
from renrakucho.provider.models import Industry
from renrakucho.receipt.evidence import RefusedByHolder
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.transitions import may_happen

HOLDER_DAYS = 7
HolderStanding = Literal["", "unasked", "asked", "expired", "confirmed", "refused", "waived"]


class MoversOwnMailbox(Conflict):
    """The mail address is the mover's own: the holder has to read another one."""


class HolderHasAnswered(Conflict):
    """The holder has answered already, and is not asked again."""


@dataclass(frozen=True)
class HolderQuestion:
    """Question to a holder: who moves, as they entered their name, and the procedures, by industry."""

    word: HolderWord
    mover: str
    procedures: tuple[str, ...]


def holder_standing(book: Book) -> HolderStanding:
    """How it stands with the holder; empty: no notice of the book is about another adult's contract."""
    if not book.notices.exclude(holder="").exists():
        return ""
    word = present_word(book)
    if word is None:
        return "unasked"
    if word.refused_at:
        return "refused"
    if word.confirmed_at:
        return "confirmed"
    if word.waived_at:
        return "waived"
    return "asked" if word.link_until and word.link_until > timezone.now() else "expired"


def ask_holder(book: Book, email: str) -> None:
    """Mail the holder a link; one that was mailed before ends. Raises MoversOwnMailbox, HolderHasAnswered."""
    if email_hash(email) == book.email_hash:
        raise MoversOwnMailbox
    with transaction.atomic():
        word = _word_to_change(book)
        token = new_access_key()
        word.link_hash, word.asked_at = _link_hash(token), timezone.now()
        word.link_until, word.waived_at = word.asked_at + timedelta(days=HOLDER_DAYS), None
        word.save()
        book.notices.filter(holder=HolderState.WAIVED, status=Status.NOT_ENTERED).update(holder=HolderState.WAITS)
        link = f"{settings.BASE_URL}/book/holder-answer#{token}"
        write_holder_mail(book, to=email, link=link, typed=token, days=HOLDER_DAYS, procedures=_procedures(book))


def waive_holder(book: Book) -> None:
    """The mover says that the holder has no mail address: what waits is sent, and says that nobody asked the holder.
    Raises HolderHasAnswered.
    """
    with transaction.atomic():
        word = _word_to_change(book)
        word.waived_at, word.link_hash = timezone.now(), None
        word.save()
        _let_go(book, HolderState.WAIVED)


def holder_question(link_text: str) -> HolderQuestion | None:
    """The question to the holder with this link; None: the link is not known or over."""
    word = _open_word(link_text)
    if word is None:
        return None
    facts = facts_of(entries_of(word.book))
    mover = "　".join(filter(None, (facts["person.family_name"], facts["person.given_name"])))
    return HolderQuestion(word, mover, tuple(_procedures(word.book)))


def answer_as_holder(link_text: str, *, confirms: bool) -> bool:
    """Confirm, so that what waits is sent; or refuse, which withdraws all that can be. The first answer «yes» can be
    taken back by «no» as long as the link is good; a refusal stays. False: the link is not known or over.
    """
    with transaction.atomic():
        word = _open_word(link_text)
        if word is None:
            return False
        book = Book.objects.select_for_update(no_key=True).get(id=word.book_id)
        word = HolderWord.objects.select_for_update().get(id=word.id)
        if word.refused_at or (confirms and word.confirmed_at):
            return True
        if confirms:
            word.confirmed_at = timezone.now()
            word.save(update_fields=["confirmed_at"])
            _let_go(book, HolderState.CONFIRMED)
        else:
            word.refused_at, word.confirmed_at = timezone.now(), None
            word.save(update_fields=["refused_at", "confirmed_at"])
            for notice in _of_holder(book):
                if may_happen(ReceiptKind.WITHDRAWN, notice.status):
                    withdraw_notice(notice, RefusedByHolder())
    return True


def _word_to_change(book: Book) -> HolderWord:
    name = holder_hash(book)
    word, _first = HolderWord.objects.select_for_update().get_or_create(book=book, defaults={"name_hash": name})
    if word.name_hash != name:  # another holder is entered by now: nobody has asked them
        word.delete()
        word = HolderWord.objects.create(book=book, name_hash=name)
    if word.confirmed_at or word.refused_at:
        raise HolderHasAnswered
    return word


def _open_word(link_text: str) -> HolderWord | None:
    key = cleaned_access_key(link_text)
    if key is None:
        return None
    found = HolderWord.objects.select_related("book").filter(link_hash=_link_hash(key), link_until__gt=timezone.now())
    word = found.first()
    is_present = word is not None and not word.book.disavowed_at and word.name_hash == holder_hash(word.book)
    return word if is_present else None


def _let_go(book: Book, state: HolderState) -> None:
    waiting = book.notices.filter(holder=HolderState.WAITS)
    waiting.filter(status=Status.ENTERED, leased_until=None).update(due_at=database_now())
    waiting.update(holder=state)


def _of_holder(book: Book) -> list[Notice]:
    return list(book.notices.exclude(holder="").filter(replaced_by=None).order_by("position"))


def _procedures(book: Book) -> Sequence[str]:
    """Each procedure by industry, in words that are ours: a company's name may have been typed."""
    return list(
        dict.fromkeys(
            f"{Industry(each.industry).label}: {Procedure(each.procedure).label}" for each in _of_holder(book)
        )
    )


def _link_hash(token: str) -> str:
    return index_hash(f"holder-link:{token}")
