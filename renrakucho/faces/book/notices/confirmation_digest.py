"""Confirmation digest: only what the page showed when it asked for confirmation is told (optimistic locking).

A book may be open in two tabs or on two devices. An older page in one does not confirm what was changed in the other:
it is shown again.
"""

import json
from hashlib import sha256

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from renrakucho.sheet.filled import FilledSheet


def confirmation_digest(filled: FilledSheet) -> str:
    """Return a digest of everything that is shown; the page's form carries it."""
    shown = [(line.label, line.shown) for line in filled.rows()]
    changes = [(change.label, change.before, change.after) for change in filled.changes]
    return sha256(json.dumps([filled.sheet, shown, changes]).encode()).hexdigest()[:32]


def is_confirmed_form(request: HttpRequest, filled: FilledSheet) -> bool:
    """Whether the posted page showed exactly this; adds a warning where it did not."""
    if request.POST.get("seen") == confirmation_digest(filled):
        return True
    warn_of_change(request)
    return False


def warn_of_change(request: HttpRequest) -> None:
    """Add the warning that a page showed something else than would be told now."""
    messages.warning(
        request, _("この画面を開いたあとで、内容が変わりました。まだ送っていません。もう一度お確かめください。")
    )
