"""Rate limit counters. The module is models.py because Django looks for that name."""

from django.db import models


class RateWindow(models.Model):
    """A fixed window that counts one action of one client. key: a keyed hash, which does not tell who it was."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)  # end of the window
