"""Clerks and what lies on their desks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.session_store import SessionStore
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.receipt.mover_actions import enter_notice
from tests import cast

AKISHIMA = "akishima-water"
YOKOSUKA = "yokosuka-water"
WATER = "water:start:akishima-water"
PASSWORD = "正しい馬-電池-staple"


def clerk(
    login_id: str = "akishima-1", *, provider: str = AKISHIMA, name: str = "佐藤", role: str = StaffRole.CLERK
) -> Staff:
    """An account."""
    return Staff.objects.create(login_id=login_id, provider=provider, name=name, password=_hashed(), role=role)


def administrator(login_id: str = "akishima-chief", *, provider: str = AKISHIMA, name: str = "田中") -> Staff:
    """The account of one who invites the others."""
    return clerk(login_id, provider=provider, name=name, role=StaffRole.ADMINISTRATOR)


@cache
def _hashed() -> str:
    # Hashing is slow on purpose: once is enough.
    return make_password(PASSWORD)


def seated(staff: Staff, *, careful: bool = False) -> Client:
    """The browser of a clerk who is logged in. careful: with Django's guard against forged posts."""
    client = Client(enforce_csrf_checks=careful)
    client.force_login(staff)
    return client


def session_key(staff: Staff) -> str:
    """The key of a session in which they are logged in, for a browser of another process."""
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(staff.id), staff.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    return str(session.session_key)


def sent(offer: str = WATER, *, answers: Mapping[str, str] | None = None, **items: str) -> Notice:
    """A notice that has just reached the desk."""
    notice = cast.notice(offer, **items)
    keep_draft(notice, answers={**needed(notice), **(answers or {})})
    enter_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice


def confidential(**items: str) -> Notice:
    """A confidential notice on the desk, whose mover has chosen to tell it the new address."""
    entered = replace(cast.entries([WATER], **items), confidential=True, disclosed=(WATER,))
    notice = cast.registered(entered).notices.get()
    keep_draft(notice, answers=needed(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice


def needed(notice: Notice) -> dict[str, str]:
    """The shortest answers that the sheet takes."""
    sheet = sheet_for(notice.provider, notice.procedure)
    return {
        blank.name: blank.choices[0][0] if blank.choices else "1234567890"
        for blank in sheet.own_items()
        if blank.required
    }


def address(name: str, notice_id: UUID) -> str:
    """Of one of a notice's pages."""
    return reverse(f"desk:{name}", args=[notice_id])
