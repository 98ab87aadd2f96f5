"""Municipalities of the directory's present edition, former ones, and the edition itself."""

from django.db import models


class MunicipalityKind(models.TextChoices):
    """The kind of a municipality by law. No address ends at a designated city: its ward follows."""

    DESIGNATED_CITY = "designated_city"
    WARD = "ward"
    SPECIAL_WARD = "special_ward"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"


class Municipality(models.Model):
    """A present municipality or ward. The key is its JIS X 0402 code (5 digits)."""

    code = models.CharField(primary_key=True, max_length=5)
    prefecture = models.CharField(max_length=4)
    name = models.CharField(max_length=40, help_text="as addresses have it: 郡, city, ward")
    kana = models.CharField(max_length=80)
    romaji = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=MunicipalityKind.choices)
    url = models.URLField(blank=True, help_text="its official site")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["designated_city", "ward", "special_ward", "city", "town", "village"]),
                name="municipality_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefecture}{self.name}"


class FormerMunicipality(models.Model):
    """One step from an old municipality to what followed it; a municipality that was split has several.

    Codes and names are those of the day: what followed may itself be gone by now.
    """

    prefecture = models.CharField(max_length=4)
    name = models.CharField(max_length=40)
    code = models.CharField(max_length=5)
    to_code = models.CharField(max_length=5)
    on = models.DateField()
    event = models.CharField(max_length=20, help_text="新設合併, 編入合併, 名称変更, …")

    def __str__(self) -> str:
        return f"{self.prefecture}{self.name}"


class Edition(models.Model):
    """The present edition of the directory: one row, replaced by every new edition.

    The key is a hash of everything that it was compiled from. `towns` has Japan Post's towns and postal codes, packed
    (town_index): a process answers from memory, and would need half a second to read 120,000 rows first.
    """

    id = models.CharField(primary_key=True, max_length=16)
    compiled_at = models.DateTimeField()
    postal_data = models.CharField(max_length=40, help_text="which release of Japan Post's data")
    towns = models.BinaryField()

    def __str__(self) -> str:
        return self.id
