"""Who reads notices at a provider's desk: an ID and a password of their own."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from renrakucho.lib.key import new_key


class StaffManager(BaseUserManager["Staff"]):
    """Makes accounts."""

    def create_staff(self, *, login_id: str, provider: str, name: str, password: str) -> "Staff":
        """A new account; the password is kept as a slow hash only."""
        staff = self.model(login_id=login_id, provider=provider, name=name)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """One person at one provider (`provider` is its folder's slug)."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    login_id = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)

    objects = StaffManager()

    USERNAME_FIELD = "login_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["provider", "name"]

    def __str__(self) -> str:
        return self.login_id
