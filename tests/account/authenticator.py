"""A passkey's authenticator in software: makes keys and signs challenges as WebAuthn (sections 6.1 and 6.5) says."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

from renrakucho.provider.passkey import add_passkey, registration_challenge
from renrakucho.provider.staff import Staff

_PRESENT, _MADE = 0x01, 0x40  # flags: somebody touched it; a key was made
_AAGUID = bytes(16)


@dataclass
class Authenticator:
    """One passkey. counts: whether its counter rises, which that of a synced passkey does not."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    counts: bool = True
    uses: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: str) -> str:
        """The answer to the options of a new passkey, as a browser's JSON."""
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        made = _AAGUID + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(_PRESENT | _MADE) + made}
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options), attestationObject=cbor2.dumps(attestation)
        )

    def use(self, options: str) -> str:
        """The answer to the options of a login."""
        self.uses += self.counts
        client_data, data = self._client_data("webauthn.get", options), self._data(_PRESENT)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _client_data(self, kind: str, options: str) -> bytes:
        challenge: Any = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        parts = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": parts, "clientExtensionResults": {}}
        )


def options_of(page: Any) -> str:
    """The options that a page gives to the browser."""
    html = page.content.decode()
    start = html.index('data-options="') + len('data-options="')
    return unescape(html[start : html.index('"', start)])


def with_passkey(staff: Staff, key: Authenticator, name: str = "窓口2番") -> Staff:
    made = registration_challenge(staff, provider_name="")
    add_passkey(staff, key.make(made.options), made.challenge, name=name)
    return staff
