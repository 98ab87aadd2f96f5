"""Rows of monitoring: heartbeats of workers, open alarms, public figures, backups. None of them is about a mover."""

from django.db import models

from renrakucho.lib.identifiers import new_uuid7


class WorkerHeartbeat(models.Model):
    """One process of the worker. owner: as in its leases, host and process id; beat_at: by the database's clock.

    skew: seconds that the worker's clock is ahead of the database's. failing: failures in a row, by the job's name.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    owner = models.CharField(max_length=64, unique=True)
    version = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)
    skew = models.FloatField()
    failing = models.JSONField(default=dict)


class OpenAlarm(models.Model):
    """A check that has been failing since `began_at`, and the last mail about it. The row goes when the alarm ends."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    key = models.CharField(max_length=100, unique=True)
    began_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)


class PublicFigures(models.Model):
    """The public figures as they were computed once; the newest row is shown."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    computed_at = models.DateTimeField(db_index=True)
    figures = models.JSONField()


class BackupMark(models.Model):
    """The moment at which whoever makes the backups said that one was whole: `renrakucho backup done`."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    marked_at = models.DateTimeField(db_index=True)
