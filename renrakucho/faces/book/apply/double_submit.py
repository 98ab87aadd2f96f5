"""A second press of «登録する», sent before the browser had the answer to the first.

The first press opens the book in a session of a new number, and the browser that pressed twice never hears of it. So
the old number keeps a copy of that session for a minute: the second press takes it over, under a new number again, and
both end on the same page. It leaves a copy in its turn, for a third.
"""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

SECONDS = 60


def share_session(request: HttpRequest, old_key: str | None) -> None:
    """Leave a copy of the session of now under the number that the browser came with."""
    if not old_key or old_key == request.session.session_key:
        return
    kept = {name: value for name, value in request.session.items() if not name.startswith("_")}
    until = timezone.now() + timedelta(seconds=SECONDS)
    Session.objects.create(session_key=old_key, session_data=Session.objects.encode(kept), expire_date=until)


def adopt_shared_session(request: HttpRequest) -> None:
    """What the first press left, where this request had read its session before that."""
    request.session.update(request.session.load())
