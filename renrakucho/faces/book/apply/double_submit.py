"""Double submit: a second press of «登録する» that is sent before the answer to the first has arrived.

The first press opens the book in a session with a new key, and the browser that pressed twice never gets this key. So
a copy of the new session stays under the old key for a minute: the second press takes it over, again under a new key,
and both presses end on the same page. The second leaves a copy in turn, for a third.
"""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

COPY_SECONDS = 60


def share_session(request: HttpRequest, old_key: str | None) -> None:
    """Leave a copy of the present session under the key that the browser came with."""
    if not old_key or old_key == request.session.session_key:
        return
    kept = {name: value for name, value in request.session.items() if not name.startswith("_")}
    until = timezone.now() + timedelta(seconds=COPY_SECONDS)
    Session.objects.create(session_key=old_key, session_data=Session.objects.encode(kept), expire_date=until)


def adopt_shared_session(request: HttpRequest) -> None:
    """Take over what the first press left in the session after this request had read it."""
    request.session.update(request.session.load())
