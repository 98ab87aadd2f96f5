"""Outbox of mails to a provider's staff: a row is written with what it reports, and sent later by lease."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models.functions import Now  # the clock that decides what is due
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.provider.staff import open_for_owner, seal_for_owner


class StaffMailKind(models.TextChoices):
    """The kind of a mail."""

    INVITATION = "invitation", gettext_lazy("受付窓口への招待")
    ARRIVALS = "arrivals", gettext_lazy("新しいれんらくのお知らせ")
    LATE_ANSWERS = "late_answers", gettext_lazy("返事が遅れているれんらくのお知らせ")
    DESTINATION = "destination", gettext_lazy("送り先の変更のお知らせ")


class StaffMail(LeasedRow):
    """One mail. Address and text are sealed with the master key, and dropped once the mail server has it."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=StaffMailKind.choices)
    about = models.UUIDField()  # the invitation, or the person
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta(LeasedRow.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=StaffMailKind.values), name="staffmail_kind_known"),
        ]
        indexes = [
            *LeasedRow.Meta.indexes,
            models.Index(fields=["sent_at"], name="staffmail_sent"),
            models.Index(
                fields=["gave_up_at"], name="staffmail_given_up", condition=models.Q(gave_up_at__isnull=False)
            ),
        ]


def write_invitation_mail(about: UUID, *, to: str, provider: str, link: str, days: int) -> StaffMail:
    """Write the mail with the link of an invitation. provider: its name; empty: the bureau invites."""
    subject = _("【%(portal)s】受付窓口へのご招待") if provider else _("【%(portal)s】事務局へのご招待")
    subject %= {"portal": settings.PORTAL_NAME}
    return _write(StaffMailKind.INVITATION, about, to, subject, {"provider": provider, "link": link, "days": days})


def write_arrivals_mail(about: UUID, *, to: str, count: int, due: int = 0) -> StaffMail:
    """Write the mail that says how many notices have arrived, and how many have to be answered today; it says nothing
    of their content.
    """
    subject = _("【%(portal)s】新しいれんらくのお知らせ") if count else _("【%(portal)s】きょうが返事の期限のれんらく")
    context = {"count": count, "due": due, "desk_url": f"{settings.BASE_URL}/desk/"}
    return _write(StaffMailKind.ARRIVALS, about, to, subject % {"portal": settings.PORTAL_NAME}, context)


def write_late_answers_mail(about: UUID, *, to: str, late: Sequence[tuple[str, int]]) -> StaffMail:
    """Write the bureau's mail about answers that are late: how many, by the provider's name."""
    subject = _("【%(portal)s】返事が遅れているれんらくのお知らせ") % {"portal": settings.PORTAL_NAME}
    context: dict[str, object] = {"late": late, "bureau_url": f"{settings.BASE_URL}/bureau/"}
    return _write(StaffMailKind.LATE_ANSWERS, about, to, subject, context)


def write_destination_mail(about: UUID, *, to: str, provider: str, until: datetime, contact: str) -> StaffMail:
    """Write the mail to a desk's administrator that its notices are to go elsewhere from `until` on. provider: its
    name; contact: how to reach whoever runs the portal, or empty.
    """
    subject = _("【%(portal)s】れんらくの送り先が変わります") % {"portal": settings.PORTAL_NAME}
    local = timezone.localtime(until)
    moment = _("%(month)s月%(day)s日 %(time)s") % {"month": local.month, "day": local.day, "time": f"{local:%H:%M}"}
    context: dict[str, object] = {"provider": provider, "until": moment, "contact": contact}
    return _write(StaffMailKind.DESTINATION, about, to, subject, context)


def read_staff_mail(mail: StaffMail) -> dict[str, str]:
    """Open the mail: to, subject, text."""
    opened: dict[str, str] = open_for_owner(mail.id, "mail", mail.sealed or b"")
    return opened


def _write(kind: StaffMailKind, about: UUID, to: str, subject: str, context: dict[str, object]) -> StaffMail:
    mail = StaffMail(kind=kind, about=about, created_at=Now(), due_at=Now())
    text = render_to_string(f"staff_mail/{kind.value}.txt", {**context, "portal": settings.PORTAL_NAME})
    mail.sealed = seal_for_owner(mail.id, "mail", {"to": to, "subject": subject, "text": text})
    mail.save(force_insert=True)
    return mail
