"""Staff session: authentication, permissions and session expiry of the staff of desks and of the bureau.

Each has a login of its own, a realm, and its pages have addresses in a namespace of their own: a session of one opens
no page of the other. It holds the person and nothing else: one that has a mover's draft or book in it is no staff
session, and logging in here forgets the mover's.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote
from uuid import UUID

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from renrakucho.account.session_values import ONE_TIME, SAVED_FORM, save_desk_form
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.row_security import desk_rows
from renrakucho.page.pending_login import PENDING_LOGINS
from renrakucho.provider.staff import Staff, StaffPermission, two_factor_required

IDLE_SECONDS = 60 * 30  # a screen that was left alone closes by itself
LONGEST_SECONDS = 60 * 60 * 12  # since the login, whatever is done meanwhile: a shift
PENDING_SECONDS = 60 * 10  # between the password and the code
_RENEW_SECONDS = 60  # not with every page: each time is a write to the disk
_SEEN, _PENDING, _SINCE = "desk_seen", "desk_halfway", "desk_since"  # names in the session
_FACTOR_SEEN = "desk_factor"  # the issuer of the login says that a second factor was used
SIGNED_ON_BY = "desk_issuer"  # short name of the issuer of the login
_AUTH_KEYS = {auth.SESSION_KEY, auth.BACKEND_SESSION_KEY, auth.HASH_SESSION_KEY}
_OWN_KEYS = {SAVED_FORM, ONE_TIME, PENDING_LOGINS, _SEEN, _PENDING, _SINCE, _FACTOR_SEEN, SIGNED_ON_BY}
_DESK_KEYS = {*_AUTH_KEYS, *_OWN_KEYS, "_messages", "_session_expiry"}
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class StaffRealm:
    """A login of its own. name: the namespace of its addresses; home: the name of its first page."""

    name: str
    home: str

    @property
    def frame(self) -> str:
        """The template around each of its pages."""
        return f"{self.name}/frame.html"

    @property
    def at_bureau(self) -> bool:
        return self.name == "bureau"


DESK, BUREAU_REALM = StaffRealm("desk", "list"), StaffRealm("bureau", "overview")
_REALMS = {realm.name: realm for realm in (DESK, BUREAU_REALM)}

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, Staff, P], HttpResponse]
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def requires_permission(
    permission: StaffPermission, *, page: str = "", without_factor: bool = False
) -> Callable[[StaffView[P]], View[P]]:
    """The view gets the person who is logged in, if their role has the permission.

    page: for a view that only takes posts, the name (in its realm) of the page that they are sent from. A GET is of
    someone who had to log in first, and leads there.

    Without a person of this realm, the login page comes first; what was posted is saved. Where a second factor is
    required, setting one up comes first, but for views that are needed for it (`without_factor`).
    """

    def guarded(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def with_staff(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            staff = current_staff(request)
            if staff is None:
                response = _to_login(request)
            elif not staff.may(permission):
                response = render(request, "account/refused.html", page_context(staff), status=403)
            elif not without_factor and _lacks_factor(request, staff):
                response = to_page(request, "factor")
            elif page and request.method != "POST":
                response = to_page(request, page)
            else:
                _renew_idle_time(request)
                with nullcontext() if staff.at_bureau else desk_rows(staff.provider):
                    response = view(request, staff, *args, **kwargs)
            patch_cache_control(response, no_store=True)
            return response

        return with_staff

    return guarded


def _lacks_factor(request: HttpRequest, staff: Staff) -> bool:
    if staff.factor or request.session.get(_FACTOR_SEEN):
        return False
    return two_factor_required(staff.provider) and not staff.has_second_factor()


def page_context(staff: Staff, here: str = "") -> dict[str, Any]:
    """The context of a page: who is logged in, and for whom. here: which of the realm's pages it is."""
    return {
        "staff": staff,
        "realm": BUREAU_REALM if staff.at_bureau else DESK,
        "provider_name": provider_name(staff.provider),
        "here": here,
        "messages": (),
    }


def realm_of(request: HttpRequest) -> StaffRealm:
    """The realm that the address of the request belongs to."""
    assert request.resolver_match is not None
    return _REALMS[request.resolver_match.namespace]


def to_page(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    """A redirect to the page of this name in the realm of the request."""
    return redirect(f"{realm_of(request).name}:{name}", *args)


def current_staff(request: HttpRequest) -> Staff | None:
    """The person who is logged in to the realm of the request, or None."""
    if request.session.keys() - _DESK_KEYS:
        for name in {*_AUTH_KEYS, _PENDING} & request.session.keys():
            del request.session[name]
        return None
    if _is_too_long(request):
        _flush_session(request)
        request.user = AnonymousUser()
        return None
    staff = request.user
    return staff if isinstance(staff, Staff) and staff.at_bureau == realm_of(request).at_bureau else None


def log_in(request: HttpRequest, staff: Staff, *, issuer: str = "", factor_seen: bool = False) -> None:
    """Log in. The session gets a new key, and keeps nothing from before but a late form. issuer: where
    the person logged in, factor_seen: whether it says that a second factor was used.
    """
    _flush_session(request)
    auth.login(request, staff, backend=_BACKEND)
    request.session[_SINCE] = _now()
    if issuer:
        request.session[SIGNED_ON_BY], request.session[_FACTOR_SEEN] = issuer, factor_seen
    request.session.set_expiry(IDLE_SECONDS)


def begin_two_step_login(request: HttpRequest, staff: Staff, *, issuer: str = "") -> None:
    """Keep that the password, or the login at an issuer, was right; the code is still to come."""
    _flush_session(request)
    request.session[_PENDING] = {
        "staff": str(staff.id),
        "hash": staff.get_session_auth_hash(),
        "at": _now(),
        "issuer": issuer,
    }
    request.session.set_expiry(PENDING_SECONDS)


def pending_login(request: HttpRequest) -> Staff | None:
    """Who has given the password and not yet the code."""
    kept: dict[str, Any] = request.session.get(_PENDING, {})
    if not kept or timezone.now().timestamp() - kept["at"] > PENDING_SECONDS:
        return None
    staff = Staff.objects.filter(id=UUID(kept["staff"]), is_active=True).first()
    if staff is None or staff.at_bureau != realm_of(request).at_bureau:
        return None
    return staff if staff.get_session_auth_hash() == kept["hash"] else None


def pending_issuer(request: HttpRequest) -> str:
    """The short name of the issuer where the pending login was begun; empty for a password."""
    kept: dict[str, Any] = request.session.get(_PENDING, {})
    return str(kept.get("issuer", ""))


def _flush_session(request: HttpRequest) -> None:
    saved = request.session.get(SAVED_FORM)
    request.session.flush()
    if saved:
        request.session[SAVED_FORM] = saved


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        save_desk_form(request, late=True)
    response = to_page(request, "login")
    response["Location"] += f"?next={quote(request.get_full_path())}"
    return response


def _renew_idle_time(request: HttpRequest) -> None:
    """Count idle time from now."""
    if _now() - request.session.get(_SEEN, 0) >= _RENEW_SECONDS:
        request.session[_SEEN] = _now()


def _is_too_long(request: HttpRequest) -> bool:
    """Whether the login is too long ago. One that does not say when it was counts from now."""
    if auth.SESSION_KEY not in request.session:
        return False
    if _SINCE not in request.session:
        request.session[_SINCE] = _now()
    return bool(_now() - request.session[_SINCE] >= LONGEST_SECONDS)


def _now() -> int:
    return int(timezone.now().timestamp())
