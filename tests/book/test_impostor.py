"""Impostors get nothing out: 0 notices of 100 tries here, of 1,000 by `python -m benchmarks.impostor`.

The tries differ in nothing but their numbers, and a thousand take two minutes of a processor.
"""

import pytest

from renrakucho.mail import mailbox_proof
from tests.book.impostor import ImpostorFigures, play_impostors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.mark.slow
def test_of_a_hundred_tries_none_sends_anything() -> None:
    assert play_impostors(100) == ImpostorFigures(tries=100)


def test_a_few_tries_send_nothing() -> None:
    assert play_impostors(3) == ImpostorFigures(tries=3)


def test_without_the_comparison_of_codes_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_proof, "_is_right", lambda row, code: True)
    figures = play_impostors(2)
    assert (figures.entered, figures.left > 0, figures.keys) == (2, True, 2)
