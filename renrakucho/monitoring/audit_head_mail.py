"""Mail of the audit log's head to the bureau, once a day: whoever cuts off or rewrites the log cannot reach it there.

`renrakucho audit verify --head` compares the log with the number and hash of such a mail.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from renrakucho.delivery.deliver_mail import OutgoingMail
from renrakucho.provider.audit_link import keep_head
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_operation

_EVERY = timedelta(days=1)


def mail_audit_head(now: datetime) -> bool:
    """Mail the head, unless one was mailed within a day, nobody is to get it, or there is none. Returns whether it was
    mailed. What was mailed is an entry of the log itself; a mail that fails leaves none, and is tried again.
    """
    if not settings.BUREAU_MAIL:
        return False
    if AuditEntry.objects.filter(deed=AuditAction.HEAD_MAILED, done_at__gt=now - _EVERY).exists():
        return False
    with transaction.atomic():
        head = keep_head()
        if not head.number:
            return False
        log_operation(None, AuditAction.HEAD_MAILED, about=str(head))
        _send(str(head))
    return True


def _send(head: str) -> None:
    subject = _("【%(portal)s】操作の記録の控え") % {"portal": settings.PORTAL_NAME}
    advice = _(
        "操作の記録の、いまの最後の番号と値です。このメールは消さずに残してください。記録が書きかえられたり、"
        "終わりが切り取られたりしていないかは、サーバーで次の命令を動かすと分かります。"
    )
    body = "\n\n".join([advice, f"renrakucho audit verify --head {head}", settings.BASE_URL])
    headers = {"Auto-Submitted": "auto-generated"}
    OutgoingMail(subject=subject, body=body, to=settings.BUREAU_MAIL, headers=headers).send()
