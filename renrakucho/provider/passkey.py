"""Passkeys (WebAuthn) of staff: a second factor that a false page cannot ask for, beside the codes of a phone.

The browser signs for this portal's own host alone, and each challenge once. Verified by py_webauthn; only the public
key is kept, which is no secret. A counter that does not rise says that the key was copied: such a login is refused.
"""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.staff import Staff
from renrakucho.provider.two_factor import renew_missing_recovery_codes

MOST_PASSKEYS = 10  # of one person
LONGEST_NAME = 40


class PasskeyRefused(InvalidInput):
    """The browser's answer does not prove the passkey: another challenge, page or person, or a copied key."""


class Passkey(models.Model):
    """One passkey of one person. credential: its identifier (base64url), chosen by the authenticator; uses: its
    counter; name: as its owner calls it.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)  # at most 1,023 bytes (WebAuthn, section 4)
    public_key = models.BinaryField()
    uses = models.PositiveBigIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


@dataclass(frozen=True)
class PasskeyChallenge:
    """Options for the browser as JSON, and the challenge that its answer has to sign (base64url)."""

    options: str
    challenge: str


def registration_challenge(staff: Staff, *, provider_name: str) -> PasskeyChallenge:
    """A challenge to make a new passkey with; those that the person has are not made again."""
    options = generate_registration_options(
        rp_id=_host(),
        rp_name=settings.PORTAL_NAME,
        user_id=staff.id.bytes,
        user_name=staff.login_id,
        user_display_name=f"{staff.name} ({provider_name})" if provider_name else staff.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(staff),
    )
    return PasskeyChallenge(options_to_json(options), bytes_to_base64url(options.challenge))


def add_passkey(staff: Staff, answer: str, challenge: str, *, name: str) -> list[str]:
    """Keep the passkey of the browser's answer (JSON). Returns new recovery codes where the person had none, else none.

    Raises PasskeyRefused.
    """
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    credential = bytes_to_base64url(made.credential_id)
    with transaction.atomic():
        known = Passkey.objects.filter(credential=credential).exists()
        if known or Passkey.objects.filter(staff=staff).count() >= MOST_PASSKEYS:
            raise PasskeyRefused
        Passkey.objects.create(
            staff=staff,
            credential=credential,
            public_key=made.credential_public_key,
            uses=made.sign_count,
            name=name,
            made_at=timezone.now(),
        )
        log_action(staff, AuditAction.PASSKEY_ADDED)
        return renew_missing_recovery_codes(staff)


def login_challenge(staff: Staff) -> PasskeyChallenge | None:
    """A challenge for one of the person's passkeys; None where there is none."""
    known = _descriptors(staff)
    if not known:
        return None
    options = generate_authentication_options(
        rp_id=_host(), allow_credentials=known, user_verification=UserVerificationRequirement.PREFERRED
    )
    return PasskeyChallenge(options_to_json(options), bytes_to_base64url(options.challenge))


def use_passkey(staff: Staff, answer: str, challenge: str) -> None:
    """Check the browser's answer (JSON) to the challenge, which its caller has forgotten. Raises PasskeyRefused."""
    try:
        credential = str(json.loads(answer)["id"])
        passkey = Passkey.objects.get(staff=staff, credential=credential)
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.uses,
        )
    except (WebAuthnException, Passkey.DoesNotExist, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    mine = Passkey.objects.filter(id=passkey.id, uses=passkey.uses)  # of two copies at one moment one gets in
    if not mine.update(uses=proved.new_sign_count, used_at=timezone.now()):
        raise PasskeyRefused


def rename_passkey(staff: Staff, passkey_id: UUID, name: str) -> None:
    """Call one of the person's passkeys otherwise."""
    Passkey.objects.filter(staff=staff, id=passkey_id).update(name=name)


def remove_passkey(staff: Staff, passkey_id: UUID) -> None:
    """Forget one of the person's passkeys."""
    with transaction.atomic():
        if Passkey.objects.filter(staff=staff, id=passkey_id).delete()[0]:
            log_action(staff, AuditAction.PASSKEY_REMOVED)


def passkeys_of(staff: Staff) -> list[Passkey]:
    """The person's passkeys, the oldest first."""
    return list(Passkey.objects.filter(staff=staff).order_by("made_at", "id"))


def with_second_factor(provider: str) -> set[UUID]:
    """Who at this desk, or at the bureau, has more than a password: `Staff.has_second_factor` of all, in one query."""
    either = models.Q(factor__isnull=False) | models.Q(passkeys__isnull=False)
    return set(Staff.objects.filter(either, provider=provider).values_list("id", flat=True))


def _descriptors(staff: Staff) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential)) for each in passkeys_of(staff)]


def _origin() -> str:
    found = urlsplit(settings.BASE_URL)
    return f"{found.scheme}://{found.netloc}"


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
