"""Models of the directory: providers, their offices and how to reach them, each with its source."""

from collections import defaultdict

from django.db import models
from django.utils.translation import pgettext_lazy

from renrakucho.provider.append_only import RetentionPass
from renrakucho.provider.audit_link import AuditLink
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.passkey import Passkey
from renrakucho.provider.single_sign_on import SignOnLink
from renrakucho.provider.staff import DeskSettings, Staff
from renrakucho.provider.staff_invitation import Invitation
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.provider.system_key import IdempotentResponse, SystemKey

__all__ = [
    "AuditEntry",
    "AuditLink",
    "Confidence",
    "Contact",
    "ContactKind",
    "ContactUse",
    "DeskSettings",
    "Evidenced",
    "IdempotentResponse",
    "Industry",
    "Invitation",
    "LeadsTo",
    "Link",
    "LinkGroup",
    "Office",
    "Passkey",
    "Provider",
    "RetentionPass",
    "SignOnLink",
    "Source",
    "Staff",
    "StaffMail",
    "SystemKey",
]


class Industry(models.TextChoices):
    """An industry, in the order in which a mover meets it."""

    ELECTRICITY = "electricity", pgettext_lazy("industry", "電気")
    GAS = "gas", pgettext_lazy("industry", "ガス")
    WATER = "water", pgettext_lazy("industry", "水道")
    TELEPHONE = "telephone", pgettext_lazy("industry", "電話")
    BROADCASTING = "broadcasting", pgettext_lazy("industry", "放送(NHK)")
    CREDIT_CARD = "credit_card", pgettext_lazy("industry", "クレジットカード")
    BANK = "bank", pgettext_lazy("industry", "銀行")
    INSURANCE = "insurance", pgettext_lazy("industry", "保険")
    INTERNET = "internet", pgettext_lazy("industry", "インターネット")


class Confidence(models.TextChoices):
    """The kind of source that a fact has."""

    OFFICIAL = "official", "an official page, or a table that cites one"
    UNOFFICIAL = "unofficial", "somebody else's list or page"
    GENERAL = "general", "common knowledge that nobody has checked yet"


class Source(models.Model):
    """Where a fact of the directory was read. The key is a short readable word."""

    id = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    url = models.URLField(blank=True)
    kind = models.CharField(max_length=12, choices=Confidence.choices)
    licence = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Confidence.values), name="source_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title


class Evidenced(models.Model):
    """A fact: its source, the date it is good for (year, month or day, "" where unknown) and how sure it is."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    as_of = models.CharField(max_length=10, blank=True)
    confidence = models.CharField(max_length=12, choices=Confidence.choices)

    class Meta:
        abstract = True


class Provider(Evidenced):
    """An organisation that has to be told, under the name that a mover expects to read.

    The key is a short readable word (`tokyo-gas`). Since 2016/2017 whoever runs the wires and pipes of an area
    (`operator`, "" where it is not known) need not be the company that the mover has a contract with.
    """

    id = models.SlugField(primary_key=True, max_length=60)
    industry = models.CharField(max_length=20, choices=Industry.choices)
    name = models.CharField(max_length=80)
    operator = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(industry__in=Industry.values), name="provider_industry_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Office(Evidenced):
    """The part of a provider that serves an area; `name` is "" where only its phone number is known."""

    id = models.SlugField(primary_key=True, max_length=80)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name


class ContactKind(models.TextChoices):
    """A way to reach somebody."""

    PHONE = "phone"
    URL = "url"


class ContactUse(models.TextChoices):
    """The purpose of a number or page."""

    MOVING = "moving", "takes moves"
    GENERAL = "general"
    HEAD_OFFICE = "head_office"
    AREA = "area", "says which area is served"
    OUTAGE = "outage"
    LEAK = "leak"


class Contact(Evidenced):
    """One phone number or web page of a provider, or of one of its offices."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="contacts")
    office = models.ForeignKey(Office, null=True, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=5, choices=ContactKind.choices)
    use = models.CharField(max_length=12, choices=ContactUse.choices)
    value = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ContactKind.values), name="contact_kind_known"),
            models.CheckConstraint(
                condition=models.Q(use__in=ContactUse.values),
                name="contact_use_known",
            ),
        ]

    def __str__(self) -> str:
        return self.value


class LinkGroup(models.TextChoices):
    """The groups of the link list: the industries, and others who want to know of a move."""

    ELECTRICITY = "electricity", Industry.ELECTRICITY.label
    GAS = "gas", Industry.GAS.label
    WATER = "water", Industry.WATER.label
    TELEPHONE = "telephone", Industry.TELEPHONE.label
    INTERNET = "internet", Industry.INTERNET.label
    BROADCASTING = "broadcasting", Industry.BROADCASTING.label
    CREDIT_CARD = "credit_card", Industry.CREDIT_CARD.label
    BANK = "bank", Industry.BANK.label
    INSURANCE = "insurance", Industry.INSURANCE.label
    POST = "post", pgettext_lazy("industry", "郵便")
    PARCEL = "parcel", pgettext_lazy("industry", "宅配便")
    CAR = "car", pgettext_lazy("industry", "自動車")
    PUBLIC = "public", pgettext_lazy("industry", "役所の手続")


class LeadsTo(models.TextChoices):
    """The kind of page behind a link."""

    MOVING = "moving", "takes moves"
    CONTACT = "contact"
    INFORMATION = "information"
    HOME = "home"


class Link(Evidenced):
    """One line of the link list (ホームページのご紹介): an organisation whose own site takes moves or tells of them.

    `provider` is whose phone numbers stand beside it, where the directory has them.
    """

    industry = models.CharField(max_length=20, choices=LinkGroup.choices)
    name = models.CharField(max_length=80)
    provider = models.ForeignKey(Provider, null=True, on_delete=models.SET_NULL, related_name="links")
    url = models.URLField(blank=True)
    leads_to = models.CharField(max_length=12, choices=LeadsTo.choices, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    hours = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(industry__in=LinkGroup.values), name="link_industry_known"),
            models.CheckConstraint(condition=models.Q(leads_to__in=["", *LeadsTo.values]), name="link_leads_to_known"),
        ]

    def __str__(self) -> str:
        return self.name


_RANK = {Confidence.OFFICIAL: 0, Confidence.UNOFFICIAL: 1, Confidence.GENERAL: 2}


def phones_for_movers() -> dict[str, tuple[Contact, ...]]:
    """By provider the numbers that movers everywhere call, with their sources: the best sourced ones only.

    A provider whose numbers differ by office is left out: which one it is depends on the place. One query.
    """
    by_provider: dict[str, list[Contact]] = defaultdict(list)
    phones = Contact.objects.select_related("source").filter(kind=ContactKind.PHONE, office=None)
    for phone in phones.filter(use__in=[ContactUse.MOVING, ContactUse.GENERAL]).order_by("id"):
        by_provider[phone.provider_id].append(phone)
    return {provider: _best(found) for provider, found in by_provider.items()}


def _best(phones: list[Contact]) -> tuple[Contact, ...]:
    best = min(_RANK[Confidence(phone.confidence)] for phone in phones)
    return tuple(phone for phone in phones if _RANK[Confidence(phone.confidence)] == best)
