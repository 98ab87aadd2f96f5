"""A draft, then a registered book is erased: run as a program by test_erased_draft.py, on a database of its own.

usage: erasure_program.py [DEFENCE …]: those that are taken out
Prints how many pieces of sealed text the raw files have: of the draft, its session and the registered book before, and
of each after it was erased.
"""

import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from renrakucho.delivery import book_erasure  # noqa: E402
from renrakucho.delivery.book_erasure import request_erasure  # noqa: E402
from renrakucho.faces.book.apply import top_page  # noqa: E402
from renrakucho.faces.book.saved_forms import seal_for_session  # noqa: E402
from renrakucho.lib.session_store import SessionStore, session_key_hash  # noqa: E402
from renrakucho.mail.mover_mail import write_access_key_mail  # noqa: E402
from renrakucho.mover.book import begin_draft, register_draft  # noqa: E402
from renrakucho.mover.entries import MoveEntries  # noqa: E402
from renrakucho.mover.models import Book  # noqa: E402

_CHUNK, _STEP = 24, 8  # bytes: as long a piece of a sealed text is not there by accident


def remains(*texts: bytes) -> int:
    """How many of the pieces of these sealed texts stand in the database's files."""
    stem = Path(str(settings.DATABASES["default"]["NAME"]))
    raw = b"".join(path.read_bytes() for path in stem.parent.glob(f"{stem.name}*"))
    pieces = {text[at : at + _CHUNK] for text in texts for at in range(0, len(text) - _CHUNK, _STEP)}
    return sum(piece in raw for piece in pieces)


def main(defences: list[str]) -> None:
    """Enter, look, erase, look again."""
    if "secure_delete" in defences:
        settings.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA secure_delete=OFF;"
    if "write_ahead_log" in defences:
        for module in (top_page, book_erasure):
            setattr(module, "empty_write_ahead_log", lambda: True)  # noqa: B010 - imported there, and so not exported
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    call_command("migrate", verbosity=0)
    client = Client(HTTP_HOST="localhost")
    for _ in range(3):  # the first is erased: rows and free pages stand around it
        other = begin_draft(MoveEntries(items={"name.family": "勅使河原", "contact.email": "taro@example.jp"}))
        session = SessionStore()
        session["draft"] = str(other.id)
        session["held"] = seal_for_session({"forms": [{"path": "/apply/items", "fields": {"name.given": ["右衛門"]}}]})
        session.save()
        if settings.SESSION_COOKIE_NAME not in client.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    book = Book.objects.order_by("created_at")[0]
    sealed = [bytes(book.wrapped_key), bytes(book.entries)]
    kept = session_key_hash(str(client.session.session_key))
    sessions = [row.session_data.encode() for row in Session.objects.filter(pk=kept)]
    registered = begin_draft(MoveEntries(items={"name.family": "神", "contact.email": "jiro@example.jp"}))
    mail = write_access_key_mail(
        registered, to="jiro@example.jp", access_key=register_draft(registered, "jiro@example.jp")
    )
    told = [bytes(registered.wrapped_key), bytes(registered.entries), bytes(mail.sealed or b"")]
    before = remains(*sealed), remains(*sessions), remains(*told)
    client.post("/apply/erase")
    assert not Book.objects.filter(id=book.id).exists()
    assert request_erasure(registered)
    # With the connection open, as in a portal that runs: the last one that closes would empty the log by itself.
    print(*before, remains(*sealed), remains(*sessions), remains(*told))


if __name__ == "__main__":
    os.chdir(os.environ["RENRAKUCHO_VAR"])
    main(sys.argv[1:])
