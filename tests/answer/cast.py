"""A notice on paper, and the browser of whoever has it."""

from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.mover_actions import enter_notice
from tests.receipt.cast import answered


def on_paper(**others: str) -> tuple[Notice, str]:
    """A notice that has arrived, and the code on its page."""
    notice = enter_notice(answered(**others))
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice, code_of(notice)


def code_of(notice: Notice) -> str:
    """As it was printed."""
    return frozen_form(notice).way_back.rpartition("/")[2]


def read(browser: Client, address: str) -> tuple[int, str]:
    """Status and page, over redirects."""
    answer = browser.get(address, follow=True)
    return answer.status_code, answer.content.decode()


def post(browser: Client, address: str, **typed: str) -> tuple[int, str]:
    """The same for a form."""
    answer = browser.post(address, typed, follow=True)
    return answer.status_code, answer.content.decode()
