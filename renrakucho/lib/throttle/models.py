"""How often something was tried."""

from django.db import models


class RateWindow(models.Model):
    """One who, one what, one window of time. The key is a keyed hash: nobody can read from it who it was."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)  # of the window
