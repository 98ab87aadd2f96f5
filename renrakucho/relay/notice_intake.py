"""Notice intake: a notice that a peer portal hands on is checked against the provider's own form, then written here.

Only what the form says is stored, and nothing else of the document.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.invisible_chars import hides_text
from renrakucho.mover.book import begin_peer_book, disavow_book
from renrakucho.mover.facts import entries_from_facts
from renrakucho.notice.confidential_notice import may_travel
from renrakucho.notice.connected_providers import NoSuchSheet, channel_for, local_folders, sheet_for
from renrakucho.notice.models import Notice, PeerOrigin, SheetVersion
from renrakucho.notice.notice_form import NoticeDraft, ProviderCard, number_state, seal_draft
from renrakucho.notice.registration import new_notice_numbers
from renrakucho.provider.folder import ProviderFolder
from renrakucho.receipt.evidence import DisavowedByOwner, PeerConfirmation
from renrakucho.receipt.mover_actions import enter_peer_notice, withdraw_notice
from renrakucho.receipt.transitions import InvalidTransition
from renrakucho.sheet.assurance import Assurance
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import PROCEDURES, Sheet
from renrakucho.sheet.sheet_loader import parse_sheet
from renrakucho.sheet.text_split import blank_chains
from renrakucho.sheet.window import refusing_window
from renrakucho.standard.notice import REPORTED
from renrakucho.standard.schemas import wrong_places

log = logging.getLogger(__name__)

_LONGEST_TRANSIT = timedelta(days=2)  # so long the peer retries; its mover was in time when the notice was written
_CLOCK_TOLERANCE = timedelta(minutes=5)


class NoticeRejected(InvalidInput):
    """The document is not accepted: `reason` in a word, `where` in it. Neither tells anything about the mover."""

    def __init__(self, reason: str, *where: str) -> None:
        super().__init__(f"{reason} {' '.join(where)}".strip())
        self.reason = reason
        self.where = where


class TooLate(NoticeRejected):
    """The provider has already answered the notice that is to be withdrawn or replaced."""


def take_in_notice(peer: PeerPortal, document: Mapping[str, Any]) -> PeerOrigin:
    """Accept a notice or a withdrawal by the standard; a repeated one changes nothing. Raises NoticeRejected."""
    kind = document.get("document")
    if kind not in ("notice", "withdrawal"):
        raise NoticeRejected("document", "$.document")
    wrong = wrong_places(str(kind), document)
    if wrong:
        raise NoticeRejected("schema", *wrong[:10])
    if document["portal"]["url"] != peer.url:
        raise NoticeRejected("portal", "$.portal.url")
    with transaction.atomic():
        return _take_in_withdrawal(peer, document) if kind == "withdrawal" else _take_in(peer, document)


def _take_in(peer: PeerPortal, document: Mapping[str, Any]) -> PeerOrigin:
    origin, new = _origin(peer, document["number"], document["key"])
    if not new:
        if origin.notice and origin.key != document["key"]:
            raise NoticeRejected("number", "$.number")
        return origin
    form = _refill(peer, document)
    old = _replaced(peer, document.get("replaces", ""))
    try:
        origin.notice = _write_notice(peer, document, form, old)
    except InvalidTransition as error:
        raise TooLate("answered", "$.replaces") from error
    origin.save(update_fields=["notice"])
    return origin


def _take_in_withdrawal(peer: PeerPortal, document: Mapping[str, Any]) -> PeerOrigin:
    origin, _new = _origin(peer, document["number"], document["key"])
    if origin.notice:
        is_reported = document.get("reason") == REPORTED
        try:
            withdraw_notice(origin.notice, DisavowedByOwner() if is_reported else None)
        except InvalidTransition as error:
            raise TooLate("answered", "$.number") from error
        if is_reported:
            disavow_book(origin.notice.book, timezone.now())
    return origin


def _origin(peer: PeerPortal, number: str, key: str) -> tuple[PeerOrigin, bool]:
    """The origin's row, and whether it is new. One that was withdrawn before it came has no notice."""
    return PeerOrigin.objects.select_related("notice").get_or_create(
        portal=peer.slug, number=number, defaults={"key": key, "received_at": timezone.now()}
    )


def _replaced(peer: PeerPortal, number: str) -> Notice | None:
    return _origin(peer, number, "")[0].notice if number else None


@dataclass(frozen=True)
class _RefilledForm:
    provider: ProviderFolder
    sheet: Sheet
    channel: str
    filled: FilledSheet


def _refill(peer: PeerPortal, document: Mapping[str, Any]) -> _RefilledForm:
    """The form, filled again here: labels and codes are the provider's own, texts the mover's."""
    if document["procedure"] not in PROCEDURES:  # the standard may have more of them by now: none is guessed
        raise NoticeRejected("procedure", "$.procedure")
    provider = local_folders().get(document["provider"]["id"])
    try:
        current = sheet_for(provider.slug if provider else "", document["procedure"], document["facts"])
    except NoSuchSheet:
        raise NoticeRejected("provider", "$.provider.id") from None
    if provider is None or current.carried:
        raise NoticeRejected("provider", "$.provider.id")
    sheet = current if document["form"]["sheet"] == current.key else _earlier(current, document["form"]["sheet"])
    _in_window(sheet, document["facts"], datetime.fromisoformat(document["written_at"]))
    filled = _filled(sheet, document)
    is_confidential = document.get("confidential", False)
    filled = replace(filled, assurance=_assurance(peer, sheet, filled, document), confidential=is_confidential)
    channel = channel_for(provider.slug, sheet.procedure)
    if is_confidential and not may_travel(channel):
        raise NoticeRejected("confidential", "$.confidential")
    return _RefilledForm(provider, sheet, channel, filled)


def _assurance(peer: PeerPortal, sheet: Sheet, filled: FilledSheet, document: Mapping[str, Any]) -> Assurance | None:
    """The peer's word on what it proved. Whether the customer number is given is seen here."""
    if "assurance" not in document:
        return None
    if any(hides_text(text) for text in document["assurance"].get("entered_by", {}).values()):
        raise NoticeRejected("unseen", "$.assurance.entered_by")
    if hides_text(document["assurance"].get("login", "")):
        raise NoticeRejected("unseen", "$.assurance.login")
    number = number_state(sheet, filled)
    told = Assurance.from_json(document["assurance"], peer.name, login_asked=sheet.assurance.login)
    check_needed = sheet.assurance.needs_check(number, told.login_matched)
    return replace(told, customer_number=number, check_needed=check_needed)


def _earlier(current: Sheet, key: str) -> Sheet:
    """A version that was loaded here before: the other portal may not know of the newest yet."""
    version = SheetVersion.objects.filter(key=key).first()
    if version is None or key.partition("@")[0] != current.key.partition("@")[0]:
        raise NoticeRejected("sheet", "$.form.sheet")
    return parse_sheet(version.text, current.provider, current.procedure)


def _filled(sheet: Sheet, document: Mapping[str, Any]) -> FilledSheet:
    texts = {line["name"]: line["text"] for line in document["form"]["lines"]}
    if set(texts) != {blank.name for blank in sheet.blanks}:
        raise NoticeRejected("blanks", "$.form.lines")
    # What our own pages refuse is refused from a peer too.
    hidden = [name for name, text in {**document["facts"], **texts}.items() if hides_text(text)]
    if hidden:
        raise NoticeRejected("unseen", *hidden)
    facts = dict.fromkeys(CATALOGUE, "") | document["facts"] | _codes(document)
    chained = blank_chains(sheet.blanks)  # a text that goes on in other blanks was one text before it was split
    texts_of_blanks = {
        blank.name: "".join(texts[each.name] for each in chained.get(blank.name, (blank,)))
        for blank in sheet.blanks
        if blank.say
    }
    try:
        filled = fill_sheet(sheet, facts, answers=texts, instead=texts_of_blanks)
    except CannotSay as error:
        raise NoticeRejected("cannot_say", *(problem.blank.name for problem in error.problems)) from error
    except ValueError as error:  # a fact that the form's filter cannot read, as a day that does not exist
        raise NoticeRejected("facts", "$.facts") from error
    changed = [line.name for line in filled.lines if line.text != texts[line.name]]
    if changed:
        raise NoticeRejected("blanks", *changed)
    return filled


def _codes(document: Mapping[str, Any]) -> dict[str, str]:
    """The municipalities' five digits, which a document has beside their names."""
    machine = document.get("machine", {})
    codes = {f"{name}_code": values["lg_code"][:5] for name, values in machine.items() if "lg_code" in values}
    return {name: code for name, code in codes.items() if name in CATALOGUE}


def _in_window(sheet: Sheet, facts: Mapping[str, str], written_at: datetime) -> None:
    now = timezone.now()
    in_time = now - _LONGEST_TRANSIT <= written_at <= now + _CLOCK_TOLERANCE
    window = refusing_window(sheet.windows, facts, written_at if in_time else now)
    if window:
        raise NoticeRejected("window", f"$.facts['{window.fact}']")


def _write_notice(peer: PeerPortal, document: Mapping[str, Any], form: _RefilledForm, old: Notice | None) -> Notice:
    provider, procedure = form.provider, form.sheet.procedure
    offer = f"{provider.industry}:{procedure}:{provider.slug}"
    entries = entries_from_facts({name: text for name, text in form.filled.facts.items() if text})
    if form.filled.confidential:  # its mover has chosen to tell this provider what the document says
        entries = replace(entries, confidential=True, disclosed=(offer,))
    (number,) = new_notice_numbers(1)
    notice = Notice(
        number=number,
        book=begin_peer_book(entries),
        industry=provider.industry,
        procedure=procedure,
        provider=provider.slug,
        channel=form.channel,
        offer=offer,
        position=0,
        replaces=old,
        created_at=timezone.now(),
    )
    card = ProviderCard(provider.name, phones=provider.phones, url=provider.moving_page or provider.homepage)
    notice.draft = seal_draft(notice, NoticeDraft(card))
    notice.save(force_insert=True)
    enter_peer_notice(notice, form.filled, PeerConfirmation(peer.name, document["number"]))
    log.info("notice %s taken in from %s", notice.id, peer.slug)
    return notice
