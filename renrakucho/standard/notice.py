"""Notice document of the standard, made from the frozen form alone."""

from datetime import datetime
from typing import Any

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.window import JAPAN
from renrakucho.standard.machine_values import machine_values
from renrakucho.standard.schemas import STANDARD, without_empty

REPORTED = "reported"  # the reason of a withdrawal: the owner of the mailbox says that the notice is not theirs
_CODES = frozenset(name for name, one in CATALOGUE.items() if one.kind == "code")  # for programs only


def notice_document(
    filled: FilledSheet,
    *,
    key: str,
    number: str,
    provider: str,
    provider_name: str,
    procedure: str,
    written_at: datetime,
    portal_name: str,
    portal_url: str,
    contact: str = "",
    replaces: str = "",
    withdrawn: bool = False,
    reported: bool = False,
) -> dict[str, Any]:
    """The notice (notice.schema.json); with `withdrawn` its withdrawal (withdrawal.schema.json), which has no facts,
    and says whether its mailbox's owner `reported` the notice as not theirs.

    Plain values, always the same for the same notice: whoever signs it may write it out again. Facts that are empty,
    and texts that are (contact, replaces, the return link), are left out, and the assurance that was not recorded.
    """
    head = {
        "standard": STANDARD,
        "document": "withdrawal" if withdrawn else "notice",
        "key": key,
        "number": number,
        "written_at": written_at.astimezone(JAPAN).isoformat(timespec="seconds"),
        "procedure": procedure,
        "provider": {"id": provider, "name": provider_name},
        "portal": without_empty({"name": portal_name, "url": portal_url, "contact": contact}),
    }
    if withdrawn:
        return head | ({"reason": REPORTED} if reported else {})
    facts = {name: text for name, text in filled.facts.items() if text and name not in _CODES}
    mark = {"confidential": True} if filled.confidential else {}
    content = {"facts": facts, "machine": machine_values(filled.facts), "form": _form(filled)}
    assurance = filled.assurance.as_json() if filled.assurance else {}
    optional = {"replaces": replaces, "answer_url": filled.way_back, "assurance": assurance}
    return head | without_empty(optional) | mark | content


def _form(filled: FilledSheet) -> dict[str, Any]:
    return {
        "sheet": filled.sheet,
        "title": filled.title,
        "encoding": filled.encoding,
        "lines": [
            {"name": line.name, "label": line.label, "text": line.text, "shown": line.shown}
            | {mark: True for mark in ("own", "hidden", "goes_on") if getattr(line, mark)}
            for line in filled.lines
        ],
        "changes": [
            {"label": change.label, "before": change.before, "after": change.after} for change in filled.changes
        ],
    }
