"""Contract name: what the mover calls a further contract with one provider, or a company that the directory lacks.

It stands in the entries, from which offers are made, and on the card of each notice; both change together. What was
told to a provider stays as it was told: the name is the mover's own.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import draft_of, seal_draft
from renrakucho.notice.offer import OTHER, contract_key, contract_number, first_contract_key


def contract_name(notice: Notice) -> str:
    """Return the name that the mover gave; "" for the first contract with a provider of the directory."""
    return _named(entries_of(notice.book)).get(notice.offer, "")


def names_taken(notice: Notice) -> frozenset[str]:
    """Return the names of the other contracts with the same company."""
    return _taken(entries_of(notice.book), notice.offer)


def rename_contract(notice: Notice, called: str) -> bool:
    """Give the contract another name, on every notice that there was for it. False: another contract has that name, or
    this one has none to change.
    """
    with transaction.atomic():
        book = Book.objects.select_for_update().get(id=notice.book_id)
        entries = entries_of(book)
        before = _named(entries).get(notice.offer, "")
        if not before or called in _taken(entries, notice.offer):
            return False
        save_entries(book, _renamed(entries, notice.offer, called))
        for same in book.notices.filter(offer=notice.offer):
            draft = draft_of(same)
            if first_contract_key(notice.offer).endswith(f":{OTHER}"):
                name = called
            else:
                name = draft.card.name.removesuffix(f"（{before}）") + f"（{called}）"
            same.draft = seal_draft(same, replace(draft, card=replace(draft.card, name=name)))
            same.save(update_fields=["draft"])
        return True


def _named(entries: MoveEntries) -> Mapping[str, str]:
    """The name of each contract that the mover named, by the key of its offer."""
    further = {
        contract_key(key, number): name
        for key, names in entries.more.items()
        for number, name in enumerate(names, start=2)
    }
    return {**entries.others, **further}


def _taken(entries: MoveEntries, offer: str) -> frozenset[str]:
    key = first_contract_key(offer)
    others = {name for other, name in _named(entries).items() if other != offer and first_contract_key(other) == key}
    return frozenset(others)


def _renamed(entries: MoveEntries, offer: str, called: str) -> MoveEntries:
    key, number = first_contract_key(offer), contract_number(offer)
    if number == 1:
        return replace(entries, others={**entries.others, key: called})
    names = list(entries.more[key])
    names[number - 2] = called
    return replace(entries, more={**entries.more, key: tuple(names)})
