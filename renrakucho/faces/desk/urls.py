"""Every address of the desk (受付窓口): the provider's staff."""

from django.urls import path

from renrakucho.faces.desk import entrance, listing, one, turns

app_name = "desk"
urlpatterns = [
    path("login", entrance.login, name="login"),
    path("logout", entrance.logout, name="logout"),
    path("", listing.listing, name="list"),
    path("notices/<uuid:notice_id>/", one.one, name="notice"),
    path("notices/<uuid:notice_id>/accept", turns.accept_it, name="accept"),
    path("notices/<uuid:notice_id>/return", turns.return_it, name="return"),
]
