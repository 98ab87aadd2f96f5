"""Signed requests between peer portals: the request's signature is checked, and the response is signed."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.message_signing import PORTAL, SIGNATURE, is_signed_request, sign_response
from renrakucho.lib.strict_json import parse_json_object
from renrakucho.notice.connected_providers import known_peers

_MOST_BYTES = 256 * 1024  # a notice has some thousands

Content = dict[str, Any]
Reply = Callable[[PeerPortal, Content], tuple[int, Content]]


def signed_peer_view(reply: Reply) -> Callable[[HttpRequest], HttpResponse]:
    """Decorator: the view gets the peer and the JSON content. An unknown or unsigned caller is told nothing."""

    @csrf_exempt
    @wraps(reply)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _unsigned_response(405)
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            return _unsigned_response(413)
        peer = _signing_peer(request)
        if peer is None:
            return _unsigned_response(401)
        content = parse_json_object(request.body)
        status, answer = reply(peer, content) if content is not None else (422, {"reason": "json"})
        body = json.dumps(answer, separators=(",", ":")).encode()
        signed = sign_response(peer.secret, request.headers[SIGNATURE], status, body, timezone.now())
        headers = {**signed, "Cache-Control": "no-store"}
        return HttpResponse(body, status=status, content_type="application/json", headers=headers)

    return view


def _signing_peer(request: HttpRequest) -> PeerPortal | None:
    url, path, now = request.headers.get(PORTAL, ""), request.get_full_path(), timezone.now()
    peer = next((peer for peer in known_peers().values() if peer.url == url), None)
    signed = peer and is_signed_request(peer.secret, url, path, request.body, request.headers, now)
    return peer if signed else None


def _unsigned_response(status: int) -> HttpResponse:
    return JsonResponse({"reason": "not_known" if status == 401 else "not_so"}, status=status)
