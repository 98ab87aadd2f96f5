"""URLs for peer portals."""

from django.urls import path

from renrakucho.faces.relay import listings, peer_notices

app_name = "relay"
urlpatterns = [
    path("notices", peer_notices.receive_notice, name="notices"),
    path("standing", peer_notices.read_peer_notice, name="standing"),
    path("receipts", peer_notices.read_peer_receipts, name="receipts"),
    path("providers", listings.providers_listing, name="providers"),
    path("sheets/<slug:provider>/<slug:procedure>/<int:version>", listings.sheet_listing, name="sheet"),
]
