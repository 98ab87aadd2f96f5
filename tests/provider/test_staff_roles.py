"""A desk's people have the desk's roles, the bureau's people its own: the database itself refuses anything else."""

import pytest
from django.db import IntegrityError, transaction

from renrakucho.provider.staff import BUREAU, StaffRole, managing_role, roles_at, two_factor_required
from renrakucho.provider.staff_administration import LastAdministrator, change_role, close_account
from renrakucho.provider.staff_invitation import Invitation, create_invitation
from tests.desk.cast import AKISHIMA, clerk

pytestmark = pytest.mark.django_db
AT_DESKS = ("reader", "clerk", "administrator")
AT_THE_BUREAU = ("watcher", "operator", "auditor")


@pytest.mark.parametrize(
    ("provider", "role"),
    [*((AKISHIMA, role) for role in AT_THE_BUREAU), *((BUREAU, role) for role in AT_DESKS), (AKISHIMA, "king")],
)
def test_the_database_refuses_a_role_of_the_other_place(provider: str, role: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        clerk(provider=provider, role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_invitation(provider, role, by=None)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("provider", "role"), [*((AKISHIMA, role) for role in AT_DESKS), *((BUREAU, role) for role in AT_THE_BUREAU)]
)
def test_a_role_of_its_place_is_kept(provider: str, role: str) -> None:
    assert clerk(provider=provider, role=role).role == role
    assert StaffRole(role) in roles_at(provider)


def test_the_bureau_always_requires_a_second_factor() -> None:
    assert (two_factor_required(BUREAU), two_factor_required(AKISHIMA)) == (True, False)


def test_the_last_operator_stays() -> None:
    operator = clerk("first", provider=BUREAU, role="operator")
    assert managing_role(BUREAU) == "operator"
    with pytest.raises(LastAdministrator):
        close_account(operator, by=operator)
    with pytest.raises(LastAdministrator):
        change_role(operator, StaffRole.AUDITOR, by=operator)
    other = clerk("second", provider=BUREAU, role="operator")
    change_role(operator, StaffRole.AUDITOR, by=other)
    operator.refresh_from_db()
    assert (operator.role, operator.may_operate, operator.may_audit) == ("auditor", False, True)
