"""A signed question of another portal's, and the signed answer to it."""

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

_MOST = 256 * 1024  # bytes; a notice has some thousands

Content = dict[str, Any]
Reply = Callable[[PeerPortal, Content], tuple[int, Content]]


def signed_peer_view(reply: Reply) -> Callable[[HttpRequest], HttpResponse]:
    """The view gets who asks and what; whoever is not known, or did not sign, is told nothing."""

    @csrf_exempt
    @wraps(reply)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return _unsigned(405)
        if int(request.headers.get("Content-Length") or 0) > _MOST:
            return _unsigned(413)
        peer = _asking(request)
        if peer is None:
            return _unsigned(401)
        content = parse_json_object(request.body)
        status, said = reply(peer, content) if content is not None else (422, {"reason": "json"})
        body = json.dumps(said, separators=(",", ":")).encode()
        signed = sign_response(peer.secret, request.headers[SIGNATURE], status, body, timezone.now())
        headers = {**signed, "Cache-Control": "no-store"}
        return HttpResponse(body, status=status, content_type="application/json", headers=headers)

    return view


def _asking(request: HttpRequest) -> PeerPortal | None:
    url, path, now = request.headers.get(PORTAL, ""), request.get_full_path(), timezone.now()
    peer = next((peer for peer in known_peers().values() if peer.url == url), None)
    right = peer and is_signed_request(peer.secret, url, path, request.body, request.headers, now)
    return peer if right else None


def _unsigned(status: int) -> HttpResponse:
    return JsonResponse({"reason": "not_known" if status == 401 else "not_so"}, status=status)
