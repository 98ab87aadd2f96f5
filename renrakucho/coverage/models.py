"""Coverage rows: which provider, by which office, serves which place."""

from django.db import models

from renrakucho.address.models import Municipality
from renrakucho.provider.models import Evidenced, Industry, Office, Provider


class Extent(models.TextChoices):
    """The part of a place that a row is about; the place is the municipality where `town` is empty, else that town."""

    WHOLE = "whole", "serves all of it"
    REST = "rest", "serves every town that has no row of its own"
    LISTED = "listed", "serves the towns that have a row of their own"
    PART = "part", "serves part of it; which part is not known, or only in words"
    NONE = "none", "nobody serves it"
    UNKNOWN = "unknown", "was looked for and not found"


class Coverage(Evidenced):
    """One fact: a provider serves a municipality, or one of its towns, for an industry."""

    industry = models.CharField(max_length=20, choices=Industry.choices)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    town = models.CharField(max_length=60, blank=True)
    provider = models.ForeignKey(Provider, null=True, on_delete=models.CASCADE, related_name="coverage")
    office = models.ForeignKey(Office, null=True, on_delete=models.CASCADE, related_name="coverage")
    extent = models.CharField(max_length=8, choices=Extent.choices)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(industry__in=Industry.values), name="coverage_industry_known"),
            models.CheckConstraint(condition=models.Q(extent__in=Extent.values), name="coverage_extent_known"),
            models.CheckConstraint(
                condition=models.Q(provider__isnull=True, extent__in=["none", "unknown"])
                | models.Q(provider__isnull=False, extent__in=["whole", "rest", "listed", "part"]),
                name="coverage_provider_unless_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.industry} {self.municipality_id} {self.town}"
