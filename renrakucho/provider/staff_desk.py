"""What a provider's administrator has decided for the whole desk."""

from django.db import models

from renrakucho.lib.key import new_key


class Desk(models.Model):
    """One provider's desk. Without a row nothing was decided."""

    id = models.UUIDField(primary_key=True, default=new_key, editable=False)
    provider = models.CharField(max_length=64, unique=True)
    factor_required = models.BooleanField(default=False)


def factor_required(provider: str) -> bool:
    """Whether everyone at this desk needs a second factor."""
    return Desk.objects.filter(provider=provider, factor_required=True).exists()


def require_factor(provider: str, required: bool) -> bool:
    """Decide it. Whether that changed anything."""
    desk, _made = Desk.objects.get_or_create(provider=provider)
    return bool(Desk.objects.filter(id=desk.id).exclude(factor_required=required).update(factor_required=required))
