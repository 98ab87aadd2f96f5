"""Holder state: a notice about the contract of another adult than the mover waits until that adult confirms it.

The gate of notice.outgoing_gate asks the notice's own column; the holder's word stands in mover.HolderWord, for the
name that was confirmed: with another name nobody has confirmed anything.
"""

from renrakucho.lib.master_keyring import index_hash
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import NAME_PARTS, facts_of, is_holder_mover
from renrakucho.mover.models import Book, HolderWord
from renrakucho.notice.models import HolderState, Notice
from renrakucho.sheet.filled import FilledSheet


def await_holder_if_due(notice: Notice, filled: FilledSheet) -> None:
    """Have a notice that is entered wait for its holder, where its form names another adult than the mover. Whoever
    enters it saves it (FROZEN_FIELDS).
    """
    names_holder = any(filled.facts.get(f"holder.{part}") for part in NAME_PARTS)
    if notice.carried or not names_holder or is_holder_mover(entries_of(notice.book).items):
        return
    word = present_word(notice.book)
    notice.holder = HolderState.WAITS
    if word and word.confirmed_at:
        notice.holder = HolderState.CONFIRMED
    elif word and word.waived_at:
        notice.holder = HolderState.WAIVED


def holder_hash(book: Book) -> str:
    """Keyed hash of the holder's name, as it is entered now."""
    facts = facts_of(entries_of(book))
    return index_hash("holder:" + "\n".join(facts[f"holder.{part}"] for part in NAME_PARTS[:2]))


def present_word(book: Book) -> HolderWord | None:
    """The word of the present holder; None: they were not asked."""
    return HolderWord.objects.filter(book=book, name_hash=holder_hash(book)).first()
