"""All pages, made once for the tests of this folder; nothing of it stays in the database."""

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from renrakucho.address.place_tables import place_tables
from renrakucho.coverage.provider_lookup import answer_index
from tests.every_page import bureau_pages, desk_pages, mover_pages, paused_pages, public_pages
from tests.every_page.cast import ShownPage

MADE_BY: tuple[Callable[[], list[ShownPage]], ...] = (
    mover_pages.application_pages,
    mover_pages.book_pages,
    mover_pages.holder_pages,
    mover_pages.identity_pages,
    mover_pages.bureau_opening_pages,
    mover_pages.held_pages,
    mover_pages.replacement_pages,
    mover_pages.check_pages,
    mover_pages.status_pages,
    mover_pages.return_pages,
    paused_pages.paused_pages,
    public_pages.directory_pages,
    public_pages.standard_pages,
    public_pages.answer_pages,
    public_pages.error_pages,
    desk_pages.desk_pages,
    desk_pages.account_pages,
    desk_pages.rise_pages,
    bureau_pages.bureau_pages,
    bureau_pages.act_pages,
    bureau_pages.bureau_account_pages,
)


@pytest.fixture(scope="session")
def every_page(stored_directory: Callable[[], str], django_db_blocker: DjangoDbBlocker) -> list[ShownPage]:
    """Every page in every state."""
    shown = []
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase has it: durable blocks may stand inside
    with django_db_blocker.unblock(), whole:
        stored_directory()
        place_tables.ask_again()
        answer_index.ask_again()
        for pages in MADE_BY:
            undo = transaction.savepoint()
            shown += pages()
            transaction.savepoint_rollback(undo)
        transaction.set_rollback(True)
    return shown
