"""Two-factor authentication: a code of six digits that changes every 30 seconds (TOTP, RFC 6238), and recovery codes.

A code opens once: the time step it belongs to is used up, also for a second request at the same moment.
"""

import base64
import secrets
from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from renrakucho.lib.identifiers import in_fours, new_readable_code
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.width import ascii_digits, to_ascii_width
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.staff import Staff, open_for_owner, seal_for_owner

STEP_SECONDS, CODE_DIGITS = 30, 6
_SECRET_BYTES = 20  # RFC 4226, section 4: 160 bits are recommended
_CLOCK_TOLERANCE = 1  # steps that the phone's clock may be ahead or behind
RECOVERY_CODES = 10
_RECOVERY_LENGTH = 12  # 59 bits


def new_totp_secret() -> str:
    """A fresh secret, in base32 as it can be typed into a phone."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def otpauth_url(secret: str, account: str, issuer: str) -> str:
    """The otpauth: address that authenticator apps read from a QR code."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def totp_code(secret: str, now: datetime) -> str:
    """The code that a phone with this secret shows now."""
    return _totp(secret).generate(int(now.timestamp())).decode()


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that the typed code belongs to; None where it belongs to none around now."""
    typed = ascii_digits(code)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - _CLOCK_TOLERANCE, current + _CLOCK_TOLERANCE + 1):
        if compare_digest(_totp(secret).generate(step * STEP_SECONDS).decode(), typed):
            return step
    return None


def enable_two_factor(staff: Staff, secret: str, step: int) -> list[str]:
    """Ask for codes of this secret from now on. step: the time step of the code it was set up with, which is used up.

    Returns the recovery codes: they can be shown now and never again.
    """
    with transaction.atomic():
        staff.factor = seal_for_owner(staff.id, "factor", secret)
        staff.factor_step = step
        codes = _renew(staff)
        staff.save(update_fields=["factor", "factor_step", "recovery"])
        log_action(staff, AuditAction.FACTOR_SET)
    return codes


def renew_recovery_codes(staff: Staff) -> list[str]:
    """New recovery codes, which can be shown now and never again; the old ones are void."""
    with transaction.atomic():
        codes = _renew(staff)
        staff.save(update_fields=["recovery"])
        log_action(staff, AuditAction.RECOVERY_RENEWED)
    return codes


def renew_missing_recovery_codes(staff: Staff) -> list[str]:
    """Recovery codes for somebody who has none left, which can be shown now and never again; else none."""
    if staff.recovery:
        return []
    codes = _renew(staff)
    staff.save(update_fields=["recovery"])
    return codes


def disable_two_factor(staff: Staff) -> None:
    """Ask for no codes any more, by the person's own wish. Passkeys stay, and the recovery codes with them."""
    with transaction.atomic():
        staff.factor, staff.factor_step = None, 0
        if not staff.has_second_factor():
            staff.recovery = []
        staff.save(update_fields=["factor", "factor_step", "recovery"])
        log_action(staff, AuditAction.FACTOR_ENDED)


def clear_two_factor(staff: Staff) -> None:
    """Forget the secret, the passkeys and the recovery codes. The caller writes the audit row."""
    staff.passkeys.all().delete()
    staff.factor, staff.factor_step, staff.recovery = None, 0, []
    staff.save(update_fields=["factor", "factor_step", "recovery"])


def use_totp_code(staff: Staff, code: str, now: datetime) -> bool:
    """Whether the code opens; it is used up then."""
    if not staff.factor:
        return False
    step = totp_step(open_for_owner(staff.id, "factor", staff.factor), code, now)
    return step is not None and bool(Staff.objects.filter(id=staff.id, factor_step__lt=step).update(factor_step=step))


def use_recovery_code(staff: Staff, code: str) -> bool:
    """Whether the recovery code opens; it is gone then."""
    hashed = _hash(staff, code)
    with transaction.atomic():
        now = Staff.objects.select_for_update(no_key=True).get(id=staff.id)
        if hashed not in now.recovery:
            return False
        now.recovery.remove(hashed)
        now.save(update_fields=["recovery"])
    return True


def looks_like_recovery_code(code: str) -> bool:
    """Whether what was typed is meant as a recovery code: it has as many letters and digits as one."""
    return len(_plain(code)) == _RECOVERY_LENGTH


def _renew(staff: Staff) -> list[str]:
    codes = [new_readable_code(_RECOVERY_LENGTH) for _code in range(RECOVERY_CODES)]
    staff.recovery = [_hash(staff, code) for code in codes]
    return [in_fours(code) for code in codes]


def _plain(code: str) -> str:
    return "".join(char for char in to_ascii_width(code).lower() if char.isalnum())


def _hash(staff: Staff, code: str) -> str:
    return index_hash(f"recovery:{staff.id}:{_plain(code)}")


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every authenticator app takes, and here nobody can choose its input (RFC 6238, section 1.2).
    return TOTP(base64.b32decode(secret), CODE_DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
