"""What each person at a desk may do. This table is the only place that says so."""

from collections.abc import Mapping
from enum import Enum, auto

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is at a provider's desk."""

    READER = "reader", _("閲覧")
    CLERK = "clerk", _("受付")
    ADMINISTRATOR = "administrator", _("管理者")


class Act(Enum):
    """What is done at a desk."""

    READ = auto()  # the list, a notice, one's own account
    TAKE = auto()  # a copy for the provider's own files: print, CSV
    ANSWER = auto()  # accept, send back
    MANAGE = auto()  # who sits here, what each did


MAY: Mapping[Role, frozenset[Act]] = {
    Role.READER: frozenset({Act.READ}),
    Role.CLERK: frozenset({Act.READ, Act.TAKE, Act.ANSWER}),
    Role.ADMINISTRATOR: frozenset(Act),
}


def may(role: str, act: Act) -> bool:
    """Whether a person of this role may do it."""
    return act in MAY[Role(role)]
