"""The book's table. Everything personal in it is sealed with the book's own key."""

from django.db import models

from renrakucho.lib.identifiers import new_uuid7


class Book(models.Model):
    """One move of one mover. A draft until it is registered."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    wrapped_key = models.BinaryField()  # the book's key under the master key; without it nothing can be read again
    entries = models.BinaryField()
    email_hash = models.CharField(max_length=64, blank=True, default="")
    access_key_hash = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(registered_at=None), name="book_drafts"),
        ]
