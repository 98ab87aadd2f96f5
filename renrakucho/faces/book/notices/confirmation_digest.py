"""What a page showed when it asked for confirmation: only that is told.

The same book may be open in two tabs or on two devices. What was changed in one is not confirmed by an older page in
the other: that page is shown anew.
"""

import json
from hashlib import sha256

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from renrakucho.sheet.filled import FilledSheet


def confirmation_digest(filled: FilledSheet) -> str:
    """Tells what is shown to the mover from anything else; the page's form carries it."""
    shown = [(line.label, line.shown) for line in filled.rows()]
    changes = [(change.label, change.before, change.after) for change in filled.changes]
    return sha256(json.dumps([filled.sheet, shown, changes]).encode()).hexdigest()[:32]


def is_confirmed_form(request: HttpRequest, filled: FilledSheet) -> bool:
    """Whether the posted page showed exactly this; says so where it did not."""
    if request.POST.get("seen") == confirmation_digest(filled):
        return True
    messages.warning(
        request, _("この画面を開いたあとで、内容が変わりました。まだ送っていません。もう一度お確かめください。")
    )
    return False
