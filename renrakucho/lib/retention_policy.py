"""Retention policy: how long each kind of data is kept, in one table that the worker, pages and documents ask."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from renrakucho.lib.errors import InvalidInput


class KeptData(StrEnum):
    """The kinds of data that end. The values are their names in RENRAKUCHO_RETENTION."""

    DRAFT = "draft"
    BOOK = "book"
    EVIDENCE = "evidence"
    AUDIT = "audit"
    STAFF_MAIL = "staff_mail"
    KEY_REQUEST = "key_request"
    API_ANSWER = "api_answer"
    PEER_RECEIPT = "peer_receipt"
    LISTING = "listing"
    SHEET_VERSION = "sheet_version"
    NIGHTLY_FILE = "nightly_file"
    POSTCARD = "postcard"


@dataclass(frozen=True)
class RetentionRule:
    """days: how long by default; after: what it is, and from when they count, for the documents."""

    days: int
    after: str


RETENTION: Mapping[KeptData, RetentionRule] = {
    KeptData.DRAFT: RetentionRule(7, "a draft that was not registered, after it was begun"),
    KeptData.BOOK: RetentionRule(90, "a book, with its copies at desks, after its last 受理 or the move, the later"),
    KeptData.EVIDENCE: RetentionRule(365, "evidence of a notice without its content, after the book went"),
    KeptData.AUDIT: RetentionRule(1095, "a row of the audit log, after the act"),
    KeptData.STAFF_MAIL: RetentionRule(30, "the row of a mail to staff, after it was sent or given up"),
    KeptData.KEY_REQUEST: RetentionRule(2, "a wish for a new access key, after it was made"),
    KeptData.API_ANSWER: RetentionRule(7, "the answer for a repeated request of a system, after the first"),
    KeptData.PEER_RECEIPT: RetentionRule(365, "the key of another portal's receipt without a notice here"),
    KeptData.LISTING: RetentionRule(90, "an earlier listing of another portal, after it was last confirmed"),
    KeptData.SHEET_VERSION: RetentionRule(365, "a form that is not in use and no notice was written by, after loading"),
    KeptData.NIGHTLY_FILE: RetentionRule(90, "a nightly file, an answer that was taken, its result, after writing"),
    KeptData.POSTCARD: RetentionRule(14, "a batch of postcards to old addresses, after it was made"),
}
_LONGEST = 3660


def retention_days(kind: KeptData) -> int:
    """How long this installation keeps this kind, in days."""
    return settings.RETENTION.get(kind.value, RETENTION[kind].days)


def read_retention(text: str) -> dict[str, int]:
    """The setting RENRAKUCHO_RETENTION, such as «book=60 evidence=400». Raises InvalidInput naming what is wrong."""
    found = {}
    for part in re.split(r"[\s,]+", text.strip()):
        name, equals, days = part.partition("=")
        if not part:
            continue
        if name not in list(KeptData) or not equals or not days.isdecimal() or not 1 <= int(days) <= _LONGEST:
            names = ", ".join(KeptData)
            raise InvalidInput(
                f"RENRAKUCHO_RETENTION: {part!r} is not NAME=DAYS with 1 to {_LONGEST} days; names: {names}"
            )
        found[name] = int(days)
    return found
