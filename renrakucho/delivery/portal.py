"""Who sends: this portal, as a provider is told it."""

from django.conf import settings

from renrakucho.channel.parcel import Portal


def this_portal() -> Portal:
    """As this installation is set up."""
    return Portal(settings.PORTAL_NAME, settings.BASE_URL, settings.CONTACT)
