"""Places, as the directory's last edition has them."""

from django.db import models


class MunicipalityKind(models.TextChoices):
    """What a municipality is by law. No address stops at a designated city: its wards follow."""

    DESIGNATED_CITY = "designated_city"
    WARD = "ward"
    SPECIAL_WARD = "special_ward"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"


class Municipality(models.Model):
    """A municipality or ward of today. The key is its JIS X 0402 code (5 digits)."""

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
    """The directory as it was compiled last: one row, replaced by every new edition.

    The key is a hash of everything it was compiled from. `towns` is Japan Post's towns and postal codes, packed
    (address.town_index): a process answers from memory, and reading 120,000 rows first would cost it half a second.
    """

    id = models.CharField(primary_key=True, max_length=16)
    compiled_at = models.DateTimeField()
    postal_data = models.CharField(max_length=40, help_text="which release of Japan Post's data")
    towns = models.BinaryField()

    def __str__(self) -> str:
        return self.id
