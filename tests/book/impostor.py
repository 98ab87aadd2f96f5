"""An impostor, who knows a stranger's name, address and mail address, and does not read that mailbox."""

from dataclasses import dataclass

from django.test import Client

from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import Attempt
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from tests import cast
from tests.book.opened import confirmation_fields, hidden_field, own_items

OFFER = "water:start:akishima-water"
WORKER_EVERY = 50  # tries
KEY_SHOWN = 'class="access-key'


@dataclass
class ImpostorFigures:
    """tries: books that were registered. entered, left: notices that were confirmed, and attempts of any channel to
    deliver one. proved: books whose mailbox counts as proved. keys: pages that showed an access key.
    """

    tries: int = 0
    entered: int = 0
    left: int = 0
    proved: int = 0
    keys: int = 0

    @property
    def stopped_all(self) -> bool:
        return not (self.entered or self.left or self.proved or self.keys)


def play_impostors(tries: int) -> ImpostorFigures:
    """Play so many, each from a network of their own, and let the worker run among them."""
    figures = ImpostorFigures()
    for number in range(tries):
        _play_one(number, figures)
        if number % WORKER_EVERY == WORKER_EVERY - 1 or number == tries - 1:
            deliver_due_notices("impostor")
            deliver_batches("impostor")
    figures.entered = Notice.objects.exclude(status=Status.NOT_ENTERED).count()
    figures.left = Attempt.objects.count()
    figures.proved = Book.objects.filter(mailbox_proved_at__isnull=False).count()
    return figures


def _play_one(number: int, figures: ImpostorFigures) -> None:
    """Register, guess a code, send with a guess and without one, press again, and look at every page for the key."""
    client = Client(REMOTE_ADDR=f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
    draft = cast.draft([OFFER], contact__email=f"victim{number}@example.jp")
    session = client.session
    session["draft"] = str(draft.id)
    session.save()
    belongs = {"belongs": hidden_field(client.get("/apply/check"), "belongs")}
    client.post("/apply/check", belongs)
    figures.tries += Book.objects.filter(id=draft.id, registered_at__isnull=False).count()
    notice = Notice.objects.get(book=draft)
    notice.book = draft
    address = f"/book/notices/{notice.id}/answers"
    typed = {**own_items(notice), **confirmation_fields(client, address)}
    answers = [
        client.post("/book/mailbox", {"mailbox_code": f"{number % 10**6:06}", **belongs}, follow=True),
        client.post(address, {**typed, "mailbox_code": f"{7 * number % 10**6:06}"}, follow=True),
        client.post(address, typed, follow=True),
        Client().post("/apply/check", belongs),
        client.get("/book/registered", follow=True),
    ]
    figures.keys += any(KEY_SHOWN in page.content.decode() for page in answers)
