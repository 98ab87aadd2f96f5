"""`renrakucho bureau invite`: the accounts of those who run the portal (事務局)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.provider.staff import BUREAU, StaffRole
from renrakucho.provider.staff_invitation import create_invitation


class Command(NounCommand):
    """The first operator comes from here, and invites the others at the bureau itself. New passwords, lost second
    factors, other roles and closing: `renrakucho staff`, by login ID.
    """

    help = bilingual("事務局の担当者", "those who run the portal; its first operator invites the others")

    def add_verbs(self) -> None:
        """invite."""
        invite = self.add_verb(
            "invite", self._invite, bilingual("招待のリンクを作る", "a link by which a person makes their own account")
        )
        role = invite.add_mutually_exclusive_group()
        role.add_argument(
            "--operator",
            dest="role",
            action="store_const",
            const=StaffRole.OPERATOR,
            default=StaffRole.WATCHER,
            help=bilingual("操作と招待ができる人", "may act, and invite others; without it: only see"),
        )
        role.add_argument(
            "--auditor",
            dest="role",
            action="store_const",
            const=StaffRole.AUDITOR,
            help=bilingual("操作の記録を読む人", "reads the audit log, and cannot act"),
        )

    def _invite(self, *, role: StaffRole, **options: Any) -> None:
        made, token = create_invitation(BUREAU, role, by=None)
        self.stdout.write(settings.BASE_URL + reverse("bureau:join", args=[token]))
        self.stdout.write(
            _("役割は「%(role)s」です。ご本人だけに渡してください。%(until)sまで、一度だけ使えます。")
            % {"role": role.label, "until": f"{format_day(made.valid_until)} {format_clock(made.valid_until)}"}
        )
