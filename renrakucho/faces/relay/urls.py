"""Every address of the relay: other portals."""

from django.urls import path

from renrakucho.faces.relay import listings, notices

app_name = "relay"
urlpatterns = [
    path("notices", notices.notices, name="notices"),
    path("standing", notices.how_it_stands, name="standing"),
    path("receipts", notices.since, name="receipts"),
    path("providers", listings.providers, name="providers"),
    path("sheets/<slug:provider>/<slug:procedure>/<int:version>", listings.sheet, name="sheet"),
]
