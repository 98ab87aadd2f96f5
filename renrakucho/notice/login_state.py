"""Login state: a notice whose provider asks for an identity login waits until its contract holder has made one.

The gate of notice.outgoing_gate asks the notice's own column. The proof stands in mover.IdentityLogin, for the name and
the address that were compared. What waits tells what its form was frozen with, and the login has to prove that.
"""

from collections.abc import Collection

from django.db import transaction

from renrakucho.channel.login_issuer import LoginIssuer
from renrakucho.fact.catalogue import HOLDER_NAME
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.oidc.oidc_login import VerifiedLogin
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.identity_login import ClaimResult, LoginProof, compare_and_keep, login_proof
from renrakucho.mover.models import Book
from renrakucho.notice.models import LoginState, Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.sheet.filled import FilledSheet


def await_login_if_due(notice: Notice, filled: FilledSheet) -> None:
    """Have a notice that is entered wait for the login that its provider asks for. Whoever enters it saves it
    (FROZEN_FIELDS).
    """
    asked = filled.assurance.login_asked if filled.assurance else ()
    if asked and filled.assurance:
        proved = set(asked) <= set(filled.assurance.login_matched)
        notice.login = LoginState.PROVED if proved else LoginState.WAITS


def prove_by_login(
    book: Book, issuer: LoginIssuer, login: VerifiedLogin, asked: Collection[str]
) -> dict[str, ClaimResult]:
    """Compare what the issuer has verified with what is entered, keep the proof, and send what waited for it. Returns
    how each claim came out; without the holder's own name nothing is kept and nothing leaves.
    """
    sources = {source.name: source.claims for source in issuer.sources(asked)}
    with transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=book.id)
        results = compare_and_keep(book, issuer.slug, issuer.name, login, sources)
        if results.get(HOLDER_NAME) == "same":
            _let_proved_leave(book)
    return results


def _let_proved_leave(book: Book) -> None:
    for notice in book.notices.select_for_update(of=("self",)).filter(login=LoginState.WAITS):
        notice.book = book
        proof = _proof_for(notice)
        if proof is None:
            continue
        notice.login, notice.login_proof = LoginState.PROVED, proof.as_json()
        if notice.status == Status.ENTERED and notice.leased_until is None:
            notice.due_at = database_now()
        notice.save(update_fields=["login", "login_proof", "due_at"])


def _proof_for(notice: Notice) -> LoginProof | None:
    filled = frozen_form(notice)
    asked = filled.assurance.login_asked if filled.assurance else ()
    told = {name: text for name, text in filled.facts.items() if text}
    return login_proof(notice.book, facts_of(entries_of(notice.book)) | told, asked)
